/** Laws of every feature, all over the studies of the repository and what mistakes make of them. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diskHost } from "../../src/cli/host.ts";
import { actions } from "../../src/lsp/actions.ts";
import type { Analysis } from "../../src/lsp/analysis.ts";
import { complete } from "../../src/lsp/completion.ts";
import { definition } from "../../src/lsp/definition.ts";
import { folds } from "../../src/lsp/folding.ts";
import { hover } from "../../src/lsp/hover.ts";
import { inlays } from "../../src/lsp/inlays.ts";
import { outline } from "../../src/lsp/outline.ts";
import { nameAt, touches } from "../../src/lsp/places.ts";
import { references } from "../../src/lsp/references.ts";
import { signatureHelp } from "../../src/lsp/signature-help.ts";
import { tokens } from "../../src/lsp/tokens.ts";
import { createWorkspace } from "../../src/lsp/workspace.ts";
import { tokenize } from "../../src/syntax/tokens.ts";
import { samples, shipped } from "../format/corpus.ts";

const root = join(import.meta.dirname, "../..");
const studies = ["specs", "std"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".dl"))
    .map((name) => join(root, folder, name)),
);

function edited(path: string, text: string) {
  const workspace = createWorkspace({
    ...diskHost,
    standardModules: diskHost.standardModules,
    read: (other) => (other === path ? text : diskHost.read(other)),
  });
  return { analysis: workspace.analysis(path), workspace };
}

/** What is asked of a file as a whole. */
function askFile(analysis: Analysis): void {
  const { text } = analysis.module.file.source;
  const lines = text.split("\n").length;
  for (const { line, offset } of inlays(analysis)) {
    expect(line).toBeLessThanOrEqual(lines);
    expect(offset).toBeLessThanOrEqual(text.length);
  }
  for (const { first, last } of folds(analysis)) expect(first).toBeLessThan(last);
  outline(analysis);
  actions(analysis, 0, text.length);
  const starts = analysis.names().map(({ name }) => name.span.start);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  let end = 0;
  for (const { span } of tokens(analysis)) {
    expect(span.start).toBeGreaterThanOrEqual(end);
    end = span.end;
  }
  expect(end).toBeLessThanOrEqual(text.length);
}

/** So many of a list, from all over it. */
function some<T>(list: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, list.length / most);
  return Array.from({ length: Math.min(most, list.length) }, (_, i) => list[Math.floor(i * step)]!);
}

function askPlace(analysis: Analysis, offset: number): void {
  // Names are told by declaration.
  expect(nameAt(analysis, offset)).toBe(analysis.names().findLast(({ name }) => touches(name.span, offset)));
  hover(analysis, offset);
  signatureHelp(analysis, offset);
  definition(analysis, offset);
  references(analysis, offset);
}

test.each(studies)("%s: every feature answers all over the file", (path) => {
  const { analysis, workspace } = edited(path, diskHost.read(path)!);
  askFile(analysis);
  const all = tokenize(analysis.module.file.source);
  for (const { startOffset, endOffset } of some(all, 100)) {
    askPlace(analysis, startOffset);
    askPlace(analysis, endOffset! + 1);
  }
  // Each reads the file again.
  for (const { endOffset } of some(all, 25)) complete(analysis, endOffset! + 1, workspace.parseFile);
});

test.each(studies)("%s: every name is known, and its definition is a place that defines it", (path) => {
  const { analysis } = edited(path, diskHost.read(path)!);
  const unknown = analysis.names().filter(({ meanings }) => meanings.length === 0);
  expect(unknown.map(({ name }) => name.text)).toEqual([]);
  for (const { name } of analysis.names())
    for (const place of definition(analysis, name.span.start)) {
      if (place.end === place.start) continue;
      const module = analysis.program.modules.find(({ file }) => file.source === place.file)!;
      const made = analysis
        .names(module)
        .find((each) => each.defines && each.name.span.start === place.start);
      expect(made?.name.text, `${name.text} at ${name.span.start}`).toBeDefined();
    }
});

test("every name in the programs of the documentation is known", () => {
  const unknown: string[] = [];
  for (const { path, text } of samples.filter(
    ({ path }) => path.startsWith("docs/") && !path.includes("errors"),
  )) {
    const at = join(root, "docs", "language", "page.dl");
    const { analysis } = edited(at, text);
    if (analysis.diagnostics.some(({ severity }) => severity === "error")) continue;
    for (const { name, meanings } of analysis.names())
      if (meanings.length === 0) unknown.push(`${path}: ${name.text}`);
  }
  expect(unknown).toEqual([]);
});

/** Left out: words that need their neighbours to be seen, and what only data that are not there could tell. */
const untold = new Set(["keyword", "word", "column", "constant"]);

test("whatever stands in a study is offered where it stands", { timeout: 120_000 }, () => {
  const missing: string[] = [];
  const all = [
    ...shipped,
    ...samples.filter(({ path }) => path.startsWith("docs/") && !path.includes("errors")),
  ];
  for (const [i, { path, text }] of all.entries()) {
    const { analysis, workspace } = edited(
      path.startsWith("docs/") ? join(root, "docs/language/page.dl") : path,
      text,
    );
    if (analysis.diagnostics.some(({ severity }) => severity === "error")) continue;
    const uses = analysis.names().filter(({ defines }) => !defines);
    // Each reads the file again.
    for (const { name, meanings } of uses.filter((_, j) => (i + j) % 37 === 0)) {
      const offered = complete(analysis, name.span.end, workspace.parseFile).items.map(({ label }) => label);
      const { text: word } = name;
      const isOffered = offered.some(
        (label) =>
          label === word ||
          label === `${word}:` ||
          label.split(".").includes(word) ||
          word.endsWith(`.${label}`),
      );
      const kind = meanings[0]?.kind ?? "keyword";
      if (!isOffered && !untold.has(kind) && word !== "%") missing.push(`${path}: ${kind} ${word}`);
    }
  }
  expect(missing).toEqual([]);
});

/** A study with one token taken away, doubled, replaced by a stray sign, or everything after it gone. */
const mutations = fc
  .record({
    path: fc.constantFrom(...studies),
    token: fc.nat(),
    how: fc.constantFrom("delete", "double", "stray", "brace", "truncate", "swap"),
    place: fc.nat(),
  })
  .map(({ path, token, how, place }) => {
    const text = diskHost.read(path)!;
    const all = tokenize({ path, text });
    const { startOffset: start, endOffset, image } = all[token % all.length]!;
    const end = endOffset! + 1;
    const other = all[(token + 1) % all.length]!.image;
    const middle = {
      delete: "",
      double: `${image} ${image}`,
      stray: ")",
      brace: "{",
      truncate: "",
      swap: `${other} ${image}`,
    };
    const changed = text.slice(0, start) + middle[how] + (how === "truncate" ? "" : text.slice(end));
    return { path, text: changed, offset: place % (changed.length + 1), near: start };
  });

test("every feature answers after a mistake", () => {
  fc.assert(
    fc.property(mutations, ({ path, text, offset, near }) => {
      const { analysis, workspace } = edited(path, text);
      expect(analysis.diagnostics.every(({ span }) => span.end <= span.file.text.length)).toBe(true);
      askFile(analysis);
      for (const at of [offset, near, Math.min(near + 1, text.length)]) {
        askPlace(analysis, at);
        complete(analysis, at, workspace.parseFile);
      }
    }),
    { numRuns: 60 },
  );
});

test("every feature answers in any text", () => {
  const words = fc.constantFrom(
    ...'edition 2026 data model block recipe experiment let import std.vision { } ( ) [ ] , : = -> .. + * \n // /// " it conv dense vary over repeat for in if else branch as with where test. source. N 3 50% epochs'.split(
      " ",
    ),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 60 }), fc.nat(), (parts, place) => {
      const text = parts.join(" ");
      const { analysis, workspace } = edited("any.dl", text);
      askFile(analysis);
      const at = place % (text.length + 1);
      askPlace(analysis, at);
      complete(analysis, at, workspace.parseFile);
    }),
    { numRuns: 100 },
  );
});

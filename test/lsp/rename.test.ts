import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { diskHost } from "../../src/cli/host.ts";
import { analyse } from "../../src/lsp/analysis.ts";
import { rename, renameable } from "../../src/lsp/rename.ts";
import { isDefinition } from "../../src/study/names/meaning.ts";
import type { Plan } from "../../src/study/plan.ts";
import { apply, edit, study } from "./edited.ts";

const root = join(import.meta.dirname, "../..");
const specs = readdirSync(join(root, "specs"))
  .filter((name) => name.endsWith(".dl"))
  .map((name) => join(root, "specs", name));

/** A plan as text without the places of its parts. */
const shown = (plan: Plan | undefined): string =>
  JSON.stringify(plan, (key, value) => (key === "span" || key === "places" ? undefined : value));

describe.each(specs)("%s", (path) => {
  const text = diskHost.read(path)!;
  const before = analyse(path, diskHost);
  const defined = before.names().filter(({ defines, meanings }) => {
    const [meaning] = meanings;
    return defines && isDefinition(meaning!) && !["N", "seed"].includes(meaning.name.text);
  });

  test.each(defined.map(({ name }) => [name.text, name.span.start] as const))(
    "%s (at %i) renamed gives the same plan under another name",
    (name, offset) => {
      const to = /^[A-Z]/.test(name) ? "Renamed" : "renamed";
      const edits = rename(before, offset, to);
      const changed = apply(text, edits);
      const after = analyse(path, {
        ...diskHost,
        standardModules: [],
        read: (at) => (at === path ? changed : diskHost.read(at)),
      });
      expect(after.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      // Names of other things may be the same word: all of them are put back in both.
      const plain = (plan: Plan | undefined) => shown(plan).replaceAll(name, to);
      expect(plain(after.plan)).toBe(plain(before.plan));
    },
  );
});

const refusal = (text: string, to: string, others?: Record<string, string>) => {
  const { analysis, offset } = edit(text, others);
  return () => rename(analysis, offset, to);
};

describe("is refused", () => {
  test.each([
    [
      "for what is no name",
      study("  dense(K)").replace("model small", "model sm┆all"),
      "2 small",
      "is not a name",
    ],
    [
      "for a word that joins",
      study("  dense(K)").replace("model small", "model sm┆all"),
      "over",
      "is not a name",
    ],
    [
      "for a name of the file",
      study("  dense(K)").replace("model small", "model sm┆all"),
      "short",
      "is taken",
    ],
    [
      "where an inner name would hide it",
      study("  let a = 3\n  conv(wid┆th); conv(a)\n  flatten\n  dense(K)"),
      "a",
      "is taken",
    ],
    [
      "where a layer has the name",
      study("  conv(8) as ma┆in\n  main\n  flatten\n  dense(K)"),
      "relu",
      "relu",
    ],
    [
      "for a word of the language",
      study("  co┆nv(8)\n  flatten\n  dense(K)"),
      "x",
      "belongs to the language",
    ],
    ["for a name of std", study("  conv_bn_┆relu(8)\n  flatten\n  dense(K)"), "x", "belongs to dlc"],
    [
      "where a dimension would be no dimension",
      study("  dense(K)").replace("-> f32[N, K]", "-> f32[N, ┆K]"),
      "classes",
      "no name for a dimension",
    ],
    [
      "for the seed",
      "edition 2026\n\nexperiment e {\n  repeat s┆eed over 1 .. 6\n}\n",
      "draw",
      "keeps its name",
    ],
    ["for the batch", study("  dense(K)").replace("f32[N, H", "f32[┆N, H"), "B", "keeps its name"],
  ])("%s", (_, text, to, message) => {
    expect(refusal(text, to)).toThrow(message);
  });

  test("where nothing stands", () => {
    const { analysis } = edit("edition 2026\n\n// word\n");
    expect(() => renameable(analysis, 18)).toThrow("there is no name here");
  });
});

test("a block is renamed in the files that import it", () => {
  const blocks = "edition 2026\n\nblock unit(c: int) : f32[N, H, W, A] -> f32[N, H, W, c] {\n  conv(c)\n}\n";
  const main = study("  unit(4)\n  flatten\n  dense(K)").replace(
    "import std",
    'import "./blocks.dl" { unit }\nimport std',
  );
  const { workspace } = edit(main, { "blocks.dl": blocks });
  const own = workspace.analysis("blocks.dl");
  const edits = rename(own, blocks.indexOf("unit"), "piece", [workspace.analysis("main.dl")]);
  const inFile = (path: string) => edits.filter(({ span }) => span.file.path === path);
  expect(apply(blocks, inFile("blocks.dl"))).toBe(blocks.replace("unit", "piece"));
  expect(apply(main, inFile("main.dl"))).toBe(main.replaceAll("unit", "piece"));
});

test("a group is renamed where it is copied", () => {
  const text = study(
    "  group c1 {\n    conv(8)\n  }\n  flatten; dense(K)",
    "experiment second {\n  data = galaxies\n  model = small\n  recipe = short with { init = from(first, groups: [c1]) }\n}\n",
  );
  const { analysis } = edit(text);
  const edits = rename(analysis, text.indexOf("c1"), "stem");
  expect(apply(text, edits)).toBe(text.replaceAll("c1", "stem"));
});

test("parameters are renamed where they are given, and in paths of factors", () => {
  const text = study("  conv(width)\n  flatten\n  dense(K)")
    .replace("model = small", "model = small(width: 8)")
    .replace("repeat seed", "vary model.width over [4, 8]\n  repeat seed");
  const { analysis } = edit(text);
  expect(apply(text, rename(analysis, text.indexOf("width: int"), "channels"))).toBe(
    text.replaceAll("width", "channels"),
  );
});

test("a field is renamed where rows are split, prepared, reported", () => {
  const text = study("  flatten\n  dense(K)").replace(
    "report test.accuracy",
    "report test.accuracy by label",
  );
  const { analysis } = edit(text);
  const changed = apply(text, rename(analysis, text.indexOf("label :"), "kind"));
  expect(changed).toBe(text.replaceAll("label", "kind"));
});

test("outputs and fields are renamed where `model.`, `data.` or a network's name stands before them", () => {
  const text = study("  flatten as f\n  out label = dense(f, units: K)\n  out other = dense(f, units: 1)")
    .replace("-> f32[N, K]", "-> (label: f32[N, K], other: f32[N, 1])")
    .replace("loss = cross_entropy", "loss = cross_entropy(model.label, data.label)")
    .replace("report test.accuracy", "report test.accuracy(model.label, data.label)");
  const renamed = (before: string) => {
    const { analysis } = edit(text);
    expect(analysis.diagnostics).toEqual([]);
    const changed = apply(text, rename(analysis, text.indexOf(before) + before.length - 1, "kind"));
    expect(edit(changed).analysis.diagnostics).toEqual([]);
    return changed;
  };
  for (const place of ["-> (label", "out label", "cross_entropy(model.label"])
    expect(renamed(place)).toContain("test.accuracy(model.kind, data.label)");
  for (const place of ["target label", "by: label", "accuracy(model.label, data.label"])
    expect(renamed(place)).toContain("cross_entropy(model.label, data.kind)");
  const networks = text
    .replaceAll("model.label", "net(image).label")
    .replace("model = small", "model = { net: small, spare: small }");
  const { analysis, offset } = edit(networks.replace("(image).label", "(image).lab┆el"));
  expect(apply(networks, rename(analysis, offset, "kind"))).toContain("net(image).kind, data.label");
});

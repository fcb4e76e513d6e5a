/** How well the parser recovers, as a number: one mistake gives one diagnostic. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createReporter } from "../../src/diagnostics/diagnostic.ts";
import { parse } from "../../src/syntax/parse.ts";
import { positionAt } from "../../src/text/source.ts";
import { type Mutant, mutants } from "./mutate.ts";

const root = join(import.meta.dirname, "..", "..");
const sources = ["std", "specs"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".dl"))
    .sort()
    .map((name) => ({
      path: `${folder}/${name}`,
      text: readFileSync(join(root, folder, name), "utf8"),
    })),
);

/** Lines on which something is reported. */
function told(text: string): number[] {
  const reporter = createReporter();
  const source = { path: "mutant.dl", text };
  parse(source, reporter);
  return reporter.diagnostics.map(({ span }) => positionAt(source, span.start).line);
}

/** The suite must stay fast: about as many are tried, however many files there are. */
const tried = 500;
const all = sources.flatMap((source) =>
  mutants(source).map((mutant) => ({ ...mutant, what: `${source.path}: ${mutant.what}`, source })),
);
// Coprime to the number of mistakes at a token, so that every kind comes up.
const every = Math.max(1, Math.floor(all.length / tried / 4) * 4 + 1);
const sample = all.filter((_, i) => i % every === 0);

test("the files themselves have no mistake", () => {
  expect(sources.length).toBeGreaterThan(3);
  expect(sources.filter(({ text }) => told(text).length > 0).map(({ path }) => path)).toEqual([]);
});

test("one mistake gives one diagnostic, near the mistake; the worst gives four", () => {
  const results = sample.map((mutant) => ({ ...mutant, lines: told(mutant.text) }));
  expect(results.filter(({ lines }) => lines.length > 4).map(({ what }) => what)).toEqual([]);
  const share = (good: (typeof results)[number][], of: typeof results) => good.length / of.length;
  const wrong = results.filter(({ lines }) => lines.length > 0);
  expect(
    share(
      wrong.filter(({ lines }) => lines.length === 1),
      wrong,
    ),
  ).toBeGreaterThan(0.97);
  for (const kind of ["delete", "duplicate", "replace", "insert"] satisfies Mutant["kind"][]) {
    const faulty = results.filter((result) => result.kind === kind && result.lines.length > 0);
    expect(faulty.length).toBeGreaterThan(tried / 10);
    const one = faulty.filter(({ lines }) => lines.length === 1);
    expect(share(one, faulty), `${kind}: share with one diagnostic`).toBeGreaterThan(0.93);
    const near = one.filter(({ lines, line }) => Math.abs(lines[0]! - line) <= 1);
    expect(share(near, one), `${kind}: share told within a line`).toBeGreaterThan(0.9);
  }
}, 240_000);

test("a file that ends anywhere gives at most two diagnostics: a string, and a bracket", () => {
  for (const { path, text } of sources)
    for (let end = 0; end < text.length; end += Math.ceil(text.length / 40))
      expect(told(text.slice(0, end)).length, `${path} cut at ${end}`).toBeLessThanOrEqual(2);
});

test("what is silent about what follows from a mistake still tells the next one", () => {
  const files = sources.filter(({ text }) => (text.match(/^}/gm)?.length ?? 0) > 1 && text.endsWith("\n}\n"));
  const both = files.flatMap((source) => {
    const own = sample.filter((mutant) => mutant.source === source && mutant.kind === "replace");
    const middle = source.text.indexOf("\n}\n") + 3;
    return own.flatMap((mutant) => {
      const early = mutant.at < middle - 3 && told(mutant.text).length === 1;
      // A second mistake, in the last declaration.
      return early ? [told(mutant.text.replace(/\n\}\s*$/, "\n  batch = = 3\n}\n")).length] : [];
    });
  });
  expect(both.length).toBeGreaterThan(10);
  expect(both.filter((count) => count >= 2).length / both.length).toBeGreaterThan(0.95);
});

test.each([
  ["nothing", ""],
  ["blanks", " \n\t\n  "],
  ["brackets without end", "(".repeat(20_000)],
  ["braces without end", "data x {\n".repeat(3000)],
  ["closing brackets without end", "}])".repeat(5000)],
  ["a bracket closed as another, and one without end", "let a = [1)("],
  ["quotes", '"'.repeat(5000)],
  ["signs", "-> .. : = , . ; ^ # ! ' @ $ ~ \\ ? | & < > % `".repeat(200)],
  ["a line without end", `data x { a = ${"1 + ".repeat(5000)}1 }`],
  ["unary minus without end", `let a = ${"-".repeat(5000)}1`],
  ["nested calls", `let a = ${"f(".repeat(3000)}${")".repeat(3000)}`],
  ["nested blocks", `model m : f32[N] -> f32[N] ${"{ group a ".repeat(2000)}${"}".repeat(2000)}`],
  ["no text at all", "\u0000\u0001\ufffe\ud800"],
])("never an exception, never a hang: %s", (_, text) => {
  expect(told(text).length).toBeLessThan(5000);
});

/** Parsing what has changed gives what parsing everything gives. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReporter } from "../../src/diagnostics/diagnostic.ts";
import type { File } from "../../src/syntax/ast.ts";
import { parse } from "../../src/syntax/parse.ts";
import { reparse } from "../../src/syntax/reparse.ts";
import { mutants } from "./mutate.ts";

const root = join(import.meta.dirname, "..", "..");
const sources = ["std", "specs"].flatMap((folder) =>
  readdirSync(join(root, folder), { encoding: "utf8" })
    .filter((name) => name.endsWith(".dl"))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), "utf8") })),
);

function parsed(path: string, text: string): { readonly file: File; readonly told: number } {
  const reporter = createReporter();
  const file = parse({ path, text }, reporter);
  return { file, told: reporter.diagnostics.length };
}

/** Undefined where all was to be parsed. */
function compared(before: File, text: string): boolean | undefined {
  const { path } = before.source;
  const found = reparse(before, { path, text });
  if (!found) return undefined;
  const { file, told } = parsed(path, text);
  expect(told, text).toBe(0);
  expect(found).toEqual(file);
  return true;
}

describe("a text that differs in one place", () => {
  it("is parsed there, as all of it would be", () => {
    const all = sources.flatMap((source) => {
      const { file } = parsed(source.path, source.text);
      return mutants(source).map(({ text }) => ({ file, text }));
    });
    const sample = all.filter((_, i) => i % Math.ceil(all.length / 600) === 0);
    const reused = sample.filter(({ file, text }) => compared(file, text));
    // Most mistakes are none that the parser finds: another name, another number.
    expect(reused.length).toBeGreaterThan(sample.length / 10);
  });

  it("may have any part cut, doubled or put elsewhere", () => {
    const files = sources.map(({ path, text }) => parsed(path, text).file);
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const piece = fc.constantFrom(
      "", " ", "\n", "\n\n", "}", "{", "in", "or", "// a\n", "/// a\n", "//! a\n", "edition 2026\n", "let a = 1", "with { }",
      "let a = 1 +", "-", ",", ";", "block a() : f32[N] -> f32[N] { relu }\n",
    ); // biome-ignore format: a table
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        place,
        place,
        piece,
        fc.boolean(),
        (file, from, length, put, lines) => {
          const { text } = file.source;
          let begin = Math.floor(from * text.length);
          let end = Math.min(text.length, begin + Math.floor(length ** 4 * 400));
          // Whole lines are cut more often than parts of them.
          if (lines) [begin, end] = [text.lastIndexOf("\n", begin) + 1, text.indexOf("\n", end) + 1];
          if (end < begin) return;
          compared(file, text.slice(0, begin) + put + text.slice(end));
        },
      ),
      { numRuns: 400 },
    );
  });

  it("is parsed whole where its head has changed, and after a mistake", () => {
    const { file } = parsed("a.dl", "edition 2026\nlet a = 1\nlet b = 2\nlet c = 3\nlet d = 4\n");
    const changed = (from: string, to: string) =>
      reparse(file, { path: "a.dl", text: file.source.text.replace(from, to) });
    expect(changed("2026", "2027")).toBeUndefined();
    expect(changed("c = 3", "c =")).toBeUndefined();
    expect(changed("d = 4", "d = 44")?.declarations).toHaveLength(4);
    expect(changed("let c", "//! c\nlet c")).toBeUndefined();
    expect(changed("let c", "edition 2026\nlet c")).toBeUndefined();
  });
});

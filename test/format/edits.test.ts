import fc from "fast-check";
import { expect, test } from "vitest";
import { format, lineEdits } from "../../src/format/edits.ts";
import type { Edit } from "../../src/text/source.ts";

function apply(text: string, edits: readonly Edit[]): string {
  return edits.reduceRight(
    (current, { span, text: replacement }) =>
      current.slice(0, span.start) + replacement + current.slice(span.end),
    text,
  );
}

const lines = fc.array(fc.constantFrom("a", "b", "c", "", "d e"), { maxLength: 12 });
const texts = fc.tuple(lines, fc.boolean()).map(([all, ends]) => all.join("\n") + (ends ? "\n" : ""));

test("the edits of one text make the other, in order, and touch no line that stays", () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const edits = lineEdits({ path: "a.dl", text: before }, after);
      expect(apply(before, edits)).toBe(after);
      for (const [i, { span, text }] of edits.entries()) {
        expect(before.slice(span.start, span.end)).not.toBe(text);
        expect(span.start).toBeGreaterThan(edits[i - 1]?.span.end ?? -1);
      }
    }),
    { numRuns: 1000 },
  );
});

test("as many lines as can be stay as they are", () => {
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      const [before, after] = [a, b].map((all) => all.map((line) => `${line}\n`));
      const edits = lineEdits({ path: "a.dl", text: before!.join("") }, after!.join(""));
      const gone = edits.reduce(
        (sum, { span }) => sum + before!.join("").slice(span.start, span.end).split("\n").length - 1,
        0,
      );
      expect(before!.length - gone).toBe(longestCommon(before!, after!));
    }),
    { numRuns: 300 },
  );
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    b.forEach((other, j) => {
      next.push(one === other ? row[j]! + 1 : Math.max(next[j]!, row[j + 1]!));
    });
    row = next;
  }
  return row[b.length]!;
}

test("one line out of place gives one edit of that line", () => {
  const text = "edition 2026\n\nlet a = 1\nlet  b = 2\nlet c = 3\n";
  const edits = format({ path: "a.dl", text });
  expect(edits.map(({ span, text: replacement }) => [text.slice(span.start, span.end), replacement])).toEqual(
    [["let  b = 2\n", "let b = 2\n"]],
  );
});

test("a file with syntax errors is left alone", () => {
  expect(format({ path: "a.dl", text: "let  a = (1\n" })).toEqual([]);
});

test("how lines end stays as it is, and is no change", () => {
  const text = "edition 2026\n\nlet a = 1\nlet b = 2\n";
  for (const ending of ["\r\n", "\r"]) {
    const written = text.replaceAll("\n", ending);
    expect(format({ path: "a.dl", text: written })).toEqual([]);
    const edits = format({ path: "a.dl", text: written.replace("a = 1", "a=1") });
    expect(edits.map(({ text: each }) => each)).toEqual([`let a = 1${ending}`]);
  }
});

test("a long text of which every line is another one is soon told", { timeout: 10_000 }, () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `let a${i} = 1`);
  const before = ["edition 2026", ...lines.map((line) => `  ${line}`), "// the end"].join("\n");
  const after = ["edition 2026", ...lines, "// the end"].join("\n");
  const edits = lineEdits({ path: "a.dl", text: before }, after);
  expect(edits).toHaveLength(1);
  expect(apply(before, edits)).toBe(after);
  expect(edits[0]!.span.start).toBe("edition 2026\n".length);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { cover, describePlace, lineText, positionAt, type SourceFile } from "../../src/text/source.ts";

const file = (text: string): SourceFile => ({ path: "specs/a.dl", text });

/** Lines of few letters, with any line end, as editors write them. */
const texts = fc
  .array(fc.tuple(fc.constantFrom("", "a", "let é = 1", "𝛼 and b"), fc.constantFrom("\n", "\r\n", "\r")), {
    maxLength: 6,
  })
  .map((lines) => lines.map(([line, end]) => line + end).join(""));

test("lines and columns count from 1, in UTF-16 code units", () => {
  const source = file("ab\n𝛼c\n");
  expect(positionAt(source, 0)).toEqual({ line: 1, column: 1 });
  expect(positionAt(source, 2)).toEqual({ line: 1, column: 3 });
  expect(positionAt(source, 3)).toEqual({ line: 2, column: 1 });
  expect(positionAt(source, source.text.indexOf("c"))).toEqual({ line: 2, column: 3 });
  expect(positionAt(source, source.text.length)).toEqual({ line: 3, column: 1 });
});

test("a place is as many lines and columns into the text as its position says", () => {
  fc.assert(
    fc.property(texts, fc.nat({ max: 60 }), (text, n) => {
      const offset = Math.min(n, text.length);
      // Between the two halves of a line end a line has not ended yet.
      const isWithin = text[offset - 1] === "\r" && text[offset] === "\n";
      const before = `${text.slice(0, offset - Number(isWithin))}${isWithin ? "x" : ""}`.split(/\r\n|\r|\n/);
      const { line, column } = positionAt(file(text), offset);
      expect([line, column]).toEqual([before.length, before.at(-1)!.length + 1]);
    }),
  );
});

test("the lines of a text, joined, are the text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const source = file(text);
      const count = positionAt(source, text.length).line;
      const lines = Array.from({ length: count }, (_, i) => lineText(source, i + 1));
      expect(lines.join("\n")).toBe(text.replace(/\r\n|\r/g, "\n"));
    }),
  );
});

test("a line has no line end, and there is nothing past the last one", () => {
  const source = file("one\r\ntwo");
  expect([1, 2, 3].map((line) => lineText(source, line))).toEqual(["one", "two", ""]);
});

test("two spans are covered by the smallest that holds both", () => {
  const source = file("let a = b + c");
  const [left, right] = [
    { file: source, start: 4, end: 5 },
    { file: source, start: 8, end: 13 },
  ];
  const whole = { file: source, start: 4, end: 13 };
  expect(cover(left, right)).toEqual(whole);
  expect(cover(right, left)).toEqual(whole);
  expect(cover(whole, left)).toEqual(whole);
});

test("a place is written as editors and terminals open it", () => {
  const source = file("edition 2026\n  let a = 1\n");
  expect(describePlace({ file: source, start: 15, end: 18 })).toBe("specs/a.dl:2:3");
});

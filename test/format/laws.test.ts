/** Laws of the formatter, for every text of the repository, written in every way, and for programs made at random. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatText } from "../../src/format/format.ts";
import { samples, shipped } from "./corpus.ts";
import { expectLaws } from "./laws.ts";
import { isClean, mutate, mutations } from "./mutate.ts";

const readable = samples.filter(({ text }) => isClean(text));

test.each(shipped)("$path is formatted", ({ path, text }) => {
  expect(formatText({ path, text }).text).toBe(text);
});

describe.each(readable)("$path", ({ text }) => {
  test("is formatted once and for all, and says the same", () => {
    expectLaws(text);
  });
});

test("a text says the same however it was written", () => {
  fc.assert(
    fc.property(fc.constantFrom(...readable), mutations, ({ text }, changes) => {
      expectLaws(mutate(text, changes));
    }),
    { numRuns: 100 },
  );
});

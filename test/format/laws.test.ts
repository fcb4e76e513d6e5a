/** Laws of the formatter, for every text of the repository, written in every way, and for programs made at random. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatText } from "../../src/format/format.ts";
import { samples, shipped } from "./corpus.ts";
import { expectLaws } from "./laws.ts";
import { isClean, mutate, mutations } from "./mutate.ts";
import { programs } from "./programs.ts";

const readable = samples.filter(({ text }) => isClean(text));

test.each(shipped)("$path is formatted", ({ path, text }) => {
  expect(formatText({ path, text }).text).toBe(text);
});

test.each(readable)("$path says the same and is formatted once and for all", ({ text }) => {
  expectLaws(text);
});

test("a text says the same however it was written", () => {
  const paths = fc.constantFrom(...readable.map(({ path }) => path));
  fc.assert(
    fc.property(paths, mutations, (path, changes) => {
      expectLaws(mutate(readable.find((each) => each.path === path)!.text, changes));
    }),
    { numRuns: 40 },
  );
});

test("a program made at random says the same however it was written", () => {
  fc.assert(
    fc.property(programs, mutations, (text, changes) => {
      fc.pre(isClean(text));
      expectLaws(mutate(text, changes));
    }),
    { numRuns: 60 },
  );
});

import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellWord } from "../../src/text/shell.ts";

test("what needs no quotes has none", () => {
  expect(["a/b-c.dl", "x.lr=1e-3", "größe.dl"].map(shellWord)).toEqual(["a/b-c.dl", "x.lr=1e-3", "größe.dl"]);
});

test("a shell reads the word back", () => {
  const word = fc
    .string({ unit: fc.constantFrom(..."ab ö'\"$`\\*;&|<>()#!~\t") })
    .filter((each) => each !== "");
  fc.assert(
    fc.property(word, (text) => {
      expect(execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
    }),
    { numRuns: 30 },
  );
});

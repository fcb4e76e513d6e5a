/** What is generated from the parser: the grammar as text and diagrams, and the grammar for editors. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { grammarFiles } from "../../setup/grammar.ts";

const root = join(import.meta.dirname, "..", "..");
const files = grammarFiles();

test.each([...files.keys()])("%s is fresh: node setup/generate.mjs", (path) => {
  expect(readFileSync(join(root, path), "utf8")).toBe(files.get(path));
});

test("every rule that the grammar names is defined, and every rule but the file is used", () => {
  const text = files.get("grammar/dlc.ebnf")!;
  const defined = [...text.matchAll(/^(\w+)\s+=/gm)].map((match) => match[1]!);
  const right = text.replace(/^(\w+)(?=\s+=)/gm, "").replace(/"[^"]*"|\(\*.*?\*\)|= \/.*\/ \.$/gm, "");
  const used = new Set(right.match(/\w+/g));
  const whole = ["file", "comment", "newline"];
  expect([...used].filter((name) => !defined.includes(name))).toEqual([]);
  expect(defined.filter((name) => !used.has(name) && !whole.includes(name))).toEqual([]);
});

test("a tolerated mistake is no part of the grammar", () => {
  const text = files.get("grammar/dlc.ebnf")!;
  expect(text).toContain('argument = [ name ":" ] expression .');
  expect(text).toContain('list = "[" [ expression { "," expression } [ "," ] ] "]" .');
});

test("diagrams lead to each other", () => {
  const page = files.get("docs/language/grammar.html")!;
  const ids = new Set([...page.matchAll(/ id="(\w+)"/g)].map((match) => match[1]!));
  const links = new Set([...page.matchAll(/href="#(\w+)"/g)].map((match) => match[1]!));
  expect([...links].filter((name) => !ids.has(name))).toEqual([]);
  expect(page).not.toContain("NaN");
});

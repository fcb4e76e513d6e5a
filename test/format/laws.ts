/** What holds of the formatting of every text. */
import { expect } from "vitest";
import { createReporter } from "../../src/diagnostics/diagnostic.ts";
import { formatText } from "../../src/format/format.ts";
import { parse } from "../../src/syntax/parse.ts";
import * as t from "../../src/syntax/tokens.ts";
import { sketch } from "../syntax/trees.ts";

export function treeOf(text: string) {
  const reporter = createReporter();
  const tree = parse({ path: "law.dl", text }, reporter);
  return { tree: sketch(tree), clean: reporter.diagnostics.length === 0 };
}

export function commentsOf(text: string): string[] {
  return t
    .tokenize({ path: "", text })
    .filter(({ tokenType }) => [t.Comment, t.Doc, t.FileDoc].includes(tokenType))
    .map(({ image }) => image.trimEnd());
}

/** The same tree and comments; formatted once and for all; no stray blanks. */
export function expectLaws(text: string): string {
  const once = formatText({ path: "law.dl", text }).text;
  if (once === undefined) throw new Error("the text has syntax errors");
  expect(treeOf(once)).toEqual(treeOf(text));
  expect(commentsOf(once)).toEqual(commentsOf(text));
  expect(formatText({ path: "law.dl", text: once }).text).toBe(once);
  expect(once).not.toMatch(/[ \t\r]\n|\n\n\n|^\n|\n\n$/);
  expect(once === "" || once.endsWith("\n")).toBe(true);
  return once;
}

/** The same program as another hand would have written it: other blanks, newlines, comments, separators. */
import fc from "fast-check";
import { createReporter } from "../../src/diagnostics/diagnostic.ts";
import { parse } from "../../src/syntax/parse.ts";
import * as t from "../../src/syntax/tokens.ts";

const gaps = [
  "", " ", "   ", "\t", "\n", "\n\n\n", "\r\n  ", ";", " ;\n", ", ", ",\n", " // why\n", "\n// own\n", "\n\n// apart\n\n",
  " //^ up\n", "\n// one\n  // two\n",
]; // biome-ignore format: a table

export type Mutation = readonly [place: number, gap: string];

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.tuple(fc.nat({ max: 99_999 }), fc.constantFrom(...gaps)),
  { minLength: 1, maxLength: 12 },
);

export function isClean(text: string): boolean {
  const reporter = createReporter();
  parse({ path: "law.dl", text }, reporter);
  return reporter.diagnostics.length === 0;
}

/** Replaces what stands between two tokens; what would be a mistake is left out. */
export function mutate(text: string, of: readonly Mutation[]): string {
  return of.reduce((current, [place, gap]) => {
    const tokens = t.tokenize({ path: "", text: current }).filter(({ tokenType }) => tokenType !== t.Newline);
    if (tokens.length === 0) return current;
    const after = tokens[place % tokens.length]!;
    const before = tokens[(place % tokens.length) - 1];
    const comment = before && [t.Comment, t.Doc, t.FileDoc].includes(before.tokenType);
    const start = before ? before.endOffset! + 1 : 0;
    const tried = `${current.slice(0, start)}${comment ? "\n" : ""}${gap}${current.slice(after.startOffset)}`;
    return isClean(tried) ? tried : current;
  }, text);
}

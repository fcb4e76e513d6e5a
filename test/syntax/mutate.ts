/** One-token mistakes, as a person at a keyboard makes them. */

import { tokenize } from "../../src/syntax/tokens.ts";
import type { SourceFile } from "../../src/text/source.ts";

export interface Mutant {
  /** What was done, and where: `delete "{" at 12`. */
  readonly what: string;
  readonly kind: "delete" | "duplicate" | "replace" | "insert";
  readonly text: string;
  readonly at: number;
  readonly line: number;
}

/** What slips in: every bracket, every separator, a word and a number. */
const strays = [")", "(", "]", "[", "}", "{", ",", ":", "=", ";", ".", "-", "stray", "7", '"'];

/** Every mistake at every token of a file; replaced and inserted tokens take turns. Comments stay as they are. */
export function mutants(source: SourceFile): Mutant[] {
  const { text } = source;
  const found: Mutant[] = [];
  let turn = 0;
  for (const token of tokenize(source)) {
    if (token.image.startsWith("//")) continue;
    const [start, end] = [token.startOffset, token.endOffset! + 1];
    const add = (kind: Mutant["kind"], what: string, written: string, until = end) =>
      found.push({
        kind,
        at: start,
        line: token.startLine!,
        what: `${kind} ${what} at ${start}`,
        text: apart(text.slice(0, start), written) + apart(written, text.slice(until)) + text.slice(until),
      });
    const shown = JSON.stringify(token.image);
    const next = () => strays[turn++ % strays.length]!;
    const [other, before] = [next(), next()];
    add("delete", shown, "", text[end] === " " ? end + 1 : end);
    add("duplicate", shown, `${token.image} ${token.image}`);
    add("replace", `${shown} by ${other}`, other);
    add("insert", `${before} before ${shown}`, `${before} `, start);
  }
  return found;
}

/** `left`, and a blank where the two would become one word. */
function apart(left: string, right: string): string {
  return /[\p{L}\p{N}_.]$/u.test(left) && /^[\p{L}\p{N}_.]/u.test(right) ? `${left} ` : left;
}

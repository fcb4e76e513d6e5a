/** A file divided into its declarations, by what stands in the first column: a mistake in one does not reach the next. */
import type { IToken } from "chevrotain";
import { beginsDeclaration } from "./lines.ts";
import { type Closer, closerOf } from "./nesting.ts";
import * as t from "./tokens.ts";

export interface Region {
  readonly tokens: readonly IToken[];
  /** How many brackets are opened that no such `)`, `]`, `}` closes; below 0, how many close nothing. */
  readonly surplus: Record<Closer, number>;
  /** What begins the region after it. */
  readonly next: IToken | undefined;
}

export function regionsOf(tokens: readonly IToken[]): Region[] {
  const starts = [0];
  let depth = 0;
  let column = 1;
  for (const [i, token] of tokens.entries()) {
    const first = i > 0 && tokens[i - 1]!.tokenType === t.Newline && token.tokenType !== t.Newline;
    if (
      first &&
      (beginsPlainly(tokens, i) || (depth === 0 && token.startColumn! <= column && isWord(token)))
    ) {
      starts.push(i);
      depth = 0;
      column = token.startColumn!;
    }
    if (t.openers.has(token.tokenType)) depth++;
    else if (t.closers.has(token.tokenType)) depth = Math.max(0, depth - 1);
  }
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? tokens.length;
    return { tokens: tokens.slice(start, end), surplus: surplusOf(tokens, start, end), next: tokens[end] };
  });
}

function surplusOf(tokens: readonly IToken[], start: number, end: number): Region["surplus"] {
  const surplus = { ")": 0, "]": 0, "}": 0 };
  for (let i = start; i < end; i++) {
    const token = tokens[i]!;
    const opened = closerOf(token);
    if (opened) surplus[opened]++;
    else if (t.closers.has(token.tokenType)) surplus[token.image as Closer]--;
  }
  return surplus;
}

function isWord(token: IToken): boolean {
  return token.tokenType === t.Word && !t.jointWords.has(token.image);
}

/** A declaration in the first column, also after something that does not belong there. */
function beginsPlainly(tokens: readonly IToken[], index: number): boolean {
  const { startColumn, image } = tokens[index]!;
  if (startColumn !== 1) return false;
  // `vary model over { ... }` is a statement.
  return (
    beginsDeclaration(tokens, index) || (!t.headWords.has(image) && beginsDeclaration(tokens, index + 1))
  );
}

/**
 * The layout pass, between lexer and parser. It hands on lines, each whole in its brackets, with every `{ ... }` folded into one
 * token that holds its own lines. So a mistake stays in its line.
 */
import type { IToken } from "chevrotain";
import { balance } from "./balance.ts";
import { isDeclarationAt, isForeignImport } from "./lines.ts";
import type { Reading } from "./readable.ts";
import * as t from "./tokens.ts";

/** One logical line: a statement, mostly. */
export interface Line {
  readonly tokens: IToken[];
  /** A mistake in it has been reported already; the parser stays silent. */
  damaged: boolean;
}

export interface BlockToken extends IToken {
  block: { readonly lines: Line[]; readonly open: IToken };
}

/** Lays out the tokens of a file. Lines that belong to no declaration have been reported, and are left out. */
export function layOut(reading: Reading): Line[] {
  let stray = false;
  return fold(balance(reading), reading.flagged).filter(({ tokens }) => {
    const declares = isDeclarationAt(tokens, 0, stray);
    stray = !declares && !isForeignImport(tokens);
    return declares;
  });
}

/** Tokens whose brackets match as lines. */
function fold(tokens: readonly IToken[], flagged: ReadonlySet<number>): Line[] {
  interface Level {
    readonly lines: Line[];
    line: IToken[];
    readonly block: BlockToken | undefined;
  }
  const root: Level = { lines: [], line: [], block: undefined };
  const levels = [root];
  const top = () => levels[levels.length - 1]!;
  const endLine = (level: Level) => {
    if (level.line.length === 0) return;
    const damaged = level.line.some((token) => flagged.has(token.startLine!));
    level.lines.push({ tokens: level.line, damaged });
    level.line = [];
  };
  for (const token of tokens) {
    if (token.tokenType === t.OpenBrace) {
      const lines: Line[] = [];
      const block = { ...t.retype(token, t.Block), block: { lines, open: token } };
      top().line.push(block);
      levels.push({ lines, line: [], block });
    } else if (token.tokenType === t.CloseBrace) {
      const { block } = top();
      endLine(levels.pop()!);
      Object.assign(block!, {
        endOffset: token.endOffset,
        endLine: token.endLine,
        endColumn: token.endColumn,
      });
    } else if (token.tokenType !== t.Newline) top().line.push(token);
    else endLine(top());
  }
  return root.lines;
}

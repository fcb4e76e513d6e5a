/** What the bracket pass writes: tokens, and which brackets and statements are open in them. */
import type { IToken, TokenType } from "chevrotain";
import * as t from "./tokens.ts";

export type Closer = ")" | "]" | "}";

/** A bracket that is open. */
export interface Frame {
  readonly token: IToken;
  readonly closer: Closer;
  /** The column at which the statement begins that opens it. */
  readonly indent: number;
  /** Its place in the output. */
  readonly at: number;
  /** The tokens of the statement being read, for `{`. */
  line: IToken[];
  /** Supplied here: its `}` may be lacking too. */
  readonly supplied: boolean;
}

export interface Nesting {
  readonly out: IToken[];
  readonly stack: Frame[];
  top(): Frame | undefined;
  /** The innermost bracket, if it is `(` or `[`. */
  round(): Frame | undefined;
  /** The tokens of the statement being read. */
  line(): IToken[];
  emit(token: IToken): void;
  open(token: IToken, supplied?: boolean): void;
  /** Takes the innermost bracket for none. */
  drop(): void;
  /** Ends the innermost bracket with a token that closes it, whatever the token was. */
  close(token: IToken): void;
  /** Ends the innermost bracket with a token that the text lacks. */
  closeAfter(previous: IToken): void;
  /** Returns the statement. */
  endStatement(token: IToken): IToken[];
}

const closers: Readonly<Record<string, Closer>> = { "(": ")", "[": "]", "{": "}" };
const types: Readonly<Record<string, TokenType>> = {
  "(": t.OpenRound, "[": t.OpenSquare, ")": t.CloseRound, "]": t.CloseSquare, "}": t.CloseBrace,
}; // biome-ignore format: a table

/** What closes a bracket; undefined for any other token. */
export function closerOf(token: IToken): Closer | undefined {
  return t.openers.has(token.tokenType) ? closers[token.image] : undefined;
}

/** The token as another bracket. */
export function asBracket(token: IToken, image: string): IToken {
  return { ...t.retype(token, types[image]!), image };
}

export function createNesting(): Nesting {
  const out: IToken[] = [];
  const stack: Frame[] = [];
  let rootLine: IToken[] = [];
  const top = () => stack[stack.length - 1];
  const host = () => stack.findLast((frame) => frame.closer === "}");
  /** What is asked for at every token: found anew where a bracket opens or closes. */
  let now = rootLine;
  const findLine = () => {
    now = host()?.line ?? rootLine;
  };
  const emit = (token: IToken) => {
    out.push(token);
    now.push(token);
  };
  const drop = () => {
    const frame = stack.pop()!;
    findLine();
    return frame;
  };
  const close = (token: IToken) => {
    const { closer } = drop();
    emit(token.image === closer ? token : asBracket(token, closer));
  };
  return {
    out,
    stack,
    top,
    round() {
      const frame = top();
      return frame && frame.closer !== "}" ? frame : undefined;
    },
    line: () => now,
    drop,
    emit,
    open(token, supplied = false) {
      const indent = now[0]?.startColumn ?? token.startColumn!;
      emit(token);
      stack.push({ token, closer: closerOf(token)!, indent, at: out.length - 1, line: [], supplied });
      findLine();
    },
    close,
    closeAfter(previous) {
      const { closer } = top()!;
      close(t.virtual(types[closer]!, closer, previous));
    },
    endStatement(token) {
      out.push(t.retype(token, t.Newline));
      const ended = now;
      const frame = host();
      if (frame) frame.line = [];
      else rootLine = [];
      findLine();
      return ended;
    },
  };
}

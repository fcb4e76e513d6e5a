/** What the parser did not understand, in words: what was expected, what was found. */
import type { IRecognitionException, IToken } from "chevrotain";
import { explainHabit } from "./explain-habit.ts";
import * as messages from "./messages.ts";
import * as t from "./tokens.ts";
import { at, type Building, report, spanOf } from "./tree.ts";

/** What a rule needs where none of its ways begins. */
const needs: Readonly<Record<string, string>> = {
  operand: "a value",
  expression: "a value",
  type: "a type",
  ports: "a type",
  path: "a name",
  declaration: "`{` or `=`",
  importDeclaration: "`std.name` or a string",
  repeat: "`{` or `over`",
  condition: "`{` or `if`",
};

export function explainError(b: Building, error: IRecognitionException, tokens: readonly IToken[]): void {
  if (explainHabit(b, tokens, error.token)) return;
  const ended = error.token.tokenType.name === "EOF";
  const last = tokens[tokens.length - 1]!;
  const previous = previousOf(error, tokens);
  const rule = error.context.ruleStack.at(-1) ?? "";
  let expected = expectedToken(error) ?? needs[rule] ?? "a value";
  if (rule === "type") expected = needs.type!;
  if (rule === "declaration" && error.token.tokenType === t.Word && previous?.tokenType === t.Word)
    expected = "`:`";
  if (previous && !expected.includes(" after ")) expected += ` after \`${shown(previous)}\``;
  const span = ended ? at(b, last.endOffset! + 1) : spanOf(b, error.token);
  const place = error.token.tokenType === t.Block ? { ...span, end: span.start + 1 } : span;
  const found = ended ? "the end of the line" : `\`${shown(error.token)}\``;
  if (error.name === "NotAllInputParsedException") {
    report(b, messages.unexpected, { expected: `the end of the line${after(previous)}`, found }, place);
    return;
  }
  report(b, messages.unexpected, { expected, found }, place, { hint: wayOf(rule, error.token) });
}

/** How a statement goes on that was left in its middle. */
const ways: Readonly<Record<string, string>> = {
  importDeclaration: "say which names: `import std.vision { conv_bn_relu, residual }`",
  choose: "say what decides: `by max(valid.accuracy)`",
  vary: "say over what: `over [1, 2, 3]` or `over { a: ..., b: ... }`",
  compare: "two levels, and on what: `compare a - b on test.accuracy paired by seed`",
};

function wayOf(rule: string, token: IToken): string | undefined {
  if (rule === "compare" && token.tokenType === t.Numeral)
    return "give levels that are numbers names, `over { three: 3, five: 5 }`, and compare those: `five - three`";
  return ways[rule];
}

function after(previous: IToken | undefined): string {
  return previous ? ` after \`${shown(previous)}\`` : "";
}

function shown(token: IToken): string {
  if (token.tokenType === t.Block) return "{";
  return token.image.length > 30 ? `${token.image.slice(0, 28)}...` : token.image;
}

/** The token before the one that was not understood, where it stands. */
function previousOf(error: IRecognitionException, tokens: readonly IToken[]): IToken | undefined {
  if (error.token.tokenType.name === "EOF") return tokens[tokens.length - 1];
  const index = tokens.indexOf(error.token);
  return index > 0 ? tokens[index - 1] : undefined;
}

function expectedToken(error: IRecognitionException): string | undefined {
  const match = /^expected:(.*)$/.exec(error.message);
  return match?.[1] === "EOF" ? "the end of the line" : match?.[1];
}

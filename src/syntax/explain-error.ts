/** What the parser did not understand, in words: what was expected, what was found. */

import * as messages from "./messages.ts";
import type { Mistake } from "./parse-line.ts";
import type { Token } from "./tokens.ts";
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

export function explainError(b: Building, mistake: Mistake, tokens: readonly Token[]): void {
  const { token, rule } = mistake;
  const last = tokens[tokens.length - 1]!;
  const previous = previousOf(token, tokens);
  let expected = expectedIn(mistake) ?? needs[rule ?? ""] ?? "a value";
  if (rule === "type") expected = needs.type!;
  if (rule === "declaration" && token?.tokenType === t.Word && previous?.tokenType === t.Word)
    expected = "`:`";
  if (previous && !expected.includes(" after ")) expected += ` after \`${shown(previous)}\``;
  const span = token ? spanOf(b, token) : at(b, last.endOffset + 1);
  const place = token?.tokenType === t.Block ? { ...span, end: span.start + 1 } : span;
  const found = token ? `\`${shown(token)}\`` : "the end of the line";
  report(b, messages.unexpected, { expected, found }, place, { hint: wayOf(rule, token) });
}

/** How a statement goes on that was left in its middle. */
const ways: Readonly<Record<string, string>> = {
  importDeclaration: "say which names: `import std.vision { conv_bn_relu, residual }`",
  choose: "say what decides: `by max(valid.accuracy)`",
  parenthesis: "a list stands in square brackets, as `[3, 3]`",
  vary: "say over what: `over [1, 2, 3]` or `over { a: ..., b: ... }`",
  compare: "two levels, and on what: `compare a - b on test.accuracy paired by seed`",
};

function wayOf(rule: string | undefined, token: Token | undefined): string | undefined {
  if (rule === "compare" && token?.tokenType === t.Numeral)
    return "give levels that are numbers names, `over { three: 3, five: 5 }`, and compare those: `five - three`";
  return rule === undefined ? undefined : ways[rule];
}

function shown(token: Token): string {
  if (token.tokenType === t.Block) return "{";
  return token.image.length > 30 ? `${token.image.slice(0, 28)}...` : token.image;
}

/** The token before the one that was not understood, where it stands. */
function previousOf(token: Token | undefined, tokens: readonly Token[]): Token | undefined {
  if (!token) return tokens[tokens.length - 1];
  const index = tokens.indexOf(token);
  return index > 0 ? tokens[index - 1] : undefined;
}

function expectedIn({ expected }: Mistake): string | undefined {
  return expected === "end" ? "the end of the line" : expected?.label;
}

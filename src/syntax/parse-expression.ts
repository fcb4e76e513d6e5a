import type { IToken } from "chevrotain";
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { SourceFile, Span } from "../text/source.ts";
import type { Expr } from "./ast.ts";
import { expressionOf } from "./build-statement.ts";
import { classifyEntries } from "./classify.ts";
import { explainError } from "./explain-error.ts";
import { parseLine } from "./grammar.ts";
import { layOut } from "./layout.ts";
import * as messages from "./messages.ts";
import { readable } from "./readable.ts";
import * as t from "./tokens.ts";
import { type Building, report } from "./tree.ts";

/**
 * The expression that a source holds from `from` to its end: the value of `--set baseline.batch=64`. Undefined after a report
 * (DL10xx).
 */
export function parseExpression(source: SourceFile, from: number, reporter: Reporter): Expr | undefined {
  const { path, text } = source;
  const whole: Span = { file: source, start: from, end: text.length };
  // Blanks in place of what stands before keep all places right.
  const reading = readable(t.tokenize({ path, text: " ".repeat(from) + text.slice(from) }), source, reporter);
  const b: Building = { source, reporter, flagged: reading.flagged, doc: () => undefined, quiet: false };
  const second = secondStatement(reading.tokens);
  if (second) {
    const span = { file: source, start: second.startOffset, end: second.startOffset + 1 };
    report(b, messages.unexpected, { expected: "one value", found: "a second line" }, span);
    return undefined;
  }
  // A file holds declarations: the expression is laid out as the value of one.
  const header = t.tokenize({ path, text: "let value =" }).map((token) => ({
    ...token,
    startOffset: from,
    endOffset: from - 1,
  }));
  const [line] = layOut({ ...reading, tokens: [...header, ...reading.tokens] });
  const value = classifyEntries(line?.tokens.slice(header.length) ?? []);
  b.quiet = line?.damaged ?? false;
  if (value.length === 0) {
    report(b, messages.unexpected, { expected: "a value", found: "nothing" }, whole);
    return undefined;
  }
  const { tree, errors } = parseLine("expression", value);
  if (errors.length > 0) explainError(b, errors[0]!, value);
  const expr = errors.length > 0 ? undefined : expressionOf(b, tree, whole);
  return b.quiet ? undefined : expr;
}

/** A `;` or newline outside of all brackets. */
function secondStatement(tokens: readonly IToken[]): IToken | undefined {
  let depth = 0;
  for (const token of tokens) {
    if ("([{".includes(token.image)) depth++;
    else if (")]}".includes(token.image)) depth--;
    else if (depth === 0 && (token.tokenType === t.Semicolon || token.tokenType === t.Newline)) return token;
  }
  return undefined;
}

import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { SourceFile, Span } from "../text/source.ts";
import type { Expr } from "./ast.ts";
import { expressionOf } from "./build-statement.ts";
import { explainError } from "./explain-error.ts";
import { parseLine } from "./grammar.ts";
import { layOut } from "./layout.ts";
import * as messages from "./messages.ts";
import { tokenize } from "./tokens.ts";
import { type Building, report } from "./tree.ts";

/** The expression that is all of a source: a value of the command line. Undefined after a report (DL10xx). */
export function parseExpression(source: SourceFile, reporter: Reporter): Expr | undefined {
  const whole: Span = { file: source, start: 0, end: source.text.length };
  const b: Building = { source, reporter, doc: () => undefined, quiet: false };
  const [line, ...others] = layOut(tokenize(source), source, reporter);
  if (!line || others.length > 0) {
    const found = line ? "several lines" : "nothing";
    report(b, messages.unexpected, { expected: "a value", found }, whole);
    return undefined;
  }
  b.quiet = line.damaged;
  const { tree, errors } = parseLine("expression", line.tokens);
  if (errors.length > 0) explainError(b, errors[0]!, line.tokens);
  const expr = errors.length > 0 ? undefined : expressionOf(b, tree, whole);
  return b.quiet ? undefined : expr;
}

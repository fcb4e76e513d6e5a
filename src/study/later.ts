import { dottedPath, evaluate } from "../check/evaluate.ts";
import type { Scope } from "../check/scope.ts";
import type { Value } from "../check/value.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { Expr } from "../syntax/ast.ts";
import type { StudyContext } from "./context.ts";
import { notInThisVersion } from "./diagnostics.ts";

/** Evaluates what was put aside until it was known what is expected of it. Undefined after a report. */
export function evaluateLater(
  of: { readonly expr: Expr; readonly scope: Scope } | { readonly value: Value },
  expected: ParameterType | undefined,
  context: StudyContext,
): Value | undefined {
  if ("value" in of) return of.value;
  const what = notYet(of.expr);
  if (!what) return evaluate(of.expr, of.scope, context, expected);
  context.reporter.report(notInThisVersion, { what }, of.expr.span);
  return undefined;
}

/** Calls of the language that have no meaning in this version yet. */
function notYet(expr: Expr): string | undefined {
  const path = dottedPath(expr.kind === "call" ? expr.callee : expr);
  if (path?.[0]?.text === "classic") return "a classic learner (`classic.*`)";
  if (expr.kind === "call" && path?.length === 1 && path[0]!.text === "from")
    return "a part taken from another experiment (`from`)";
  return undefined;
}

/** `when recipe.init != scratch`: whether an axis applies at a point of the sweep. */
import { describeValue } from "../check/describe.ts";
import { dottedPath, equalValues, evaluate } from "../check/evaluate.ts";
import { isNamed, type Scope } from "../check/scope.ts";
import type { Value } from "../check/value.ts";
import type { BinaryExpr, Expr } from "../syntax/ast.ts";
import { textOf } from "../text/source.ts";
import { type Level, levelValue } from "./axis.ts";
import type { StudyContext } from "./context.ts";
import { badCondition, unknownLevel } from "./diagnostics.ts";
import type { Axis, Point } from "./expand.ts";
import { suggestion } from "./suggestion.ts";

export interface ConditionContext {
  readonly point: Point;
  /** Axes of the lines above. */
  readonly axes: readonly Axis[];
  readonly scope: Scope;
  readonly study: StudyContext;
}

const comparing = new Set(["==", "!=", "<", "<=", ">", ">=", "in"]);

/**
 * A path of an axis above is compared with labels of its levels or with values; where the axis itself does not apply, it equals
 * nothing. All else is evaluated as it stands. Undefined after a report.
 */
export function holds(expr: Expr, context: ConditionContext): boolean | undefined {
  if (expr.kind === "unary" && expr.operator === "not") {
    const operand = holds(expr.operand, context);
    return operand === undefined ? undefined : !operand;
  }
  if (expr.kind === "binary" && (expr.operator === "and" || expr.operator === "or")) {
    const left = holds(expr.left, context);
    const right = holds(expr.right, context);
    if (left === undefined || right === undefined) return undefined;
    return expr.operator === "and" ? left && right : left || right;
  }
  if (expr.kind === "binary" && comparing.has(expr.operator)) {
    const path = dottedPath(expr.left);
    const key = path?.map((name) => name.text).join(".");
    const axis = context.axes.find((each) => each.key === key);
    if (axis) return compare(expr, axis, context);
    if (path && !isNamed(context.scope, path[0]!.text)) return reportNoAxis(expr.left, key!, context);
  }
  const key = dottedPath(expr)
    ?.map((name) => name.text)
    .join(".");
  const bare = context.axes.find((each) => each.key === key && !each.isName);
  if (bare)
    return problem(
      `\`${key}\` is no condition by itself`,
      expr,
      `compare it with a level: \`${key} == ${bare.levels[0]!.label}\``,
      context,
    );
  const value = evaluate(expr, context.scope, context.study);
  if (!value) return undefined;
  if (value.kind === "bool") return value.value;
  return problem(
    `a condition is true or false, and this is ${describeValue(value)}`,
    expr,
    "compare a factor above with one of its levels: `when recipe.init != scratch`",
    context,
  );
}

function problem(text: string, at: Expr, hint: string, { study }: ConditionContext): undefined {
  study.reporter.report(badCondition, { problem: text }, at.span, { hint });
  return undefined;
}

function reportNoAxis(at: Expr, key: string, { axes, study }: ConditionContext): undefined {
  const details = suggestion(
    { text: key, span: at.span },
    axes.map((axis) => axis.key),
  );
  study.reporter.report(badCondition, { problem: `\`${key}\` is varied in no line above` }, at.span, {
    ...details,
    hint: details.hint ?? "a condition names a factor of a line above this one",
  });
  return undefined;
}

function compare(expr: BinaryExpr, axis: Axis, context: ConditionContext): boolean | undefined {
  const level = context.point.at.find((each) => each.axis.key === axis.key)?.level;
  const { operator, right } = expr;
  if (operator === "==" || operator === "!=") {
    const same = equals(right, axis, level, context);
    return same === undefined ? undefined : same === (operator === "==");
  }
  if (operator === "in") {
    if (right.kind !== "list")
      return problem("after `in` stands a list of levels", right, "write `in [a, b]`", context);
    const each = right.items.map((item) => equals(item, axis, level, context));
    return each.includes(undefined) ? undefined : each.includes(true);
  }
  const value = level && numberOf(levelValue(level.of, undefined, context.study));
  const limit = evaluate(right, context.scope, context.study);
  if (!limit) return undefined;
  if (numberOf(limit) === undefined || (level && value === undefined))
    return problem(
      `\`${operator}\` compares numbers`,
      expr,
      `compare with a level: \`${axis.key} == ${axis.levels[0]!.label}\``,
      context,
    );
  if (value === undefined) return false;
  const to = numberOf(limit)!;
  if (operator === "<") return value < to;
  if (operator === "<=") return value <= to;
  return operator === ">" ? value > to : value >= to;
}

const numberOf = (value: Value | undefined): number | undefined =>
  value?.kind === "number" ? value.value : undefined;

/** Whether the point's level is the one that is written: by its label, else by its value. */
function equals(
  written: Expr,
  axis: Axis,
  level: Level | undefined,
  context: ConditionContext,
): boolean | undefined {
  const text = written.kind === "string" ? written.value : textOf(written.span);
  if (axis.levels.some(({ label }) => label === text)) return level?.label === text;
  const word = dottedPath(written);
  if (word?.length === 1 && !isNamed(context.scope, word[0]!.text) && !isSwitch(text)) {
    const labels = axis.levels.map(({ label }) => label);
    context.study.reporter.report(unknownLevel, { label: text }, written.span, suggestion(word[0]!, labels));
    return undefined;
  }
  const wanted = evaluate(written, context.scope, context.study, { kind: "any" });
  const value = level && levelValue(level.of, { kind: "any" }, context.study);
  if (!wanted || (level && !value)) return undefined;
  return value !== undefined && equalValues(value, wanted);
}

const isSwitch = (text: string): boolean => text === "true" || text === "false";

/** Arithmetic, comparison and logic on values. */
import type { BinaryExpr, BinaryOperator, Expr, UnaryExpr } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { Context } from "./context.ts";
import { describeValue, showValue } from "./describe.ts";
import { equalValues } from "./equal.ts";
import { evaluate } from "./evaluate.ts";
import { divisionByZero, wrongOperands, wrongType } from "./messages.ts";
import { inUnit, numberValue } from "./quantity.ts";
import { rangeItems } from "./range.ts";
import type { Scope } from "./scope.ts";
import type { BoolValue, Value } from "./value.ts";

export function evaluateUnary(expr: UnaryExpr, scope: Scope, context: Context): Value | undefined {
  if (expr.operator === "not") {
    const operand = condition(expr.operand, "what `not` is applied to", scope, context);
    return operand && { kind: "bool", value: !operand.value, span: expr.span };
  }
  const operand = evaluate(expr.operand, scope, context);
  if (!operand) return undefined;
  if (operand.kind === "number") return numberValue(-operand.value, operand.whole, operand.unit, expr.span);
  context.reporter.report(
    wrongOperands,
    { operator: "-", left: describeValue(operand), right: undefined },
    expr.span,
  );
  return undefined;
}

/** A bool, or undefined after a report. */
export function condition(expr: Expr, what: string, scope: Scope, context: Context): BoolValue | undefined {
  const value = evaluate(expr, scope, context, { kind: "bool" });
  if (!value || value.kind === "bool") return value;
  context.reporter.report(wrongType, { what, needed: "true or false", got: describeValue(value) }, expr.span);
  return undefined;
}

export function evaluateBinary(expr: BinaryExpr, scope: Scope, context: Context): Value | undefined {
  const { operator, span } = expr;
  if (operator === "and" || operator === "or") {
    const left = condition(expr.left, `what stands before \`${operator}\``, scope, context);
    if (!left) return undefined;
    // The right side may make sense only where the left allows it: `S > 0 and widths[0] > 8`.
    if (left.value === (operator === "or")) return { ...left, span };
    const right = condition(expr.right, `what stands behind \`${operator}\``, scope, context);
    return right && { ...right, span };
  }
  const compares = operator === "==" || operator === "!=" || operator === "in";
  // `shortcut == pad`: bare words are compared with what a parameter holds.
  const expected = compares ? ({ kind: "any" } as const) : undefined;
  const left = evaluate(expr.left, scope, context, expected);
  const right = evaluate(expr.right, scope, context, expected);
  if (!left || !right) return undefined;
  if (operator === "==" || operator === "!=")
    return { kind: "bool", value: equalValues(left, right) === (operator === "=="), span };
  const result = operator === "in" ? contains(left, right, span) : compute(operator, left, right, span);
  if (result === "division by zero") {
    context.reporter.report(divisionByZero, {}, expr.right.span);
    return undefined;
  }
  if (result) return result;
  const parameters = { operator, left: describeValue(left), right: describeValue(right) };
  context.reporter.report(wrongOperands, parameters, expr.operatorSpan, {
    labels: [
      { span: expr.left.span, text: describeValue(left) },
      { span: expr.right.span, text: describeValue(right) },
    ],
    hint: unitsDiffer(left, right) ? "give both the same unit" : appliedLoss(left, right),
  });
  return undefined;
}

/** `0.5 * cross_entropy`: a loss is a number only where it says what it compares. */
function appliedLoss(...operands: readonly Value[]): string | undefined {
  for (const value of operands) {
    const isLoss = value.kind === "declared" && value.declaration.what === "loss";
    if (!isLoss && !(value.kind === "operator" && value.signature.family === "loss")) continue;
    return `write what it compares: \`${showValue(value).replace(/[(].*$/s, "")}(output, label)\``;
  }
  return undefined;
}

const unitsDiffer = (left: Value, right: Value): boolean =>
  left.kind === "number" && right.kind === "number" && left.unit !== right.unit;

function contains(item: Value, list: Value, span: Span): BoolValue | undefined {
  if (list.kind === "list")
    return { kind: "bool", value: list.items.some((each) => equalValues(item, each)), span };
  if (list.kind !== "range" || item.kind !== "number") return undefined;
  const items = list.step && rangeItems(list);
  if (items) return { kind: "bool", value: items.some((each) => equalValues(item, each)), span };
  const value = inUnit(item, list.to.unit);
  const from = inUnit(list.from, list.to.unit);
  if (value === undefined || from === undefined) return undefined;
  return { kind: "bool", value: from <= value && value <= list.to.value, span };
}

type Computing = Exclude<BinaryOperator, "and" | "or" | "==" | "!=" | "in">;

function compute(
  operator: Computing,
  left: Value,
  right: Value,
  span: Span,
): Value | "division by zero" | undefined {
  if (left.kind !== "number" || right.kind !== "number") return undefined;
  const a = left.value;
  const whole = left.whole && right.whole;
  switch (operator) {
    case "*":
      if (left.unit && right.unit) return undefined;
      return numberValue(a * right.value, whole, left.unit ?? right.unit, span);
    case "/": {
      if (right.value === 0) return "division by zero";
      const b = left.unit && right.unit ? inUnit(right, left.unit) : right.value;
      if (b === undefined || (right.unit && !left.unit)) return undefined;
      const quotient = a / b;
      const comesOut = Number.isInteger(quotient);
      const value = numberValue(quotient, whole && comesOut, right.unit ? undefined : left.unit, span);
      return whole && !comesOut ? { ...value, quotient: [left, right] } : value;
    }
    case "^":
      if (left.unit || right.unit) return undefined;
      return numberValue(a ** right.value, whole && right.value >= 0, undefined, span);
  }
  const b = inUnit(right, left.unit);
  if (b === undefined) return undefined;
  switch (operator) {
    case "+":
      return numberValue(a + b, whole && Number.isInteger(b), left.unit, span);
    case "-":
      return numberValue(a - b, whole && Number.isInteger(b), left.unit, span);
    case "<":
      return { kind: "bool", value: a < b, span };
    case "<=":
      return { kind: "bool", value: a <= b, span };
    case ">":
      return { kind: "bool", value: a > b, span };
    case ">=":
      return { kind: "bool", value: a >= b, span };
  }
}

/** Whether rows that one training learned from are rows that another evaluates on, as far as that shows without reading them. */
import { operatorOf } from "../../ops/registry.ts";
import type { OpCall } from "../../ops/signature.ts";
import type { DataSpec, FieldExpr } from "../plan.ts";

/**
 * `no` also where nothing can be told: of other sources. `perhaps`: of one source, under conditions that do not exclude each
 * other.
 */
export function trainsOnEvaluated(trained: DataSpec, evaluated: DataSpec): "yes" | "perhaps" | "no" {
  if (!sameObjects(trained.source, evaluated.source)) return "no";
  const theirs = conditionsOf(trained);
  const ours = conditionsOf(evaluated);
  if (equal(theirs, ours) && equal(trained.source, evaluated.source))
    return drawnApart(trained.split, evaluated.split) ? "no" : "yes";
  if (excludeEachOther(theirs, ours)) return "no";
  return equal(theirs, ours) ? "yes" : "perhaps";
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A simulator asked for fewer objects gives the first of them. */
function sameObjects(a: OpCall, b: OpCall): boolean {
  const simulated = operatorOf("reader", a.op).parameters.some(({ name }) => name === "count");
  const { count: _, ...theirs } = a.parameters;
  const { count: __, ...ours } = b.parameters;
  return simulated ? equal([a.op, theirs], [b.op, ours]) : equal(a, b);
}

/**
 * Rows are drawn test first, then valid, then train, in one order: a training that leaves as many rows to test and valid as the
 * other, or more, does not learn from what the other evaluates on.
 */
function drawnApart(trained: OpCall, evaluated: OpCall): boolean {
  const parts = ({ op, parameters }: OpCall) => {
    const { train: _, valid = 0, test = 0, ...order } = parameters;
    return { order: { op, ...order }, held: (valid as number) + (test as number) };
  };
  const theirs = parts(trained);
  const ours = parts(evaluated);
  return equal(theirs.order, ours.order) && theirs.held >= ours.held - 1e-9;
}

/** All must hold; those joined by `and` stand alone. */
function conditionsOf({ fields }: DataSpec): readonly FieldExpr[] {
  const parts = (expr: FieldExpr): readonly FieldExpr[] =>
    "operator" in expr && expr.operator === "and" ? [...parts(expr.left), ...parts(expr.right)] : [expr];
  return fields.flatMap(({ where }) => (where ? parts(where) : []));
}

/** What a condition leaves of a column or an expression: an interval, or values. */
interface Allowed {
  readonly of: string;
  readonly low: number;
  readonly high: number;
  /** The ends are no values of it themselves. */
  readonly open: boolean;
  readonly values?: readonly (number | string)[];
  readonly not?: number | string;
}

function excludeEachOther(a: readonly FieldExpr[], b: readonly FieldExpr[]): boolean {
  const theirs = a.flatMap(allowed);
  return b.flatMap(allowed).some((ours) => theirs.some((each) => each.of === ours.of && apart(each, ours)));
}

function apart(a: Allowed, b: Allowed): boolean {
  if (a.values && b.values) return a.values.every((value) => !b.values!.includes(value));
  if (a.values) return a.values.every((value) => !holds(value, b));
  if (b.values) return apart(b, a);
  const touch = a.open || b.open;
  return touch ? a.high <= b.low || b.high <= a.low : a.high < b.low || b.high < a.low;
}

function holds(value: number | string, { low, high, open, not }: Allowed): boolean {
  if (not !== undefined) return value !== not;
  if (typeof value === "string") return true;
  return open ? value > low && value < high : value >= low && value <= high;
}

/** Empty for what is no comparison with a constant; a column by itself must not be 0. */
function allowed(expr: FieldExpr): readonly Allowed[] {
  const all = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, open: true };
  if ("source" in expr) return [{ ...all, of: JSON.stringify(expr), not: 0 }];
  if (!("operator" in expr)) return [];
  const { operator, left, right } = expr;
  const of = JSON.stringify(left);
  const value = constantOf(right);
  if (operator === "in" && "list" in right) {
    const values = right.list.map(constantOf);
    return values.every((each) => each !== undefined)
      ? [{ ...all, of, values: values.map((each) => each!) }]
      : [];
  }
  if (value === undefined) return [];
  if (operator === "==") return [{ ...all, of, values: [value] }];
  if (operator === "!=") return [{ ...all, of, not: value }];
  if (typeof value === "string") return [];
  if (operator === "<" || operator === "<=") return [{ ...all, of, high: value, open: operator === "<" }];
  if (operator === ">" || operator === ">=") return [{ ...all, of, low: value, open: operator === ">" }];
  return [];
}

function constantOf(expr: FieldExpr): number | string | undefined {
  if ("number" in expr) return expr.number;
  if ("text" in expr) return expr.text;
  // A negative number is written as one taken from nothing.
  if ("operator" in expr && expr.operator === "-" && "number" in expr.left && "number" in expr.right)
    return expr.left.number - expr.right.number;
  return undefined;
}

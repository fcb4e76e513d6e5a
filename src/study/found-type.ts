/** The type of a field that is not written: from the columns that it is made of, and its role. */
import { Problem } from "../diagnostics/problem.ts";
import { type FieldType, type Role, shapeOfField } from "../ops/field.ts";
import type { FieldExpr } from "./plan.ts";
import type { SourceColumns } from "./source-columns.ts";

const truths = new Set(["==", "!=", "<", "<=", ">", ">=", "and", "or", "in"]);

/**
 * Undefined where the columns do not settle it: one that is not known, numbers that are computed from classes. A truth is `bool`.
 * As rows are computed in `data/expression.ts`.
 */
export function typeOfValue(
  value: FieldExpr,
  columns: Readonly<Record<string, FieldType | undefined>>,
): FieldType | undefined {
  if ("source" in value) return columns[value.source];
  if ("list" in value) return { kind: "tensor", dtype: "f32", shape: [value.list.length] };
  if (!("operator" in value)) return { kind: "tensor", dtype: "f32", shape: [] };
  const { operator, left, right } = value;
  const isTruth = truths.has(operator);
  // Behind `in` stand values that are compared one by one.
  const sides = [left, right].filter((side) => !("list" in side) && !("text" in side));
  const types = sides.map((side) => typeOfValue(side, columns));
  if (types.some((type) => !type || (!isTruth && type.kind !== "tensor"))) return undefined;
  const tensor = types.find((type) => shapeOfField(type!).length > 0);
  return { kind: "tensor", dtype: isTruth ? "bool" : "f32", shape: tensor ? shapeOfField(tensor) : [] };
}

/** The type that a field of the role has where its value is of this one; a problem where names cannot be counted. */
export function typeInRole(
  found: FieldType,
  role: Role,
  value: FieldExpr,
  read: SourceColumns | undefined,
): FieldType | Problem {
  const isFed = role === "input" || role === "weight";
  if (found.kind === "string" && role === "target" && "source" in value) {
    const count = read!.countNames(value.source);
    if (typeof count !== "number") return count;
    return count >= 2
      ? { kind: "class", count }
      : new Problem(`all rows have the same \`${value.source}\``, "a target needs two classes or more");
  }
  if (found.kind !== "tensor") return found;
  // Truths are kept as 1 and 0, but where they are answered or told apart.
  if (found.dtype === "bool") {
    if (role === "target") return { ...found, shape: pixels(found.shape) };
    return isFed || found.shape.length > 0 ? { ...found, dtype: "f32" } : found;
  }
  // Real numbers of 32 bits do not tell apart what has more than seven digits.
  return role === "id" && found.shape.length === 0 && read ? { ...found, dtype: "i64" } : found;
}

/** Labels of pixels have no axis for the one channel of their image. */
const pixels = (shape: readonly (number | string)[]): readonly (number | string)[] =>
  shape.length === 3 && shape[2] === 1 ? shape.slice(0, 2) : shape;

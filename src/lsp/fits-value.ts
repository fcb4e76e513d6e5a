/** Which names in scope may be written for a value. */
import { declaredType } from "../check/parameters.ts";
import type { FieldType } from "../ops/field.ts";
import type { MetricOp } from "../ops/metric.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { Calls } from "../study/names/binder.ts";
import { mayHold } from "../study/names/expression.ts";
import type { Definition } from "../study/names/meaning.ts";
import { isTensor } from "../study/names/tensors.ts";
import type { TypeExpr } from "../syntax/ast.ts";

/** Stricter than the checker, which says what is wrong with a name that cannot be meant. */
export function fitsValue(
  meaning: Definition,
  expected: ParameterType | undefined,
  calls: Calls,
  inFile: boolean,
): boolean {
  // The batch is no number in a network; in losses shapes are written with it.
  if (meaning.kind === "dimension" && meaning.name.text === "N" && calls !== "formula") return false;
  if (!expected) return inFile || !meaning.declaration;
  if (expected.kind === "union") return expected.of.some((each) => fitsValue(meaning, each, calls, inFile));
  if (expected.kind === "metric" || expected.kind === "field" || isTensor(meaning)) return false;
  if (!meaning.declaration) return mayHold(meaning, expected) && holds(meaning, expected);
  if (expected.kind !== "operator") return false;
  const isLayer = meaning.kind === "model" || meaning.kind === "block";
  return expected.family === "layer" ? isLayer : meaning.kind === expected.family;
}

const numbers: ReadonlySet<ParameterType["kind"]> = new Set(["int", "real", "duration", "seed"]);

/** Whether what is written of a parameter, a dimension or a `let` speaks against a type. */
function holds({ kind, name, owner, value }: Definition, expected: ParameterType): boolean {
  if (kind === "dimension") return numbers.has(expected.kind) || expected.kind === "any";
  const parameter = kind === "parameter" && owner?.parameters.find((each) => each.name === name);
  if (parameter) return agree(declaredType(owner!, parameter), expected);
  if (kind !== "let" || !value || !numbers.has(expected.kind)) return true;
  return !["list", "record", "range", "string"].includes(value.kind);
}

function agree(given: ParameterType, expected: ParameterType): boolean {
  if (given.kind === "any" || expected.kind === "any") return true;
  if (given.kind === "list" && expected.kind === "list") return agree(given.of, expected.of);
  if (expected.kind === "real" || expected.kind === "duration")
    return given.kind === "int" || given.kind === "real";
  if (expected.kind === "seed") return given.kind === "int";
  const words = ["word", "label", "string", "path", "field"];
  if (words.includes(expected.kind)) return words.includes(given.kind);
  return given.kind === expected.kind;
}

/** Whether a metric may be asked of one of these fields; of a type that is not written nothing is known. */
export function measures(metric: MetricOp, fields: readonly Definition[]): boolean {
  const entering = fields.filter(({ role }) => role === "input" || role === "target");
  return entering.length === 0 || entering.some(({ type }) => !type || measuresType(metric, type));
}

const sizes = 2; // stands for any number that is not written

function measuresType(metric: MetricOp, { name, lists }: TypeExpr): boolean {
  const shape = lists.flat().map((size) => (size.kind === "number" ? size.value : sizes));
  const isClass = name.text === "class" || name.text === "bool";
  const [count = sizes, ...pixels] = name.text === "bool" ? [2, ...shape] : shape;
  const field: FieldType = isClass
    ? { kind: "class", count, ...(pixels.length > 0 && { shape: pixels }) }
    : { kind: "tensor", dtype: "f32", shape };
  const own = isClass ? [...pixels, count] : shape.length > 0 ? shape : [1];
  return metric.check({ dtype: "f32", shape: ["N", ...own] }, field, {}) === undefined;
}

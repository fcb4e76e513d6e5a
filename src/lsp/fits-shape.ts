/** Which layers take the tensor that stands before a place. */
import { findOperator } from "../ops/registry.ts";
import type { Json, Parameter } from "../ops/signature.ts";
import type { TensorType } from "../types/tensor.ts";
import type { Analysis } from "./analysis.ts";
import { isBody, nodesAround } from "./places.ts";

/** What the statement before a place leaves, in the first of the networks that it is part of. */
export function shapeBefore(analysis: Analysis, offset: number): TensorType | undefined {
  const body = nodesAround(analysis, offset).findLast(isBody);
  const before = body?.statements.filter(({ span }) => span.end < offset) ?? [];
  const last = before.findLast(({ kind }) => kind !== "let" && kind !== "branch");
  return last && analysis.expanded.get(last)?.[0]?.types[0];
}

/** False where the layer refuses such a tensor whatever its arguments are likely to be. */
export function acceptsShape(layer: string, type: TensorType): boolean {
  const operator = findOperator("layer", layer);
  if (operator?.arity !== 1) return true;
  const parameters = Object.fromEntries(operator.parameters.map((each) => [each.name, likely(each)]));
  return !("problem" in operator.infer([type], parameters));
}

/** The default, or the least that may be given. */
function likely({ type, default: value }: Parameter): Json {
  return value !== undefined ? value : least(type);
}

function least(type: Parameter["type"]): Json {
  if (type.kind === "list") return [1];
  if (type.kind === "union") return least(type.of[0]!);
  if (type.kind === "any") return 1;
  return type.kind === "int" || type.kind === "real" ? Math.max(1, type.min ?? 1) : null;
}

/** Whether a layer has weights, whatever it is applied to: then no loss and no metric may use it. */
export function learns(layer: string): boolean {
  const known = learning.get(layer) ?? hasWeights(layer);
  learning.set(layer, known);
  return known;
}

const learning = new Map<string, boolean>();

function hasWeights(layer: string): boolean {
  const operator = findOperator("layer", layer);
  if (!operator) return false;
  const parameters = Object.fromEntries(operator.parameters.map((each) => [each.name, likely(each)]));
  return samples.some((type) => {
    const found = operator.infer(Array(Math.min(operator.arity, 2)).fill(type), parameters);
    return !("problem" in found) && found.weights.length > 0;
  });
}

const samples: readonly TensorType[] = (["f32", "i32"] as const).flatMap((dtype) =>
  [[32], [8, 32], [8, 8, 32]].map((shape) => ({ dtype, shape: ["N", ...shape] as const })),
);

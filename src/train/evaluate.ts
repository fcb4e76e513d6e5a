/** Predictions for the rows of a split, and the metrics measured on them. */

import type { Dataset, FieldData } from "../data/dataset.ts";
import type { Executable } from "../engine/engine.ts";
import type { Predicted } from "../ops/metric.ts";
import { findOperator, operatorOf } from "../ops/registry.ts";
import type { Json } from "../ops/signature.ts";
import type { MetricSpec } from "../study/plan.ts";
import type { TypedArray } from "../types/tensor.ts";
import { elementCount } from "../types/tensor.ts";
import type { SplitPredictions } from "./outcome.ts";
import type { TrialProgram } from "./program.ts";

/** Outputs and losses for all `rows`, in their order. The last batch is filled up with its first row, and that is cut off. */
export async function predict(
  executable: Executable,
  { evaluateBatch, outputShape }: TrialProgram,
  rows: Int32Array,
): Promise<SplitPredictions> {
  const width = elementCount(outputShape);
  const outputs = new Float32Array(rows.length * width);
  const losses = new Float32Array(rows.length);
  const indices = new Int32Array(evaluateBatch);
  const feeds = { indices: { dtype: "i32", shape: [evaluateBatch], data: indices } } as const;
  for (let from = 0; from < rows.length; from += evaluateBatch) {
    const count = Math.min(evaluateBatch, rows.length - from);
    indices.fill(rows[from]!);
    indices.set(rows.subarray(from, from + count));
    const fetched = await executable.run("evaluate", feeds);
    outputs.set((fetched.outputs!.data as Float32Array).subarray(0, count * width), from * width);
    losses.set((fetched.losses!.data as Float32Array).subarray(0, count), from);
  }
  return { rows, outputs, outputShape, losses };
}

/** The field that the loss pairs the output with. */
export function targetOf(dataset: Dataset, named?: Json): FieldData | undefined {
  const field = typeof named === "string" ? dataset.fields[named] : undefined;
  return field ?? Object.values(dataset.fields).find(({ role }) => role === "target");
}

export function withTruth(
  { rows, outputs, outputShape, losses }: SplitPredictions,
  target: FieldData,
): Predicted {
  const size = elementCount(target.shape);
  const targets = new (target.data.constructor as new (length: number) => TypedArray)(rows.length * size);
  for (const [i, row] of rows.entries())
    targets.set(target.data.subarray(row * size, (row + 1) * size) as never, i * size);
  const { length: count } = rows;
  return { count, outputs, outputShape, targets, target: target.type, classes: target.classes, losses };
}

/** `valid.accuracy`; with the parameters that are not the defaults behind it: `valid.recall(of: "star")`. */
export function metricKey({ split, metric, parameters }: MetricSpec): string {
  const defaults = new Map(
    findOperator("metric", metric)?.parameters.map((parameter) => [parameter.name, parameter.default]),
  );
  const given = Object.entries(parameters)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults.get(name) ?? null))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `${split}.${metric}${given.length > 0 ? `(${given.join(", ")})` : ""}`;
}

export function measure(predicted: Predicted, { metric, parameters }: MetricSpec): number {
  return operatorOf("metric", metric).measure(predicted, parameters);
}

/** Does the metric fit what this trial predicts? */
export function fits(metric: string, outputShape: readonly number[], target: FieldData): boolean {
  const output = { dtype: "f32", shape: ["N", ...outputShape] } as const;
  const found = findOperator("metric", metric);
  return found !== undefined && !found.check(output, target.type, {});
}

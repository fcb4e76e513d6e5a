/** Predictions for the rows of a split. */
import type { Executable } from "../engine/engine.ts";
import { keyToBigInt, streamKey } from "../ops/philox.ts";
import { measureKey } from "../study/metric.ts";
import type { MetricSpec } from "../study/plan.ts";
import { elementCount, type Tensor } from "../types/tensor.ts";
import type { Prediction, SplitPredictions } from "./outcome.ts";
import { named, type TrialProgram } from "./program.ts";

/** What is predicted for all `rows`, in their order. The last batch is filled up with its first row, and that is cut off. */
export async function predict(
  executable: Executable,
  { program, evaluateBatch, predictions, losses }: TrialProgram,
  rows: Int32Array,
  seed: string,
): Promise<SplitPredictions> {
  const outputs: Record<string, Prediction> = {};
  for (const [label, shape] of Object.entries(predictions))
    outputs[label] = { shape, data: new Float32Array(rows.length * elementCount(shape)) };
  const all: Record<string, Float32Array> = {};
  for (const name of losses) all[name] = new Float32Array(rows.length);
  const indices = new Int32Array(evaluateBatch);
  const counter = new BigUint64Array(2);
  const key = BigUint64Array.of(keyToBigInt(streamKey(seed, "evaluate")));
  const known: Readonly<Record<string, Tensor>> = {
    indices: { dtype: "i32", shape: [evaluateBatch], data: indices },
    counter: { dtype: "u64", shape: [2], data: counter },
    drawKey: { dtype: "u64", shape: [1], data: key },
  };
  const taken = program.entries.evaluate!.feeds;
  const feeds = Object.fromEntries(Object.entries(known).filter(([name]) => name in taken));
  for (let from = 0; from < rows.length; from += evaluateBatch) {
    const count = Math.min(evaluateBatch, rows.length - from);
    indices.fill(rows[from]!);
    indices.set(rows.subarray(from, from + count));
    counter[1] = BigInt(from / evaluateBatch);
    const fetched = await executable.run("evaluate", feeds);
    for (const [label, { shape, data }] of Object.entries(outputs)) {
      const width = elementCount(shape);
      data.set(
        (fetched[`prediction/${label}`]!.data as Float32Array).subarray(0, count * width),
        from * width,
      );
    }
    for (const [name, data] of Object.entries(all))
      data.set((fetched[named("losses", name)]!.data as Float32Array).subarray(0, count), from);
  }
  return { rows, outputs, losses: all };
}

/** `valid.accuracy`; with the parameters that are not the defaults behind it: `valid.recall(of: "star")`. */
export function metricKey(spec: MetricSpec): string {
  return `${spec.split}.${measureKey(spec)}`;
}

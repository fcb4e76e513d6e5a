/** The numbers of a trial: metrics on its predictions, what its epochs recorded, what it cost. */
import type { Network } from "../check/network.ts";
import type { Predicted } from "../ops/metric.ts";
import { operatorOf } from "../ops/registry.ts";
import type { RunData, RunDataset, TrialRecord } from "../store/run-data.ts";
import type { MetricSpec, TrialSpec } from "../study/plan.ts";
import { metricKey } from "../train/evaluate.ts";
import { isBetter } from "../train/length.ts";
import type { EpochRecord } from "../train/outcome.ts";
import { elementCount, type TypedArray } from "../types/tensor.ts";

/** Trained parameters of a network; statistics of batch norms are not counted. */
export function trainedParameters(network: Network): number {
  return network.layers
    .flatMap((layer) => layer.weights)
    .filter((weight) => weight.trainable)
    .reduce((sum, weight) => sum + elementCount(weight.shape), 0);
}

/** Multiply-accumulates for one sample, forward. */
export function macsOf(network: Network): number {
  return network.layers.reduce((sum, layer) => sum + layer.macs, 0);
}

/** `test.recall(of: spiral)`: how a metric is named in tables. */
export function metricName(spec: MetricSpec): string {
  return metricKey(spec).replaceAll('"', "");
}

export function metricOp({ split, metric }: MetricSpec) {
  return operatorOf(split === "cost" ? "cost" : "metric", metric);
}

/** The field that the network's output is paired with. */
export function targetField(dataset: RunDataset) {
  return Object.values(dataset.fields).find(({ role }) => role === "target");
}

/** The epoch whose weights count: the best of `keep`, else the last. */
export function keptEpoch(trial: TrialSpec, record: TrialRecord): EpochRecord | undefined {
  const { keep } = trial.recipe;
  if (keep.kind === "last") return record.epochs.at(-1);
  const key = metricKey(keep.metric);
  let best: EpochRecord | undefined;
  for (const epoch of record.epochs) {
    const value = epoch.metrics[key];
    if (value !== undefined && (!best || isBetter(value, best.metrics[key]!, keep.goal))) best = epoch;
  }
  return best;
}

function gather(data: TypedArray, size: number, rows: ArrayLike<number>): TypedArray {
  const out = new (data.constructor as new (length: number) => TypedArray)(rows.length * size);
  for (let i = 0; i < rows.length; i++)
    out.set(data.subarray(rows[i]! * size, (rows[i]! + 1) * size) as never, i * size);
  return out;
}

/** The examples of `predicted` at these places. */
export function subset(predicted: Predicted, places: readonly number[]): Predicted {
  return {
    ...predicted,
    count: places.length,
    outputs: gather(predicted.outputs, elementCount(predicted.outputShape), places) as Float32Array,
    targets: gather(predicted.targets, predicted.targets.length / predicted.count, places),
    losses: gather(predicted.losses, 1, places) as Float32Array,
  };
}

/** Predictions with the rows of the dataset they belong to. */
export interface PredictedRows {
  readonly rows: Int32Array;
  readonly predicted: Predicted;
}

/** What a run measured. Predictions are read once a trial and split. */
export interface Measurements {
  /** Null where the trial has no such number: it is not done, or what is needed was not kept. */
  value(ordinal: number, spec: MetricSpec): number | null;
  predicted(ordinal: number, split: "valid" | "test"): PredictedRows | null;
  /** On some examples of the split only. */
  valueOn(ordinal: number, spec: MetricSpec, places: readonly number[]): number | null;
}

export function measurementsOf(run: RunData): Measurements {
  const read = new Map<string, PredictedRows | null>();

  function predicted(ordinal: number, split: "valid" | "test"): PredictedRows | null {
    const key = `${ordinal} ${split}`;
    if (!read.has(key)) read.set(key, readPredicted(run, ordinal, split));
    return read.get(key)!;
  }

  function valueOn(ordinal: number, spec: MetricSpec, places: readonly number[]): number | null {
    if (spec.split !== "valid" && spec.split !== "test") return null;
    const found = predicted(ordinal, spec.split);
    if (!found || places.length === 0) return null;
    return finite(metricOp(spec).measure(subset(found.predicted, places), spec.parameters));
  }

  function value(ordinal: number, spec: MetricSpec): number | null {
    const trial = run.plan.trials[ordinal - 1]!;
    const record = run.trials[ordinal - 1]!;
    if (spec.split === "cost") return costOf(trial, record, spec.metric);
    if (record.state !== "done") return null;
    if (spec.split !== "train") {
      const found = predicted(ordinal, spec.split);
      if (found) return finite(metricOp(spec).measure(found.predicted, spec.parameters));
    }
    return finite(keptEpoch(trial, record)?.metrics[metricKey(spec)]);
  }

  return { value, predicted, valueOn };
}

function readPredicted(run: RunData, ordinal: number, split: "valid" | "test"): PredictedRows | null {
  const dataset = run.datasets[run.plan.trials[ordinal - 1]!.data.name];
  const target = dataset && targetField(dataset);
  const found = target && run.trials[ordinal - 1]!.predictions(split);
  if (!found) return null;
  const { rows, outputs, outputShape, losses } = found;
  const targets = gather(target.data, elementCount(target.shape), rows);
  const { length: count } = rows;
  const { type, classes } = target;
  return {
    rows,
    predicted: { count, outputs, outputShape, targets, target: type, classes, losses },
  };
}

function costOf({ network }: TrialSpec, { state, seconds }: TrialRecord, name: string): number | null {
  if (name === "parameters") return trainedParameters(network);
  if (name === "macs") return macsOf(network);
  return state === "done" ? seconds : null;
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

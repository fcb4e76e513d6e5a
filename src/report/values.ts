/** The numbers of a trial: metrics on its predictions, what its epochs recorded, what it cost. */
import type { MetricOp, Predicted } from "../ops/metric.ts";
import { isBetter } from "../ops/metric.ts";
import { findOperator } from "../ops/registry.ts";
import type { RunData, TrialRecord } from "../store/run-data.ts";
import { goalOf } from "../study/metric.ts";
import type { MetricSpec, NamedNetwork, TrialSpec } from "../study/plan.ts";
import { metricKey } from "../train/evaluate.ts";
import { measure, pairOf, subsetOf } from "../train/measure.ts";
import type { EpochRecord, SplitPredictions } from "../train/outcome.ts";
import { elementCount } from "../types/tensor.ts";

/** Trained parameters of networks; statistics of batch norms are not counted. */
export function trainedParameters(networks: readonly NamedNetwork[]): number {
  return networks
    .flatMap(({ network }) => network.layers)
    .flatMap((layer) => layer.weights)
    .filter((weight) => weight.trainable)
    .reduce((sum, weight) => sum + elementCount(weight.shape), 0);
}

/** Multiply-accumulates of each network once, for one sample, forward. */
export function macsOf(networks: readonly NamedNetwork[]): number {
  return networks.flatMap(({ network }) => network.layers).reduce((sum, layer) => sum + layer.macs, 0);
}

/** `test.recall(of: spiral)`: how a metric is named in tables. */
export function metricName(spec: MetricSpec): string {
  return metricKey(spec).replaceAll('"', "");
}

/** How a metric is printed, and whether more of it is better. */
export function metricTraits(spec: MetricSpec): {
  readonly doc: string;
  readonly unit: MetricOp["unit"];
  readonly goal: MetricOp["goal"];
} {
  const op = findOperator(spec.split === "cost" ? "cost" : "metric", spec.metric);
  return op ?? { doc: "A metric of the study's own.", unit: "number", goal: goalOf(spec) };
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
  /** The rows of the dataset that were predicted, in the order of the predictions. */
  rows(ordinal: number, split: "valid" | "test"): Int32Array | null;
  /** On some examples of the split only. */
  valueOn(ordinal: number, spec: MetricSpec, places: readonly number[]): number | null;
}

export function measurementsOf(run: RunData): Measurements {
  const read = new Map<string, SplitPredictions | null>();

  function predictionsOf(ordinal: number, split: "train" | "valid" | "test"): SplitPredictions | null {
    const key = `${ordinal} ${split}`;
    if (!read.has(key)) read.set(key, run.trials[ordinal - 1]!.predictions(split));
    return read.get(key)!;
  }

  function predicted(ordinal: number, split: "valid" | "test"): PredictedRows | null {
    const trial = run.plan.trials[ordinal - 1]!;
    const found = predictionsOf(ordinal, split);
    const fields = run.datasets[trial.data.name]?.fields;
    const pair = found && fields && pairOf(trial, found, fields);
    return pair ? { rows: found.rows, predicted: pair } : null;
  }

  const rows = (ordinal: number, split: "valid" | "test"): Int32Array | null =>
    predictionsOf(ordinal, split)?.rows ?? null;

  function measured(
    ordinal: number,
    spec: MetricSpec,
    of: (found: SplitPredictions) => SplitPredictions,
  ): number | null {
    if (spec.split === "cost") return null;
    const trial = run.plan.trials[ordinal - 1]!;
    const found = predictionsOf(ordinal, spec.split);
    const fields = run.datasets[trial.data.name]?.fields;
    return found && fields ? finite(measure(trial, spec, of(found), fields)) : null;
  }

  function valueOn(ordinal: number, spec: MetricSpec, places: readonly number[]): number | null {
    if (spec.split !== "valid" && spec.split !== "test") return null;
    if (places.length === 0) return null;
    return measured(ordinal, { ...spec, split: spec.split }, (found) => subsetOf(found, places));
  }

  function value(ordinal: number, spec: MetricSpec): number | null {
    const trial = run.plan.trials[ordinal - 1]!;
    const record = run.trials[ordinal - 1]!;
    if (spec.split === "cost") return costOf(trial, record, spec.metric);
    if (record.state !== "done") return null;
    const kept = () => finite(keptEpoch(trial, record)?.metrics[metricKey(spec)]);
    const afterwards = () => measured(ordinal, spec, (all) => all);
    // Predictions on training rows are kept only where a metric was not measured on the way.
    return spec.split === "train" ? (kept() ?? afterwards()) : (afterwards() ?? kept());
  }

  return { value, predicted, rows, valueOn };
}

function costOf({ networks }: TrialSpec, { state, seconds }: TrialRecord, name: string): number | null {
  if (name === "parameters") return trainedParameters(networks);
  if (name === "macs") return macsOf(networks);
  return state === "done" ? seconds : null;
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

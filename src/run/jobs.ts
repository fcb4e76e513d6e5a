/** The trials of a plan with what they are known by. */
import type { Dataset } from "../data/dataset.ts";
import { canonicalJson } from "../store/canonical.ts";
import type { Evaluated } from "../store/evaluations.ts";
import { evaluatedKey, trialKey } from "../store/keys.ts";
import { leasesOf } from "../store/leases.ts";
import { slotsOf } from "../store/results.ts";
import type { DataSpec, MetricSpec, Plan, TrialSpec } from "../study/plan.ts";

export interface Job {
  readonly ordinal: number;
  readonly trial: TrialSpec;
  readonly key: string;
  readonly watch: readonly MetricSpec[];
  readonly evaluated: Evaluated;
}

export function jobsOf(plan: Plan, datasetOf: (data: DataSpec) => Dataset): Job[] {
  return plan.trials.map((trial) => {
    const watch = watchedOf(plan, trial);
    const dataset = datasetOf(trial.data);
    const key = trialKey(trial, dataset);
    return { ordinal: trial.ordinal, trial, key, watch, evaluated: evaluatedOf(key, trial, dataset, watch) };
  });
}

/** What is to be predicted with a trial's weights: for every row that does not train, and for those that do where `watch` asks. */
export function evaluatedOf(
  key: string,
  trial: TrialSpec,
  dataset: Dataset,
  watch: readonly MetricSpec[],
): Evaluated {
  const splits = (["train", "valid", "test"] as const).filter(
    (split) => dataset.rows[split].length > 0 && (split !== "train" || watch.length > 0),
  );
  return Object.fromEntries(splits.map((split) => [split, evaluatedKey(key, trial, dataset, split)]));
}

/** What a trial's experiment reports, compares or chooses by. */
export function askedMetrics(plan: Plan, { experiment }: TrialSpec): MetricSpec[] {
  const asked = plan.experiments.find(({ name }) => name === experiment);
  return [
    ...(asked?.reports ?? []).flatMap(({ metrics }) => metrics),
    ...(asked?.comparisons ?? []).map(({ on }) => on),
    ...(asked?.choose ?? []).map(({ by }) => by),
  ];
}

/** Metrics that are asked of the training rows: predictions on these are large, so they are measured on the way. */
function watchedOf(plan: Plan, trial: TrialSpec): MetricSpec[] {
  const asked = askedMetrics(plan, trial).filter(
    ({ split, metric }) => split === "train" && metric !== "loss",
  );
  const byContent = new Map(asked.map((metric) => [canonicalJson(metric), metric]));
  return [...byContent].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, metric]) => metric);
}

/** The run that trained it; null where that cannot be told any more. Undefined for a trial that is still to be trained. */
export function doneIn(runs: string, { key }: Job): { readonly run: string | null } | undefined {
  if (slotsOf(runs, key).length === 0) return undefined;
  return { run: leasesOf(runs, key).at(-1)?.run ?? null };
}

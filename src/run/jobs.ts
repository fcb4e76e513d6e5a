/** The trials of a plan with what they are known by. */
import type { Dataset } from "../data/dataset.ts";
import { canonicalJson } from "../store/canonical.ts";
import { trialKey } from "../store/keys.ts";
import { leasesOf } from "../store/leases.ts";
import { slotsOf } from "../store/results.ts";
import type { DataSpec, MetricSpec, Plan, TrialSpec } from "../study/plan.ts";

export interface Job {
  readonly ordinal: number;
  readonly trial: TrialSpec;
  readonly key: string;
  readonly watch: readonly MetricSpec[];
}

export function jobsOf(plan: Plan, datasetOf: (data: DataSpec) => Dataset): Job[] {
  return plan.trials.map((trial) => {
    const watch = watchedOf(plan, trial);
    return { ordinal: trial.ordinal, trial, watch, key: trialKey(trial, datasetOf(trial.data), watch) };
  });
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

/** Metrics that are asked of the training rows: predictions on these are not kept, so they are measured on the way. */
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

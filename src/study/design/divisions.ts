/** Pairs that are other divisions of the same rows. */
import type { MetricSpec, TrialSpec } from "../plan.ts";

/**
 * n_test / n_train (`errorOfMean`) where pairs are other divisions of the same rows: another fold, another seed of the split. 0 where
 * all have one division, or data of their own.
 */
export function sharedRows(
  trials: readonly TrialSpec[],
  paired: readonly string[],
  split: MetricSpec["split"],
): number {
  const [first] = trials;
  if (!first || split === "cost") return 0;
  const sources = new Set(trials.map(({ data }) => JSON.stringify(data.source)));
  const divisions = new Map<string, Set<string>>();
  for (const trial of trials) {
    const label = pairLabel(trial, paired);
    divisions.set(label, (divisions.get(label) ?? new Set()).add(JSON.stringify(trial.data.split)));
  }
  const different = new Set(Array.from(divisions.values(), (each) => [...each].sort().join()));
  if (sources.size > 1 || different.size === 1) return 0;
  const { k, train, valid = 0, test } = first.data.split.parameters as Readonly<Record<string, number>>;
  const tested = k ? 1 / k : test;
  const trained = k ? 1 - 1 / k - valid : train;
  const evaluated = split === "valid" ? valid : tested;
  return evaluated && trained ? evaluated / trained : 0;
}

/**
 * How many divisions of the rows each of some trainings has a part in: the most that agree in `per`, and the axes that divide them.
 * Shares do not count: test rows are drawn first, and are the same for all of them; nor do those that the source itself divides.
 */
export function divisionsIn(
  trials: readonly TrialSpec[],
  replicates: readonly string[],
  per: readonly string[],
): { readonly count: number; readonly by: readonly string[] } {
  const orders = new Map<string, Set<string>>();
  for (const trial of trials) {
    const { train: _, valid: __, test: ___, ...order } = trial.data.split.parameters;
    if (trial.data.split.op === "given") continue;
    const group = JSON.stringify([pairLabel(trial, per), trial.data.source]);
    orders.set(group, (orders.get(group) ?? new Set()).add(JSON.stringify(order)));
  }
  const count = Math.max(0, ...Array.from(orders.values(), ({ size }) => size));
  const open = replicates.filter((key) => !per.includes(key));
  const apart = (key: string) => divisionsIn(trials, [], [...per, key]).count < count;
  return { count, by: count > 1 ? open.filter(apart) : [] };
}

/** What the trainings of a pair have in common. */
export function pairLabel(trial: TrialSpec, paired: readonly string[]): string {
  return paired.map((path) => trial.replicates[path] ?? trial.levels[path] ?? "").join(", ");
}

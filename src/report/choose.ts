/** Which level `choose` takes, and which trials remain. */
import { group } from "d3-array";
import { mean } from "../stats/interval.ts";
import type { RunData } from "../store/run-data.ts";
import type { ChooseSpec, ExperimentPlan, TrialSpec } from "../study/plan.ts";
import { type Measurements, metricName } from "./values.ts";

export interface Choice {
  /** `recipe.optimizer.lr` */
  readonly path: string;
  /** `valid.accuracy` */
  readonly metric: string;
  readonly goal: "max" | "min";
  /** The levels of the factors after `per`: `{ model: "vgg" }`. */
  readonly of: Readonly<Record<string, string>>;
  /** Null where no level has a result. */
  readonly label: string | null;
  /** All levels, in their order. */
  readonly candidates: readonly Candidate[];
  /** The level taken is the least or the greatest number tried. */
  readonly edge: "least" | "greatest" | null;
}

export interface Candidate {
  readonly label: string;
  /** Mean over the trials with a result; null for none. */
  readonly mean: number | null;
  readonly n: number;
  readonly diverged: number;
}

/**
 * Applies every `choose` in the order written: for each combination of the levels after `per`, the level with the best mean over all
 * other axes; of equal ones the first. A training without a result, diverged or failed, is in no mean. Returns the trials that remain.
 */
export function applyChoices(
  run: RunData,
  experiment: ExperimentPlan,
  measured: Measurements,
): { readonly choices: readonly Choice[]; readonly kept: readonly TrialSpec[] } {
  let kept = experiment.trials.map((ordinal) => run.plan.trials[ordinal - 1]!);
  const choices: Choice[] = [];
  for (const choose of experiment.choose) {
    const labels = experiment.factors.find(({ path }) => path === choose.path)?.labels ?? [];
    const levelOf = (trial: TrialSpec, path: string) => trial.levels[path] ?? trial.replicates[path] ?? null;
    // Where the factor does not apply (`when`), there is nothing to choose, and nothing leaves.
    const remaining = new Set(kept.filter((trial) => !(choose.path in trial.levels)));
    const choosing = kept.filter((trial) => choose.path in trial.levels);
    const groups = group(choosing, (trial) => JSON.stringify(choose.per.map((path) => levelOf(trial, path))));
    for (const trials of groups.values()) {
      const choice = chooseLevel(run, choose, labels, trials, measured);
      choices.push(choice);
      for (const trial of trials) if (trial.levels[choose.path] === choice.label) remaining.add(trial);
    }
    kept = kept.filter((trial) => remaining.has(trial));
  }
  return { choices, kept };
}

function chooseLevel(
  run: RunData,
  { path, by, goal, per }: ChooseSpec,
  labels: readonly string[],
  trials: readonly TrialSpec[],
  measured: Measurements,
): Choice {
  const byLabel = group(trials, (trial) => trial.levels[path]!);
  const present = labels.filter((label) => byLabel.has(label));
  const candidates = present.map((label): Candidate => {
    const ordinals = byLabel.get(label)!.map(({ ordinal }) => ordinal);
    const values = ordinals.map((ordinal) => measured.value(ordinal, by)).filter((value) => value !== null);
    return {
      label,
      mean: values.length === 0 ? null : mean(values),
      n: values.length,
      diverged: ordinals.filter((ordinal) => run.trials[ordinal - 1]!.state === "diverged").length,
    };
  });
  let best: Candidate | null = null;
  for (const candidate of candidates) if (isAbove(candidate, best, goal)) best = candidate;
  return {
    path,
    metric: metricName(by),
    goal,
    of: Object.fromEntries(
      per.flatMap((axis) => {
        const label = trials[0]!.levels[axis] ?? trials[0]!.replicates[axis];
        return label === undefined ? [] : [[axis, label]];
      }),
    ),
    label: best?.label ?? null,
    candidates,
    edge: best ? edgeOf(present, best.label) : null,
  };
}

function isAbove(candidate: Candidate, best: Candidate | null, goal: "max" | "min"): boolean {
  if (candidate.mean === null) return false;
  if (best === null) return true;
  return goal === "max" ? candidate.mean > best.mean! : candidate.mean < best.mean!;
}

/** Where a label stands among the numbers of one unit that labels are (`0.03`, `50%`, `8 px`); null where it is neither end. */
export function edgeOf(labels: readonly string[], label: string): "least" | "greatest" | null {
  const parts = labels.map((each) => /^([-+\d.e]+)\s*(\D*)$/i.exec(each));
  const numbers = parts.map((part) => Number(part?.[1] ?? Number.NaN));
  const units = new Set(parts.map((part) => part?.[2]));
  if (labels.length < 2 || units.size > 1 || numbers.some((number) => !Number.isFinite(number))) return null;
  const chosen = numbers[labels.indexOf(label)];
  if (chosen === Math.min(...numbers)) return "least";
  return chosen === Math.max(...numbers) ? "greatest" : null;
}

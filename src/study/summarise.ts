import { listWords } from "../check/describe.ts";
import { showCount } from "../text/count.ts";
import type { ExperimentPlan, Factor, Plan, TrialSpec } from "./plan.ts";

/** `2 models x 3 lr x 8 seeds = 48 trainings; 16 are reported after choose`, for each experiment. `between` stands between them. */
export function summarise(plan: Plan, between = "; "): string {
  if (plan.experiments.length === 0) return "no experiment";
  const texts = plan.experiments.map((experiment) => summariseExperiment(experiment, plan));
  if (texts.length === 1) return texts[0]!;
  const all = plan.experiments.map((experiment, i) => `${experiment.name}: ${texts[i]}`);
  return [...all, `${count(plan.trials.length, "training")} in all`].join(between);
}

function summariseExperiment(experiment: ExperimentPlan, plan: Plan): string {
  const { factors, replicates } = experiment;
  const axes = [...factors, ...replicates];
  const total = count(experiment.trials.length, "training");
  if (axes.length === 0 && !experiment.searches) return total;
  const each = (all: readonly Factor[]) => all.map(({ path, labels }) => countLevels(labels.length, path));
  const repeats = replicates.reduce((product, { labels }) => product * labels.length, 1);
  // Factors under a condition are not crossed with all others.
  const combined = factors.some(({ when }) => when !== undefined)
    ? [`${count(experiment.trials.length / repeats, "combination")} of ${listWords(each(factors), "and")}`]
    : each(factors);
  const product = [...combined, ...each(replicates)].join(" x ") || "what is found";
  const planned = axes.length === 1 && axes[0]!.labels.length === 1 ? product : `${product} = ${total}`;
  const searched = (experiment.searches ?? []).map(
    ({ method, trainings }) =>
      `a search of ${count(method.parameters.trials as number, "point")} takes ${count(trainings, "training")}`,
  );
  const size = [...searched, planned].join("; then ");
  const chosen = new Set(experiment.choose.map((choose) => choose.path));
  if (chosen.size === 0) return size;
  const reported = countReported(experiment, plan);
  return `${size}; ${showCount(reported)} ${reported === 1 ? "is" : "are"} reported after choose`;
}

/** One training for each combination of the levels that no `choose` closes. */
function countReported({ trials, choose }: ExperimentPlan, plan: Plan): number {
  const closed = new Set(choose.map(({ path }) => path));
  const open = trials.map((ordinal) => {
    const { levels, replicates } = plan.trials[ordinal - 1]!;
    return JSON.stringify([Object.entries(levels).filter(([path]) => !closed.has(path)), replicates]);
  });
  return new Set(open).size;
}

/** What several of them are called. Of other words, the name of a parameter among them, there are values. */
const plurals: Readonly<Record<string, string>> = {
  activation: "activations",
  batch: "batch sizes",
  data: "data sets",
  depth: "depths",
  dropout: "dropout rates",
  fold: "folds",
  init: "initializations",
  kernel: "kernels",
  length: "lengths",
  loss: "losses",
  lr: "lr",
  model: "models",
  optimizer: "optimizers",
  recipe: "recipes",
  schedule: "schedules",
  seed: "seeds",
  source: "sources",
  split: "splits",
  width: "widths",
};

function countLevels(n: number, path: string): string {
  const word = path.slice(path.lastIndexOf(".") + 1);
  const many = Object.hasOwn(plurals, word) ? plurals[word] : undefined;
  if (many === undefined) return `${count(n, "value")} of ${word}`;
  return `${showCount(n)} ${n === 1 ? word : many}`;
}

function count(n: number, word: string): string {
  return `${showCount(n)} ${word}${n === 1 ? "" : "s"}`;
}

/** A trial in a line: `resnet   seed 3`; `training` where it is the only one. */
export function trialLabel({ levels, replicates }: TrialSpec): string {
  const repeats = Object.entries(replicates).map(([axis, value]) => `${axis} ${value}`);
  return [...Object.values(levels), ...repeats].join("   ") || "training";
}

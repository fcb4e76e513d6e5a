import type { ExperimentPlan, Plan, TrialSpec } from "./plan.ts";

/** `2 models x 3 lr x 8 seeds = 48 trainings; 16 are reported after choose`, for each experiment. */
export function summarise(plan: Plan): string {
  if (plan.experiments.length === 0) return "no experiment";
  const texts = plan.experiments.map(summariseExperiment);
  if (texts.length === 1) return texts[0]!;
  const all = plan.experiments.map((experiment, i) => `${experiment.name}: ${texts[i]}`);
  return `${all.join("; ")}; ${count(plan.trials.length, "training")} in all`;
}

function summariseExperiment(experiment: ExperimentPlan): string {
  const axes = [...experiment.factors, ...experiment.replicates];
  const total = count(experiment.trials.length, "training");
  if (axes.length === 0) return total;
  const product = axes.map(({ path, labels }) => countLevels(labels.length, path)).join(" x ");
  const size = axes.length === 1 && axes[0]!.labels.length === 1 ? product : `${product} = ${total}`;
  const chosen = new Set(experiment.choose.map((choose) => choose.path));
  if (chosen.size === 0) return size;
  const reported = axes
    .filter((axis) => !chosen.has(axis.path))
    .reduce((rest, axis) => rest * axis.labels.length, 1);
  return `${size}; ${reported.toLocaleString("en")} ${reported === 1 ? "is" : "are"} reported after choose`;
}

/** Words that are counted as things; names of parameters stay as they are: `3 lr`. */
const things = ["model", "recipe", "seed", "optimizer", "schedule", "split", "source"];

function countLevels(n: number, path: string): string {
  const word = path.slice(path.lastIndexOf(".") + 1);
  if (path === "data") return `${n} data`;
  return things.includes(word) ? count(n, word) : `${n} ${word}`;
}

function count(n: number, word: string): string {
  return `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
}

/** A trial in a line: `resnet   seed 3`; `training` where it is the only one. */
export function trialLabel({ levels, replicates }: TrialSpec): string {
  const repeats = Object.entries(replicates).map(([axis, value]) => `${axis} ${value}`);
  return [...Object.values(levels), ...repeats].join("   ") || "training";
}

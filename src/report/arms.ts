/** The arms of an experiment: what remains to be compared after `choose`, each with its replicates. */
import { group } from "d3-array";
import { type Estimate, estimateMean } from "../stats/interval.ts";
import type { RunData } from "../store/run-data.ts";
import type { ExperimentPlan, TrialSpec } from "../study/plan.ts";
import { listed } from "./numbers.ts";
import { macsOf, trainedParameters } from "./values.ts";

export interface Arm {
  /** `resnet`, `resnet, depth 18`. */
  readonly label: string;
  /** Levels of the factors that are still open, by path. */
  readonly levels: Readonly<Record<string, string>>;
  /** Levels that `choose` took for it, by path. */
  readonly chosen: Readonly<Record<string, string>>;
  /** Ordinals, done or not. */
  readonly trials: readonly number[];
  readonly done: number;
  readonly parameters: number;
  readonly macs: number;
  /** Seconds a training; null where no time is known. */
  readonly seconds: Estimate | null;
}

/** `recipe.optimizer.lr` is `lr` where no other path ends so. */
export function shortNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const last = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
  return new Map(
    paths.map((path) => {
      const alone = paths.filter((other) => last(other) === last(path)).length === 1;
      return [path, alone ? last(path) : path];
    }),
  );
}

/** Factors that no `choose` closes, in the order of the plan. */
export function openFactors({ factors, choose }: ExperimentPlan): readonly string[] {
  const closed = new Set(choose.map(({ path }) => path));
  return factors.map(({ path }) => path).filter((path) => !closed.has(path));
}

/** `vgg, lr 0.03, seed 3`: a level of `model` speaks for itself. */
export function describeLevels(
  levels: Readonly<Record<string, string>>,
  names: ReadonlyMap<string, string>,
): string {
  return Object.entries(levels)
    .map(([path, label]) => (path === "model" ? label : `${names.get(path) ?? path} ${label}`))
    .join(", ");
}

export function namesOf(experiment: ExperimentPlan): ReadonlyMap<string, string> {
  return shortNames([...experiment.factors, ...experiment.replicates].map(({ path }) => path));
}

/** `vgg`, `unet and patch` */
export function modelsOf({ networks }: TrialSpec): string {
  return listed(networks.map(({ network }) => network.model));
}

export function describeTrial(trial: TrialSpec, names: ReadonlyMap<string, string>): string {
  const levels = { ...trial.levels, ...trial.replicates };
  return describeLevels(levels, names) || modelsOf(trial);
}

export function armsOf(run: RunData, experiment: ExperimentPlan, kept: readonly TrialSpec[]): Arm[] {
  const open = openFactors(experiment);
  const names = namesOf(experiment);
  const pick = (trial: TrialSpec, paths: readonly string[]): Record<string, string> =>
    Object.fromEntries(paths.flatMap((path) => (path in trial.levels ? [[path, trial.levels[path]!]] : [])));
  const groups = group(kept, (trial) => JSON.stringify(pick(trial, open)));
  return Array.from(groups.values(), (trials) => {
    const first = trials[0]!;
    const levels = pick(first, open);
    const records = trials.map(({ ordinal }) => run.trials[ordinal - 1]!);
    const done = records.filter(({ state }) => state === "done");
    const seconds = done.map((record) => record.seconds).filter((value) => value !== null);
    return {
      label: describeLevels(levels, names) || modelsOf(first),
      levels,
      chosen: pick(
        first,
        experiment.choose.map(({ path }) => path),
      ),
      trials: trials.map(({ ordinal }) => ordinal),
      done: done.length,
      parameters: trainedParameters(first.networks),
      macs: macsOf(first.networks),
      seconds: seconds.length === 0 ? null : estimateMean(seconds),
    };
  });
}

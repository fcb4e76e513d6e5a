/** How long trainings take, measured by running some of their steps the way a run would. */
import type { Dataset } from "../data/dataset.ts";
import type { Engine } from "../engine/engine.ts";
import type { TrialSpec } from "../study/plan.ts";
import { buildTrial } from "../train/build.ts";
import { withClasses } from "../train/class-names.ts";
import { lengthOf } from "../train/length.ts";
import type { TrialProgress } from "../train/outcome.ts";
import { trainTrial } from "../train/trial.ts";

/** Seconds of a whole training: at the median pace, and at the quartiles of what was seen. */
export interface Pace {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

export interface PaceOptions {
  readonly engine: Engine;
  readonly threads: number;
  /** Trainings at the same time: they share the machine's memory and caches. */
  readonly together: number;
  readonly evaluateBatch: number;
  readonly signal: AbortSignal;
}

/** How often the pace is looked at after the first look, in which the engine still allocates. */
const looks = 4;
/** A row is evaluated in about a third of the time that it is trained in: one pass of three. */
const evaluationShare = 1 / 3;

/** Takes a second or two. Undefined where the user asked to stop, or no step was made. */
export async function measurePace(
  trial: TrialSpec,
  dataset: Dataset,
  { engine, threads, together, evaluateBatch, signal }: PaceOptions,
): Promise<Pace | undefined> {
  const program = buildTrial(withClasses(trial, dataset), dataset.count, { evaluateBatch });
  const began = performance.now();
  const enough = new AbortController();
  const rates: number[] = [];
  let starting: number | undefined;
  const onProgress = ({ samplesPerSecond }: TrialProgress) => {
    if (starting === undefined) starting = (performance.now() - began) / 1000;
    else rates.push(samplesPerSecond);
    if (rates.length >= looks * together) enough.abort();
  };
  const either = AbortSignal.any([signal, enough.signal]);
  const train = () => trainTrial({ trial, program, dataset, engine, threads, signal: either, onProgress });
  await Promise.all(Array.from({ length: together }, train));
  if (signal.aborted || rates.length === 0) return undefined;

  rates.sort((a, b) => a - b);
  const { train: trained, valid, test } = dataset.rows;
  const stepsPerEpoch = Math.floor(trained.length / program.batch);
  const { length } = trial.recipe;
  const steps = lengthOf(trial.recipe, stepsPerEpoch).total(0, 0);
  const evaluated = Math.ceil(steps / stepsPerEpoch) * valid.length + valid.length + test.length;
  const rows = steps * program.batch + evaluated * evaluationShare;
  const at = (rate: number) => starting! + ("seconds" in length ? length.seconds : rows / rate);
  const quartile = (n: number) => at(rates[Math.floor((n * (rates.length - 1)) / 4)]!);
  return { seconds: quartile(2), low: quartile(3), high: quartile(1) };
}

/** How long a trial trains, and where in it a step stands. */

import { isBetter } from "../ops/metric.ts";
import { operatorOf } from "../ops/registry.ts";
import type { ScheduleTime } from "../ops/schedule.ts";
import type { OpCall } from "../ops/signature.ts";
import { goalOf } from "../study/metric.ts";
import type { MetricSpec, Objective, RecipeSpec } from "../study/plan.ts";
import { metricKey } from "./evaluate.ts";
import type { EpochRecord } from "./outcome.ts";

export interface Length {
  readonly stepsPerEpoch: number;
  /** Steps in all. Of a length in time an estimate from the pace so far. */
  total(step: number, seconds: number): number;
  reached(step: number, seconds: number): boolean;
}

export function lengthOf({ length }: RecipeSpec, stepsPerEpoch: number): Length {
  if ("seconds" in length) {
    const limit = length.seconds;
    return {
      stepsPerEpoch,
      total: (step, seconds) =>
        step === 0 || seconds === 0
          ? stepsPerEpoch
          : Math.max(step + 1, Math.round((step * limit) / seconds)),
      reached: (_, seconds) => seconds >= limit,
    };
  }
  const total = "steps" in length ? length.steps : Math.round(length.epochs * stepsPerEpoch);
  return { stepsPerEpoch, total: () => total, reached: (step) => step >= total };
}

/** The learning rate of the step after `time.step` steps, and after these epochs. */
export function learningRate(
  { optimizer, schedule }: Pick<Objective, "optimizer" | "schedule">,
  time: Omit<ScheduleTime, "lr" | "watched">,
  epochs: readonly EpochRecord[],
): number {
  const { lr } = optimizer.parameters;
  if (typeof lr !== "number") throw new Error(`the optimizer ${optimizer.op} has no learning rate`);
  if (!schedule) return lr;
  const watched = watchedBy(schedule, epochs);
  return (
    lr *
    operatorOf("schedule", schedule.op).factor(
      { ...time, lr, ...(watched && { watched }) },
      schedule.parameters,
    )
  );
}

function watchedBy({ parameters }: OpCall, epochs: readonly EpochRecord[]): ScheduleTime["watched"] {
  const metric = parameters.metric as unknown as MetricSpec | undefined;
  if (!metric) return undefined;
  const key = metricKey(metric);
  return {
    epochs: epochs.map(({ epoch, step, metrics }) => ({ epoch, step, value: metrics[key]! })),
    goal: goalOf(metric),
  };
}

/** How far averages of weights move towards them after a step, 1 for the first: `ema(decay)` or `swa(from)`. */
export function averagingRate({ average }: RecipeSpec, step: number, total: number): number {
  if (average?.op === "ema")
    return 1 - Math.min(average.parameters.decay as number, (1 + step) / (10 + step));
  const before = Math.floor((average!.parameters.start as number) * total);
  return step <= before ? 1 : 1 / (step - before);
}

/** `early(m, patience: ...)`: has `m` not improved for that long? */
export function stopsEarly({ stop }: RecipeSpec, epochs: readonly EpochRecord[]): boolean {
  const last = epochs.at(-1);
  if (!stop || !last) return false;
  const metric = stop.parameters.metric as unknown as MetricSpec;
  const patience = stop.parameters.patience as { readonly epochs?: number; readonly steps?: number };
  const key = metricKey(metric);
  const goal = goalOf(metric);
  let best: EpochRecord | undefined;
  for (const record of epochs) {
    if (!best || isBetter(record.metrics[key]!, best.metrics[key]!, goal)) best = record;
  }
  if (patience.steps !== undefined) return last.step - best!.step >= patience.steps;
  return last.epoch - best!.epoch >= patience.epochs!;
}

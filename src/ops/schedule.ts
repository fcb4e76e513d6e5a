import type { Parameters, Signature } from "./signature.ts";

/** Steps are counted from 0 to `total` - 1. */
export interface ScheduleTime {
  /** The optimizer's learning rate, which the factor is on. */
  readonly lr: number;
  readonly step: number;
  readonly total: number;
  readonly stepsPerEpoch: number;
  /** In the order of epochs, with whether more of the metric is better; of a schedule that watches one. */
  readonly watched?: { readonly epochs: readonly Watched[]; readonly goal: "max" | "min" };
}

/** What the metric that a schedule watches was at the end of an epoch, which ended with that step. */
export interface Watched {
  readonly epoch: number;
  readonly step: number;
  readonly value: number;
}

/**
 * A factor on the optimizer's learning rate: a function of time and, with a parameter `metric`, of what that was. So the epochs
 * that a checkpoint holds are all of its state.
 */
export interface ScheduleOp extends Signature {
  readonly family: "schedule";
  factor(time: ScheduleTime, parameters: Parameters): number;
}

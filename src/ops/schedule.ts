import type { Parameters, Signature } from "./signature.ts";

/** Steps are counted from 0 to `total` - 1. */
export interface ScheduleTime {
  /** The optimizer's learning rate, which the factor is on. */
  readonly lr: number;
  readonly step: number;
  readonly total: number;
  readonly stepsPerEpoch: number;
}

/** A factor on the optimizer's learning rate, as a function of time alone: nothing that was measured enters. */
export interface ScheduleOp extends Signature {
  readonly family: "schedule";
  factor(time: ScheduleTime, parameters: Parameters): number;
}

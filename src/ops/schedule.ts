import type { Parameters, Signature } from "./signature.ts";

/** Steps are counted from 0 to `total` - 1. */
export interface ScheduleTime {
  readonly step: number;
  readonly total: number;
  readonly stepsPerEpoch: number;
}

/** A factor on the optimizer's learning rate, as a function of time alone. */
export interface ScheduleOp extends Signature {
  readonly family: "schedule";
  factor(time: ScheduleTime, parameters: Parameters): number;
}

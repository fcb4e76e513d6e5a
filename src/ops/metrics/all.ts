import type { MetricOp } from "../metric.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const metrics: readonly MetricOp[] = [];

import type { OptimizerOp } from "../optimizer.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const optimizers: readonly OptimizerOp[] = [];

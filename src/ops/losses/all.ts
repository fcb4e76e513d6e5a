import type { LossOp } from "../loss.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const losses: readonly LossOp[] = [];

import type { AugmentOp } from "../augment.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const augmentSteps: readonly AugmentOp[] = [];

import type { PrepareOp } from "../prepare.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const prepareSteps: readonly PrepareOp[] = [];

import type { SplitOp } from "../split.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const splits: readonly SplitOp[] = [];

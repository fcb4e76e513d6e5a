import type { ReaderOp } from "../reader.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const readers: readonly ReaderOp[] = [];

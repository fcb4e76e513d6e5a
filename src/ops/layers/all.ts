import type { LayerOp } from "../layer.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const layers: readonly LayerOp[] = [];

import type { LayerOp } from "../layer.ts";
import { activations } from "./activation.ts";
import { batchNorm } from "./batch-norm.ts";
import { combinations } from "./combine.ts";
import { conv } from "./conv.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { pools } from "./pool.ts";
import { scalarArithmetic } from "./scalar.ts";
import { arrangements } from "./shape.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const layers: readonly LayerOp[] = [
  conv,
  dense,
  batchNorm,
  ...activations,
  ...pools,
  dropout,
  ...arrangements,
  ...combinations,
  ...scalarArithmetic,
];

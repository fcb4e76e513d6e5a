import type { LayerOp } from "../layer.ts";
import { activations } from "./activation.ts";
import { algebra } from "./algebra.ts";
import { batchNorm } from "./batch-norm.ts";
import { combinations } from "./combine.ts";
import { conv } from "./conv.ts";
import { convTranspose } from "./conv-transpose.ts";
import { dense } from "./dense.ts";
import { drawn } from "./drawn.ts";
import { dropout } from "./dropout.ts";
import { elementaries } from "./elementary.ts";
import { embedding } from "./embedding.ts";
import { isClass } from "./is-class.ts";
import { normalizations } from "./norm.ts";
import { pools } from "./pool.ts";
import { prelu } from "./prelu.ts";
import { recurrentLayers } from "./recurrent.ts";
import { reductions } from "./reduce.ts";
import { scalarArithmetic } from "./scalar.ts";
import { arrangements } from "./shape.ts";
import { upsample } from "./upsample.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const layers: readonly LayerOp[] = [
  conv,
  convTranspose,
  dense,
  embedding,
  batchNorm,
  ...normalizations,
  ...activations,
  prelu,
  ...pools,
  upsample,
  ...recurrentLayers,
  dropout,
  ...arrangements,
  ...combinations,
  ...scalarArithmetic,
  ...reductions,
  ...elementaries,
  isClass,
  ...algebra,
  ...drawn,
];

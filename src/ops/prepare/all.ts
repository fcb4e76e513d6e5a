import type { PrepareOp } from "../prepare.ts";
import { asinhStretch } from "./asinh-stretch.ts";
import { centreCrop } from "./centre-crop.ts";
import { flatten } from "./flatten.ts";
import { resize } from "./resize.ts";
import { scale } from "./scale.ts";
import { standardize } from "./standardize.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const prepareSteps: readonly PrepareOp[] = [
  centreCrop,
  resize,
  scale,
  standardize,
  asinhStretch,
  flatten,
];

import type { PrepareOp } from "../prepare.ts";
import { asinhStretch } from "./asinh-stretch.ts";
import { centreCrop } from "./centre-crop.ts";
import { elementwiseSteps } from "./elementwise.ts";
import { flatten } from "./flatten.ts";
import { luptitude } from "./luptitude.ts";
import { minMax } from "./min-max.ts";
import { pad } from "./pad.ts";
import { pca } from "./pca.ts";
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
  luptitude,
  minMax,
  ...elementwiseSteps,
  pad,
  flatten,
  pca,
];

import type { LossOp } from "../loss.ts";
import { binaryCrossEntropy, crossEntropy } from "./cross-entropy.ts";
import { meanAbsoluteError, meanSquaredError } from "./regression.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const losses: readonly LossOp[] = [
  crossEntropy,
  binaryCrossEntropy,
  meanSquaredError,
  meanAbsoluteError,
];

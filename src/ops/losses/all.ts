import type { LossOp } from "../loss.ts";
import { binaryLosses } from "./binary.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { regressionLosses } from "./regression.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const losses: readonly LossOp[] = [crossEntropy, ...binaryLosses, ...regressionLosses];

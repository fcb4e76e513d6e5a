import type { AugmentOp } from "../augment.ts";
import { centreCrop, flip, randomCrop } from "./crop.ts";
import { rotate, shift } from "./move.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const augmentSteps: readonly AugmentOp[] = [rotate, flip, shift, randomCrop, centreCrop];

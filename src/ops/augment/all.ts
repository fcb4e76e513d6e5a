import type { AugmentOp } from "../augment.ts";
import { centreCrop, flip, randomCrop } from "./crop.ts";
import { rotate, shift } from "./move.ts";
import { reverse, roll } from "./sequence.ts";
import { rotate90, zoom } from "./turn.ts";
import { mask, multiply, noise } from "./values.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const augmentSteps: readonly AugmentOp[] = [
  rotate,
  rotate90,
  flip,
  shift,
  zoom,
  randomCrop,
  centreCrop,
  reverse,
  roll,
  noise,
  mask,
  multiply,
];

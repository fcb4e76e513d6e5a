import type { OptimizerOp } from "../optimizer.ts";
import { adam, adamw } from "./adam.ts";
import { adadelta, adagrad, rmsprop } from "./adaptive.ts";
import { adamax, lamb, lion, nadam } from "./moments.ts";
import { sgd } from "./sgd.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const optimizers: readonly OptimizerOp[] = [
  sgd,
  adam,
  adamw,
  adagrad,
  adadelta,
  rmsprop,
  nadam,
  adamax,
  lion,
  lamb,
];

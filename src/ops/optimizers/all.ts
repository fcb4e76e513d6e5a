import type { OptimizerOp } from "../optimizer.ts";
import { adam, adamw } from "./adam.ts";
import { adadelta, adagrad, rmsprop } from "./adaptive.ts";
import { sgd } from "./sgd.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const optimizers: readonly OptimizerOp[] = [sgd, adam, adamw, adagrad, adadelta, rmsprop];

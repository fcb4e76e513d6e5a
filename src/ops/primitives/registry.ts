/** Every primitive, by TensorFlow's name. */
import { activations } from "./activation.ts";
import { arithmetic } from "./arithmetic.ts";
import { compare } from "./compare.ts";
import { convolution } from "./convolution.ts";
import { gathers } from "./gather.ts";
import { linear } from "./linear.ts";
import { loss } from "./loss.ts";
import { normalisation } from "./normalisation.ts";
import { pool } from "./pool.ts";
import type { Primitive } from "./primitive.ts";
import { randomness } from "./random.ts";
import { reduce } from "./reduce.ts";
import { shapes } from "./shape.ts";
import { variables } from "./variable.ts";

export const primitives: ReadonlyMap<string, Primitive> = new Map(
  [
    ...arithmetic,
    ...compare,
    ...activations,
    ...linear,
    ...convolution,
    ...normalisation,
    ...pool,
    ...loss,
    ...reduce,
    ...shapes,
    ...gathers,
    ...randomness,
    ...variables,
  ].map((entry) => [entry.op, entry]),
);

/** Throws where the graph's vocabulary has no such operator. */
export function primitiveOf(op: string): Primitive {
  const found = primitives.get(op);
  if (!found) throw new Error(`the graph has no operator ${op}`);
  return found;
}

/** What a kernel of the reference engine is: one operator computed plainly in float64, written to be read, not to be fast. */
import type { Attrs, Node } from "../../ops/node.ts";
import { elementCount } from "../../types/tensor.ts";

/** A value of the graph while an entry runs. Whole numbers and booleans are held as float64 too. */
export interface Cell {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** The keys and counters of random numbers (u64), which float64 cannot hold. */
  readonly exact?: BigUint64Array;
}

/** Inputs to outputs. Shapes were settled when the node was made: they stand in `node.outputs`. */
export type Kernel = (inputs: readonly Cell[], node: Node) => readonly Float64Array[];

export type Kernels = Readonly<Record<string, Kernel>>;

/** An array for one output of a node. */
export function outputArray(node: Node, index = 0): Float64Array {
  return new Float64Array(elementCount(node.outputs[index]!.shape));
}

/** Elements between neighbours along each axis, in row-major order. */
export function stridesFor(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let size = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = size;
    size *= shape[axis]!;
  }
  return strides;
}

/** Strides that read `from` as if it had the shape `to`: 0 along axes of length 1 that are repeated. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = stridesFor(from);
  const extra = to.length - from.length;
  return to.map((_, axis) => (axis < extra || from[axis - extra] === 1 ? 0 : strides[axis - extra]!));
}

/**
 * Visits all places of `shape` in row-major order: `visit(i, a)`, with `i` the place's number and `a` the offset that
 * `strides` give it, from `base` on.
 */
export function walk(
  shape: readonly number[],
  strides: readonly number[],
  visit: (i: number, a: number) => void,
  base = 0,
): void {
  const count = elementCount(shape);
  const index = new Array<number>(shape.length).fill(0);
  let at = base;
  for (let i = 0; i < count; i++) {
    visit(i, at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
}

export function floatAttr(attrs: Attrs, name: string, otherwise: number): number {
  const value = attrs[name] ?? otherwise;
  return value as number;
}

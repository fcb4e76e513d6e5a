/** Reading and counting by index, and tensors made from numbers. */

import { philoxUniform } from "../../ops/philox.ts";
import { intAttr, normalAxis } from "../../ops/primitives/primitive.ts";
import { elementCount } from "../../types/tensor.ts";
import { type Cell, type Kernel, type Kernels, outputArray } from "./kernel.ts";
import { project } from "./project.ts";

function checkIndex(index: number, place: number, indices: Cell, limit: number): void {
  if (index >= 0 && index < limit) return;
  const at = indices.shape.length === 0 ? "" : `[${placeIn(indices.shape, place).join(",")}]`;
  throw new Error(`indices${at} = ${index} is not in [0, ${limit})`);
}

function placeIn(shape: readonly number[], place: number): number[] {
  let rest = place;
  return [...shape]
    .reverse()
    .map((dim) => {
      const index = rest % dim;
      rest = Math.floor(rest / dim);
      return index;
    })
    .reverse();
}

/** Slices of `x` along `axis`; the leading `batch` axes of `x` and `indices` go together. */
function gather(x: Cell, indices: Cell, axis: number, batch: number): Float64Array {
  const outer = elementCount(x.shape.slice(0, batch));
  const middle = elementCount(x.shape.slice(batch, axis));
  const length = x.shape[axis]!;
  const inner = elementCount(x.shape.slice(axis + 1));
  const picks = indices.data.length / Math.max(1, outer);
  const out = new Float64Array(outer * middle * picks * inner);
  let to = 0;
  for (let b = 0; b < outer; b++) {
    for (let m = 0; m < middle; m++) {
      for (let i = 0; i < picks; i++) {
        const index = indices.data[b * picks + i]!;
        checkIndex(index, b * picks + i, indices, length);
        const from = ((b * middle + m) * length + index) * inner;
        out.set(x.data.subarray(from, from + inner), to);
        to += inner;
      }
    }
  }
  return out;
}

const segmentSum: Kernel = ([data, ids], node) => {
  const out = outputArray(node);
  const inner = data!.data.length / Math.max(1, ids!.data.length);
  for (const [i, id] of ids!.data.entries()) {
    // Negative segments are left out, as in TensorFlow.
    if (id < 0) continue;
    for (let j = 0; j < inner; j++) out[id * inner + j]! += data!.data[i * inner + j]!;
  }
  return [out];
};

const topK: Kernel = ([x, k], node) => {
  const [values, places] = [outputArray(node, 0), outputArray(node, 1)];
  const length = x!.shape.at(-1)!;
  const count = k!.data[0]!;
  for (let row = 0; row * count < values.length; row++) {
    const of = x!.data.subarray(row * length, (row + 1) * length);
    // Sorting keeps the order of equal elements.
    const order = Array.from(of.keys()).sort((a, b) => of[b]! - of[a]!);
    for (const [i, place] of order.slice(0, count).entries()) {
      values[row * count + i] = of[place]!;
      places[row * count + i] = place;
    }
  }
  return [values, places];
};

const oneHot: Kernel = ([indices, depth, on, off], node) => {
  const given = intAttr(node.attrs, "axis", -1);
  const axis = given === -1 ? indices!.shape.length : given;
  const length = depth!.data[0]!;
  const inner = elementCount(indices!.shape.slice(axis));
  return [
    outputArray(node).map((_, i) => {
      const index = indices!.data[Math.floor(i / (length * inner)) * inner + (i % inner)];
      return Math.floor(i / inner) % length === index ? on!.data[0]! : off!.data[0]!;
    }),
  ];
};

export const indexing: Kernels = {
  GatherV2: ([x, indices, axis], node) => [
    gather(x!, indices!, normalAxis(axis!.data[0]!, x!.shape.length), intAttr(node.attrs, "batch_dims", 0)),
  ],
  ResourceGather: ([x, indices]) => [gather(x!, indices!, 0, 0)],
  UnsortedSegmentSum: segmentSum,
  TopKV2: topK,
  OneHot: oneHot,
  Fill: ([, value], node) => [outputArray(node).fill(value!.data[0]!)],
  Range: ([start, , delta], node) => [outputArray(node).map((_, i) => start!.data[0]! + i * delta!.data[0]!)],
  StatelessRandomUniformV2: ([, key, counter], node) => {
    const bits = key!.exact![0]!;
    const [low, high] = counter!.exact!;
    // `philoxUniform` begins at a multiple of 2^32: where each use of a stream begins.
    if ((low! & 0xffffffffn) !== 0n) throw new Error(`cannot draw from counter [${low}, ${high}]`);
    const words = [Number(bits & 0xffffffffn), Number(bits >> 32n)] as const;
    const count = elementCount(node.outputs[0]!.shape);
    return [Float64Array.from(philoxUniform(words, high!, count, Number(low! >> 32n)))];
  },
  ImageProjectiveTransformV3: project,
};

/** Reductions, and operators that move, repeat, cut and join elements. */
import type { Node, Value } from "../../ops/node.ts";
import { axesOf, constantInts, intAttr, normalAxis } from "../../ops/primitives/primitive.ts";
import { stridesOf } from "../../ops/primitives/shape.ts";
import { elementCount } from "../../types/tensor.ts";
import {
  broadcastStrides,
  type Cell,
  type Kernel,
  type Kernels,
  outputArray,
  stridesFor,
  walk,
} from "./kernel.ts";

/** Folds the elements along the axes, beginning at `start`. */
const reduction =
  (start: number, fold: (sum: number, value: number) => number, mean = false): Kernel =>
  ([x], node) => {
    const axes = axesOf(node.inputs[1]!, x!.shape.length);
    const out = outputArray(node).fill(start);
    const kept = stridesFor(x!.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)));
    const strides = kept.map((stride, axis) => (axes.includes(axis) ? 0 : stride));
    walk(x!.shape, strides, (i, to) => {
      out[to] = fold(out[to]!, x!.data[i]!);
    });
    const count = elementCount(axes.map((axis) => x!.shape[axis]!));
    return [mean ? out.map((sum) => sum / count) : out];
  };

/** The place of the first element that is better than all before it, along one axis. */
const argument =
  (better: (value: number, than: number) => boolean): Kernel =>
  ([x], node) => {
    const axis = normalAxis(constantInts(node.inputs[1]!, "axis")[0]!, x!.shape.length);
    const inner = elementCount(x!.shape.slice(axis + 1));
    const length = x!.shape[axis]!;
    return [
      outputArray(node).map((_, i) => {
        const base = Math.floor(i / inner) * length * inner + (i % inner);
        let best = 0;
        for (let j = 1; j < length; j++)
          if (better(x!.data[base + j * inner]!, x!.data[base + best * inner]!)) best = j;
        return best;
      }),
    ];
  };

/** Reads the input along `strides` from `base` on, in the order of the output. */
function gathered(x: Cell, shape: readonly number[], strides: readonly number[], base = 0): Float64Array {
  const out = new Float64Array(elementCount(shape));
  walk(
    shape,
    strides,
    (i, a) => {
      out[i] = x.data[a]!;
    },
    base,
  );
  return out;
}

/** Writes `x` along `strides` of the output from `base` on. */
function scattered(x: Cell, strides: readonly number[], out: Float64Array, base = 0): Float64Array {
  walk(
    x.shape,
    strides,
    (i, a) => {
      out[a] = x.data[i]!;
    },
    base,
  );
  return out;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

const same: Kernel = ([x]) => [x!.data];

const transpose: Kernel = ([x], node) => {
  const strides = stridesFor(x!.shape);
  const order = constantInts(node.inputs[1]!, "permutation");
  return [
    gathered(
      x!,
      node.outputs[0]!.shape,
      order.map((axis) => strides[axis]!),
    ),
  ];
};

function join(parts: readonly Cell[], axis: number, node: Node): readonly Float64Array[] {
  const out = outputArray(node);
  const { shape } = node.outputs[0]!;
  const strides = stridesFor(shape);
  let from = 0;
  for (const part of parts) {
    scattered(part, strides, out, from * strides[axis]!);
    from += part.shape[axis]!;
  }
  return [out];
}

const concat: Kernel = (inputs, node) =>
  join(
    inputs.slice(0, -1),
    normalAxis(constantInts(node.inputs.at(-1)!, "axis")[0]!, node.outputs[0]!.shape.length),
    node,
  );

const pack: Kernel = (inputs, node) => {
  const axis = normalAxis(intAttr(node.attrs, "axis", 0), node.outputs[0]!.shape.length);
  const parts = inputs.map(({ shape, data }) => ({
    shape: [...shape.slice(0, axis), 1, ...shape.slice(axis)],
    data,
  }));
  return join(parts, axis, node);
};

const unpack: Kernel = ([x], node) => {
  const axis = normalAxis(intAttr(node.attrs, "axis", 0), x!.shape.length);
  const strides = stridesFor(x!.shape);
  const rest = strides.filter((_, i) => i !== axis);
  return node.outputs.map(({ shape }, i) => gathered(x!, shape, rest, i * strides[axis]!));
};

const slice: Kernel = ([x], node) => {
  const strides = stridesFor(x!.shape);
  return [
    gathered(x!, node.outputs[0]!.shape, strides, dot(constantInts(node.inputs[1]!, "begin"), strides)),
  ];
};

const stridedSlice: Kernel = ([x], node) => {
  const { begin, strides: by, shape } = stridesOf(node);
  const strides = stridesFor(x!.shape);
  return [
    gathered(
      x!,
      shape,
      strides.map((stride, axis) => stride * by[axis]!),
      dot(begin, strides),
    ),
  ];
};

const stridedSliceGrad: Kernel = ([, , , , dy], node) => {
  const type = node.outputs[0]!;
  const [, begins, ends, steps] = node.inputs as [Value, Value, Value, Value];
  const whole: Value = { node, index: 0, type };
  const {
    begin,
    strides: by,
    shape,
  } = stridesOf({ inputs: [whole, begins, ends, steps], attrs: node.attrs });
  const strides = stridesFor(type.shape);
  const steppedBy = strides.map((stride, axis) => stride * by[axis]!);
  return [scattered({ shape, data: dy!.data }, steppedBy, outputArray(node), dot(begin, strides))];
};

const pad: Kernel = ([x], node) => {
  const by = constantInts(node.inputs[1]!, "paddings");
  const strides = stridesFor(node.outputs[0]!.shape);
  const before = x!.shape.map((_, axis) => by[2 * axis]!);
  return [scattered(x!, strides, outputArray(node), dot(before, strides))];
};

const tile: Kernel = ([x], node) => {
  const { shape } = node.outputs[0]!;
  const strides = stridesFor(x!.shape);
  const outer = stridesFor(shape);
  return [
    outputArray(node).map((_, i) => {
      let at = 0;
      for (const [axis, stride] of outer.entries())
        at += ((Math.floor(i / stride) % shape[axis]!) % x!.shape[axis]!) * strides[axis]!;
      return x!.data[at]!;
    }),
  ];
};

const broadcastTo: Kernel = ([x], node) => {
  const { shape } = node.outputs[0]!;
  return [gathered(x!, shape, broadcastStrides(x!.shape, shape))];
};

const reverse: Kernel = ([x], node) => {
  const axes = axesOf(node.inputs[1]!, x!.shape.length);
  const strides = stridesFor(x!.shape);
  const base = axes.reduce((sum, axis) => sum + (x!.shape[axis]! - 1) * strides[axis]!, 0);
  const backwards = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride));
  return [gathered(x!, x!.shape, backwards, base)];
};

export const arrangement: Kernels = {
  Sum: reduction(0, (sum, value) => sum + value),
  Mean: reduction(0, (sum, value) => sum + value, true),
  Max: reduction(Number.NEGATIVE_INFINITY, Math.max),
  Min: reduction(Number.POSITIVE_INFINITY, Math.min),
  All: reduction(1, (all, value) => (all && value ? 1 : 0)),
  Any: reduction(0, (any, value) => (any || value ? 1 : 0)),
  ArgMax: argument((value, than) => value > than),
  ArgMin: argument((value, than) => value < than),
  Reshape: same,
  ExpandDims: same,
  Squeeze: same,
  Transpose: transpose,
  ConcatV2: concat,
  Pack: pack,
  Unpack: unpack,
  Slice: slice,
  StridedSlice: stridedSlice,
  StridedSliceGrad: stridedSliceGrad,
  Pad: pad,
  Tile: tile,
  BroadcastTo: broadcastTo,
  ReverseV2: reverse,
};

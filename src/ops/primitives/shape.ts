/** Operators that move, repeat, cut and join elements without computing with them. */
import type { Builder, Node, Value } from "../node.ts";
import {
  axesOf,
  broadcast,
  constantInts,
  elementCount,
  equalShapes,
  filled,
  intAttr,
  intsAttr,
  normalAxis,
  type Primitive,
  primitive,
  reshape,
  sameDtype,
  show,
  sumTo,
} from "./primitive.ts";

/** The gradient of an operator that keeps the order of the elements. */
const restore = (b: Builder, node: Node, [dy]: readonly (Value | undefined)[]) => [
  reshape(b, dy!, node.inputs[0]!.type.shape),
  undefined,
];

const reshapeOp = primitive("Reshape", {
  arity: 2,
  derived: { T: { input: 0 }, Tshape: { input: 1 } },
  infer: ([x, wanted]) => {
    const dims = constantInts(wanted!, "shape");
    const count = elementCount(x!.type.shape);
    const known = elementCount(dims.filter((dim) => dim >= 0));
    const shape = dims.map((dim) => (dim === -1 ? count / known : dim));
    if (elementCount(shape) !== count) throw new Error(`cannot make [${dims.join(",")}] of ${show(x!.type)}`);
    return [{ dtype: x!.type.dtype, shape }];
  },
  gradient: restore,
});

const expandDims = primitive("ExpandDims", {
  arity: 2,
  derived: { T: { input: 0 }, Tdim: { input: 1 } },
  infer: ([x, dim]) => {
    const { dtype, shape } = x!.type;
    const at = normalAxis(constantInts(dim!, "axis")[0]!, shape.length + 1);
    return [{ dtype, shape: [...shape.slice(0, at), 1, ...shape.slice(at)] }];
  },
  gradient: restore,
});

const squeeze = primitive("Squeeze", {
  arity: 1,
  attrs: { squeeze_dims: "ints" },
  infer: ([x], attrs) => {
    const { dtype, shape } = x!.type;
    const given = intsAttr(attrs, "squeeze_dims", []).map((axis) => normalAxis(axis, shape.length));
    for (const axis of given)
      if (shape[axis] !== 1) throw new Error(`has no axis of length 1 at ${axis} in ${show(x!.type)}`);
    const drop = (dim: number, axis: number) => (given.length ? given.includes(axis) : dim === 1);
    return [{ dtype, shape: shape.filter((dim, axis) => !drop(dim, axis)) }];
  },
  gradient: restore,
});

const transpose = primitive("Transpose", {
  arity: 2,
  derived: { T: { input: 0 }, Tperm: { input: 1 } },
  infer: ([x, perm]) => {
    const order = constantInts(perm!, "permutation");
    const { dtype, shape } = x!.type;
    if ([...order].sort((a, b) => a - b).join() !== shape.map((_, i) => i).join()) {
      throw new Error(`cannot permute ${show(x!.type)} by [${order.join(",")}]`);
    }
    return [{ dtype, shape: order.map((axis) => shape[axis]!) }];
  },
  gradient: (b, node, [dy]) => {
    const order = constantInts(node.inputs[1]!, "permutation");
    return [b.emit("Transpose", [dy!, b.ints(order.map((_, axis) => order.indexOf(axis)))]), undefined];
  },
});

/** The part of `value` from `begin` on, as long as `shape`. */
const part = (b: Builder, value: Value, begin: readonly number[], shape: readonly number[]): Value =>
  b.emit("Slice", [value, b.ints(begin), b.ints(shape)]);

const concat = primitive("ConcatV2", {
  arity: { atLeast: 2 },
  derived: { T: { input: 0 }, N: { countWithout: 1 }, Tidx: { input: -1 } },
  infer: (inputs) => {
    const values = inputs.slice(0, -1);
    const first = values[0]!.type.shape;
    const at = normalAxis(constantInts(inputs.at(-1)!, "axis")[0]!, first.length);
    for (const { type } of values) {
      const fits =
        type.shape.length === first.length && type.shape.every((dim, i) => i === at || dim === first[i]);
      if (!fits) throw new Error(`cannot join ${show(values[0]!.type)} and ${show(type)} along axis ${at}`);
    }
    const length = values.reduce((sum, { type }) => sum + type.shape[at]!, 0);
    return [{ dtype: sameDtype(values), shape: first.map((dim, i) => (i === at ? length : dim)) }];
  },
  gradient: (b, node, [dy]) => {
    const values = node.inputs.slice(0, -1);
    const rank = dy!.type.shape.length;
    const at = normalAxis(constantInts(node.inputs.at(-1)!, "axis")[0]!, rank);
    let from = 0;
    const parts = values.map(({ type }) => {
      const begin = Array.from({ length: rank }, (_, i) => (i === at ? from : 0));
      from += type.shape[at]!;
      return part(b, dy!, begin, type.shape);
    });
    return [...parts, undefined];
  },
});

const pack = primitive("Pack", {
  arity: { atLeast: 1 },
  attrs: { axis: "int" },
  derived: { T: { input: 0 }, N: { countWithout: 0 } },
  infer: (inputs, attrs) => {
    const { shape } = inputs[0]!.type;
    for (const { type } of inputs) {
      if (!equalShapes(type.shape, shape))
        throw new Error(`cannot stack ${show(inputs[0]!.type)} and ${show(type)}`);
    }
    const at = normalAxis(intAttr(attrs, "axis", 0), shape.length + 1);
    return [{ dtype: sameDtype(inputs), shape: [...shape.slice(0, at), inputs.length, ...shape.slice(at)] }];
  },
  gradient: (b, node, [dy]) => {
    const { shape } = node.inputs[0]!.type;
    const at = normalAxis(intAttr(node.attrs, "axis", 0), shape.length + 1);
    const one = [...shape.slice(0, at), 1, ...shape.slice(at)];
    return node.inputs.map((_, i) =>
      reshape(
        b,
        part(
          b,
          dy!,
          one.map((__, axis) => (axis === at ? i : 0)),
          one,
        ),
        shape,
      ),
    );
  },
});

/** The opposite of `Pack`: one output for each place along an axis. */
const unpack = primitive("Unpack", {
  arity: 1,
  attrs: { num: "int", axis: "int" },
  infer: ([x], attrs) => {
    const { dtype, shape } = x!.type;
    const at = normalAxis(intAttr(attrs, "axis", 0), shape.length);
    const count = intAttr(attrs, "num");
    if (shape[at] !== count) throw new Error(`cannot take ${show(x!.type)} apart into ${count}`);
    const each = { dtype, shape: [...shape.slice(0, at), ...shape.slice(at + 1)] };
    return Array.from({ length: count }, () => each);
  },
  gradient: (b, node, outputGradients) => {
    const parts = outputGradients.map((dy, i) => dy ?? filled(b, node.outputs[i]!, 0));
    return [b.emit("Pack", parts, { axis: intAttr(node.attrs, "axis", 0) })];
  },
});

const slice = primitive("Slice", {
  arity: 3,
  derived: { T: { input: 0 }, Index: { input: 1 } },
  infer: ([x, begin, size]) => {
    const { dtype, shape } = x!.type;
    const from = constantInts(begin!, "begin");
    const wanted = constantInts(size!, "size").map((n, axis) => (n === -1 ? shape[axis]! - from[axis]! : n));
    if (
      wanted.length !== shape.length ||
      wanted.some((n, i) => n < 0 || from[i]! < 0 || from[i]! + n > shape[i]!)
    ) {
      throw new Error(`cannot take [${wanted.join(",")}] from [${from.join(",")}] on of ${show(x!.type)}`);
    }
    return [{ dtype, shape: wanted }];
  },
  gradient: (b, node, [dy]) => {
    const from = constantInts(node.inputs[1]!, "begin");
    const { shape } = node.inputs[0]!.type;
    const paddings = from.flatMap((before, axis) => [before, shape[axis]! - before - dy!.type.shape[axis]!]);
    return [b.emit("Pad", [dy!, matrix(b, paddings, 2)]), undefined, undefined];
  },
});

const matrix = (b: Builder, values: readonly number[], columns: number): Value =>
  b.constant({ dtype: "i32", shape: [values.length / columns, columns], data: Int32Array.from(values) });

export interface Strides {
  readonly begin: readonly number[];
  readonly strides: readonly number[];
  /** Before axes are dropped. */
  readonly shape: readonly number[];
  readonly dropped: readonly boolean[];
}

/** What a `StridedSlice` takes, with its masks resolved; ellipses and new axes are not supported. */
export function stridesOf(node: Pick<Node, "inputs" | "attrs">): Strides {
  const [x, begins, ends, steps] = node.inputs as [Value, Value, Value, Value];
  const mask = (name: string, axis: number) => ((intAttr(node.attrs, `${name}_mask`, 0) >> axis) & 1) === 1;
  const given = constantInts(begins, "begin");
  const until = constantInts(ends, "end");
  const by = constantInts(steps, "strides");
  const begin: number[] = [];
  const strides: number[] = [];
  const shape: number[] = [];
  const dropped: boolean[] = [];
  for (const [axis, dim] of x.type.shape.entries()) {
    const stride = axis < by.length ? by[axis]! : 1;
    if (stride === 0) throw new Error("has a stride of 0");
    const clamp = (at: number) => {
      const positive = at < 0 ? at + dim : at;
      return stride > 0 ? Math.min(Math.max(positive, 0), dim) : Math.min(Math.max(positive, -1), dim - 1);
    };
    const drop = axis < by.length && mask("shrink_axis", axis);
    const open = axis >= given.length;
    const start = open || (mask("begin", axis) && !drop) ? (stride > 0 ? 0 : dim - 1) : clamp(given[axis]!);
    const stop = drop ? start + 1 : open || mask("end", axis) ? (stride > 0 ? dim : -1) : clamp(until[axis]!);
    begin.push(start);
    strides.push(drop ? 1 : stride);
    shape.push(drop ? 1 : Math.max(0, Math.ceil((stop - start) / stride)));
    dropped.push(drop);
  }
  return { begin, strides, shape, dropped };
}

const sliceAttrs = { begin_mask: "int", end_mask: "int", shrink_axis_mask: "int" } as const;

const stridedSlice = primitive("StridedSlice", {
  arity: 4,
  attrs: sliceAttrs,
  derived: { T: { input: 0 }, Index: { input: 1 } },
  infer: (inputs, attrs) => {
    const { shape, dropped } = stridesOf({ inputs, attrs });
    return [{ dtype: inputs[0]!.type.dtype, shape: shape.filter((_, axis) => !dropped[axis]) }];
  },
  gradient: (b, node, [dy]) => {
    const [x, begin, end, strides] = node.inputs as [Value, Value, Value, Value];
    const inputs = [b.ints(x.type.shape), begin, end, strides, dy!];
    return [b.emit("StridedSliceGrad", inputs, node.attrs), undefined, undefined, undefined];
  },
});

const stridedSliceGrad = primitive("StridedSliceGrad", {
  arity: 5,
  attrs: sliceAttrs,
  derived: { T: { input: 4 }, Index: { input: 0 } },
  infer: ([shape, , , , dy]) => [{ dtype: dy!.type.dtype, shape: constantInts(shape!, "shape") }],
});

const pad = primitive("Pad", {
  arity: 2,
  derived: { T: { input: 0 }, Tpaddings: { input: 1 } },
  infer: ([x, paddings]) => {
    const { dtype, shape } = x!.type;
    const by = constantInts(paddings!, "paddings");
    if (by.length !== 2 * shape.length)
      throw new Error(`needs paddings of shape [${shape.length},2], not ${show(paddings!.type)}`);
    return [{ dtype, shape: shape.map((dim, axis) => dim + by[2 * axis]! + by[2 * axis + 1]!) }];
  },
  gradient: (b, node, [dy]) => {
    const by = constantInts(node.inputs[1]!, "paddings");
    const { shape } = node.inputs[0]!.type;
    return [
      part(
        b,
        dy!,
        shape.map((_, axis) => by[2 * axis]!),
        shape,
      ),
      undefined,
    ];
  },
});

const tile = primitive("Tile", {
  arity: 2,
  derived: { T: { input: 0 }, Tmultiples: { input: 1 } },
  infer: ([x, multiples]) => {
    const times = constantInts(multiples!, "multiples");
    return [{ dtype: x!.type.dtype, shape: x!.type.shape.map((dim, axis) => dim * times[axis]!) }];
  },
  gradient: (b, node, [dy]) => {
    const times = constantInts(node.inputs[1]!, "multiples");
    const { shape } = node.inputs[0]!.type;
    const split = reshape(
      b,
      dy!,
      shape.flatMap((dim, axis) => [times[axis]!, dim]),
    );
    const sum = b.emit("Sum", [split, b.ints(shape.map((_, axis) => 2 * axis))], { keep_dims: false });
    return [sum, undefined];
  },
});

const broadcastTo = primitive("BroadcastTo", {
  arity: 2,
  derived: { T: { input: 0 }, Tidx: { input: 1 } },
  infer: ([x, wanted]) => {
    const shape = constantInts(wanted!, "shape");
    if (!equalShapes(broadcast(x!.type.shape, shape), shape))
      throw new Error(`cannot broadcast ${show(x!.type)} to [${shape.join(",")}]`);
    return [{ dtype: x!.type.dtype, shape }];
  },
  gradient: (b, node, [dy]) => [sumTo(b, dy!, node.inputs[0]!.type.shape), undefined],
});

const reverse = primitive("ReverseV2", {
  arity: 2,
  derived: { T: { input: 0 }, Tidx: { input: 1 } },
  infer: ([x, axes]) => {
    axesOf(axes!, x!.type.shape.length);
    return [x!.type];
  },
  gradient: (b, node, [dy]) => [b.emit("ReverseV2", [dy!, node.inputs[1]!]), undefined],
});

export const shapes: readonly Primitive[] = [
  reshapeOp,
  expandDims,
  squeeze,
  transpose,
  concat,
  pack,
  unpack,
  slice,
  stridedSlice,
  stridedSliceGrad,
  pad,
  tile,
  broadcastTo,
  reverse,
];

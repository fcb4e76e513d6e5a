/** Reading by index, counting by index, and tensors made from numbers. */
import {
  constantInts,
  elementCount,
  gradientOfFirst,
  intAttr,
  normalAxis,
  outputOf,
  type Primitive,
  primitive,
  reshape,
  sameDtype,
  show,
  sumTo,
} from "./primitive.ts";

function expectIndices(type: { dtype: string; shape: readonly number[] }): void {
  if (type.dtype !== "i32" && type.dtype !== "i64")
    throw new Error(`needs whole numbers as indices, not ${type.dtype}`);
}

const gather = primitive("GatherV2", {
  arity: 3,
  attrs: { batch_dims: "int" },
  derived: { Tparams: { input: 0 }, Tindices: { input: 1 }, Taxis: { input: 2 } },
  infer: ([x, indices, axis], attrs) => {
    expectIndices(indices!.type);
    const { dtype, shape } = x!.type;
    const at = normalAxis(constantInts(axis!, "axis")[0]!, shape.length);
    const batch = intAttr(attrs, "batch_dims", 0);
    return [
      { dtype, shape: [...shape.slice(0, at), ...indices!.type.shape.slice(batch), ...shape.slice(at + 1)] },
    ];
  },
  gradient: (b, node, [dy]) => {
    const [x, indices, axis] = node.inputs;
    const { shape } = x!.type;
    if (
      intAttr(node.attrs, "batch_dims", 0) !== 0 ||
      normalAxis(constantInts(axis!, "axis")[0]!, shape.length) !== 0
    ) {
      throw new Error("GatherV2 has a gradient along axis 0 only");
    }
    const count = elementCount(indices!.type.shape);
    const rows = reshape(b, dy!, [count, ...shape.slice(1)]);
    const sum = b.emit("UnsortedSegmentSum", [
      rows,
      reshape(b, indices!, [count]),
      b.scalar(shape[0]!, "i32"),
    ]);
    return [sum, undefined, undefined];
  },
});

const segmentSum = primitive("UnsortedSegmentSum", {
  arity: 3,
  derived: { T: { input: 0 }, Tindices: { input: 1 }, Tnumsegments: { input: 2 } },
  infer: ([data, ids, count]) => {
    const rest = data!.type.shape.slice(ids!.type.shape.length);
    return [{ dtype: data!.type.dtype, shape: [constantInts(count!, "number of segments")[0]!, ...rest] }];
  },
  gradient: (b, node, [dy]) => [
    b.emit("GatherV2", [dy!, node.inputs[1]!, b.scalar(0, "i32")]),
    undefined,
    undefined,
  ],
});

const oneHot = primitive("OneHot", {
  arity: 4,
  attrs: { axis: "int" },
  derived: { TI: { input: 0 }, T: { input: 2 } },
  infer: ([indices, depth, on, off], attrs) => {
    const { shape } = indices!.type;
    const at = intAttr(attrs, "axis", -1);
    const position = at === -1 ? shape.length : at;
    const length = constantInts(depth!, "depth")[0]!;
    return [
      {
        dtype: sameDtype([on!, off!]),
        shape: [...shape.slice(0, position), length, ...shape.slice(position)],
      },
    ];
  },
  gradient: "none",
});

const fill = primitive("Fill", {
  arity: 2,
  derived: { T: { input: 1 }, index_type: { input: 0 } },
  infer: ([dims, value]) => {
    if (value!.type.shape.length !== 0) throw new Error(`needs a scalar, not ${show(value!.type)}`);
    return [{ dtype: value!.type.dtype, shape: constantInts(dims!, "shape") }];
  },
  gradient: (b, _, [dy]) => [undefined, sumTo(b, dy!, [])],
});

const range = primitive("Range", {
  arity: 3,
  derived: { Tidx: { input: 0 } },
  infer: (inputs) => {
    const [start, limit, delta] = inputs.map((value) => constantInts(value, "bounds")[0]!) as [
      number,
      number,
      number,
    ];
    return [{ dtype: sameDtype(inputs), shape: [Math.max(0, Math.ceil((limit - start) / delta))] }];
  },
  gradient: "none",
});

/** The `k` greatest elements along the last axis in falling order, and their places (i32). Of equal ones the first comes first. */
const topK = primitive("TopKV2", {
  arity: 2,
  attrs: { sorted: "bool" },
  // TensorFlow 2.9 has no attributes for the types of k and of places, and later ones take i32 without.
  derived: { T: { input: 0 } },
  infer: ([x, k]) => {
    const { dtype, shape } = x!.type;
    const [count] = constantInts(k!, "number of elements");
    if (shape.length === 0 || shape.at(-1)! < count!)
      throw new Error(`cannot take ${count} elements of ${show(x!.type)}`);
    const found = [...shape.slice(0, -1), count!];
    return [
      { dtype, shape: found },
      { dtype: "i32", shape: found },
    ];
  },
  gradient: (b, node, gradients) => {
    const dy = gradientOfFirst(gradients, "TopKV2");
    const { shape } = node.inputs[0]!.type;
    const length = shape.at(-1)!;
    const rows = elementCount(shape.slice(0, -1));
    const count = elementCount(dy.type.shape);
    const starts = Int32Array.from({ length: rows }, (_, row) => row * length);
    const places = b.emit("AddV2", [
      reshape(b, outputOf(node, 1), [rows, count / rows]),
      b.constant({ dtype: "i32", shape: [rows, 1], data: starts }),
    ]);
    const sum = b.emit("UnsortedSegmentSum", [
      reshape(b, dy, [count]),
      reshape(b, places, [count]),
      b.scalar(rows * length, "i32"),
    ]);
    return [reshape(b, sum, shape), undefined];
  },
});

export const gathers: readonly Primitive[] = [gather, segmentSum, topK, oneHot, fill, range];

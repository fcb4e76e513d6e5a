/** Reductions over constant axes. */
import type { Builder, Node, Value } from "../node.ts";
import {
  axesOf,
  boolAttr,
  constantInts,
  dtypeAttr,
  elementCount,
  type Gradient,
  normalAxis,
  outputOf,
  type Primitive,
  primitive,
  reshape,
} from "./primitive.ts";

function reducedShape(shape: readonly number[], axes: readonly number[], keep: boolean): readonly number[] {
  return shape.flatMap((dim, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [dim]));
}

function axesIn(node: Node): readonly number[] {
  return axesOf(node.inputs[1]!, node.inputs[0]!.type.shape.length);
}

const reduction = (op: string, gradient: Gradient | "none", derived = true): Primitive =>
  primitive(op, {
    arity: 2,
    attrs: { keep_dims: "bool" },
    derived: derived ? { T: { input: 0 }, Tidx: { input: 1 } } : { Tidx: { input: 1 } },
    infer: ([x, axes], attrs) => {
      const keep = boolAttr(attrs, "keep_dims", false);
      const { dtype, shape } = x!.type;
      return [{ dtype, shape: reducedShape(shape, axesOf(axes!, shape.length), keep) }];
    },
    gradient,
  });

/** The value of a reduction's result (or gradient) at every element that went into it. */
function spread(b: Builder, node: Node, value: Value): Value {
  const { shape } = node.inputs[0]!.type;
  const kept = reshape(b, value, reducedShape(shape, axesIn(node), true));
  return b.emit("BroadcastTo", [kept, b.ints(shape)]);
}

/** Ties share the gradient equally. */
const extreme: Gradient = (b, node, [dy]) => {
  const x = node.inputs[0]!;
  const kept = reducedShape(x.type.shape, axesIn(node), true);
  const at = b.emit("Cast", [b.emit("Equal", [x, reshape(b, outputOf(node, 0), kept)])], {
    DstT: { dtype: x.type.dtype },
  });
  const count = b.emit("Sum", [at, node.inputs[1]!], { keep_dims: true });
  return [b.emit("Mul", [b.emit("RealDiv", [at, count]), reshape(b, dy!, kept)]), undefined];
};

const argument = (op: string): Primitive =>
  primitive(op, {
    arity: 2,
    attrs: { output_type: "dtype" },
    derived: { T: { input: 0 }, Tidx: { input: 1 } },
    infer: ([x, axis], attrs) => {
      const { shape } = x!.type;
      const at = normalAxis(constantInts(axis!, "axis")[0]!, shape.length);
      return [{ dtype: dtypeAttr(attrs, "output_type", "i64"), shape: reducedShape(shape, [at], false) }];
    },
    gradient: "none",
  });

export const reduce: readonly Primitive[] = [
  reduction("Sum", (b, node, [dy]) => [spread(b, node, dy!), undefined]),
  reduction("Mean", (b, node, [dy]) => {
    const { shape, dtype } = node.inputs[0]!.type;
    const n = elementCount(axesIn(node).map((axis) => shape[axis]!));
    return [spread(b, node, b.emit("Mul", [dy!, b.scalar(1 / n, dtype)])), undefined];
  }),
  reduction("Max", extreme),
  reduction("Min", extreme),
  reduction("All", "none", false),
  reduction("Any", "none", false),
  argument("ArgMax"),
  argument("ArgMin"),
];

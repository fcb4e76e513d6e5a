/** Pooling over NHWC, `SAME` and `VALID`. Average pooling leaves padded positions out of its mean. */
import type { Attrs, Value } from "../node.ts";
import { windowOutput } from "./convolution.ts";
import {
  type AttrKind,
  constantInts,
  expectRank,
  intsAttr,
  outputOf,
  type Primitive,
  primitive,
  stringAttr,
} from "./primitive.ts";

const attrs: Readonly<Record<string, AttrKind>> = { ksize: "ints", strides: "ints", padding: "string" };

function pooled(x: readonly number[], given: Attrs): readonly number[] {
  const ksize = intsAttr(given, "ksize");
  const strides = intsAttr(given, "strides");
  const size = (axis: 1 | 2) =>
    windowOutput(x[axis]!, ksize[axis]!, strides[axis]!, 1, stringAttr(given, "padding"));
  return [x[0]!, size(1), size(2), x[3]!];
}

const infer = ([x]: readonly Value[], given: Attrs) => [
  { dtype: x!.type.dtype, shape: pooled(expectRank(x!, 4, "an image batch"), given) },
];

export const pool: readonly Primitive[] = [
  primitive("MaxPool", {
    arity: 1,
    attrs,
    infer,
    gradient: (b, node, [dy]) => [
      b.emit("MaxPoolGrad", [node.inputs[0]!, outputOf(node, 0), dy!], node.attrs),
    ],
  }),
  primitive("MaxPoolGrad", { arity: 3, attrs, infer: ([x]) => [x!.type] }),
  primitive("AvgPool", {
    arity: 1,
    attrs,
    infer,
    gradient: (b, node, [dy]) => [
      b.emit("AvgPoolGrad", [b.ints(node.inputs[0]!.type.shape), dy!], node.attrs),
    ],
  }),
  primitive("AvgPoolGrad", {
    arity: 2,
    attrs,
    derived: { T: { input: 1 } },
    infer: ([sizes, dy]) => [{ dtype: dy!.type.dtype, shape: constantInts(sizes!, "input sizes") }],
    gradient: (b, node, [ddx]) => [undefined, b.emit("AvgPool", [ddx!], node.attrs)],
  }),
];

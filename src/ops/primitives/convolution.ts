/** Two-dimensional convolution, NHWC, `SAME` and `VALID` only: with `EXPLICIT` oneDNN leaves the gradients (cpu-speed.md, rule 3). */
import type { Attrs, Builder, Value } from "../node.ts";
import {
  type AttrKind,
  constantInts,
  expectRank,
  expectShape,
  intsAttr,
  type Primitive,
  primitive,
  sameDtype,
  show,
  stringAttr,
} from "./primitive.ts";

const attrs: Readonly<Record<string, AttrKind>> = {
  strides: "ints",
  padding: "string",
  dilations: "ints",
};

/** Length of a window operator's output: ceil(n / stride) for SAME, ceil((n - extent + 1) / stride) for VALID. */
export function windowOutput(
  n: number,
  window: number,
  stride: number,
  dilation: number,
  padding: string,
): number {
  const extent = (window - 1) * dilation + 1;
  if (padding !== "SAME" && padding !== "VALID")
    throw new Error(`needs SAME or VALID padding, not ${padding}`);
  const out = padding === "SAME" ? Math.ceil(n / stride) : Math.ceil((n - extent + 1) / stride);
  if (out < 1) throw new Error(`has a window of ${extent} over ${n} positions`);
  return out;
}

/** Zeros before the first position: SAME shares the missing ones, the odd one at the end. */
export function padBefore(
  n: number,
  window: number,
  stride: number,
  dilation: number,
  padding: string,
): number {
  if (padding === "VALID") return 0;
  const out = Math.ceil(n / stride);
  return Math.floor(Math.max(0, (out - 1) * stride + (window - 1) * dilation + 1 - n) / 2);
}

function convolved(x: readonly number[], w: readonly number[], given: Attrs): readonly number[] {
  const strides = intsAttr(given, "strides");
  const dilations = intsAttr(given, "dilations", [1, 1, 1, 1]);
  const padding = stringAttr(given, "padding");
  const size = (axis: 1 | 2) =>
    windowOutput(x[axis]!, w[axis - 1]!, strides[axis]!, dilations[axis]!, padding);
  return [x[0]!, size(1), size(2), w[3]!];
}

const conv2D = primitive("Conv2D", {
  arity: 2,
  attrs,
  infer: (inputs, given) => {
    const x = expectRank(inputs[0]!, 4, "an image batch");
    const w = expectRank(inputs[1]!, 4, "a kernel");
    if (x[3] !== w[2])
      throw new Error(`has ${show(inputs[0]!.type)} for the kernel ${show(inputs[1]!.type)}`);
    return [{ dtype: sameDtype(inputs), shape: convolved(x, w, given) }];
  },
  gradient: (b: Builder, node, [dy]) => {
    const [x, w] = node.inputs as [Value, Value];
    return [
      b.emit("Conv2DBackpropInput", [b.ints(x.type.shape), w, dy!], node.attrs),
      b.emit("Conv2DBackpropFilter", [x, b.ints(w.type.shape), dy!], node.attrs),
    ];
  },
});

/** Also the transposed convolution. */
const backpropInput = primitive("Conv2DBackpropInput", {
  arity: 3,
  attrs,
  derived: { T: { input: 1 } },
  infer: ([sizes, w, dy], given) => {
    const shape = constantInts(sizes!, "input sizes");
    expectShape(dy!, convolved(shape, expectRank(w!, 4, "a kernel"), given), "an output gradient");
    return [{ dtype: sameDtype([w!, dy!]), shape }];
  },
  gradient: (b, node, [dx]) => {
    const [, w, dy] = node.inputs as [Value, Value, Value];
    return [
      undefined,
      b.emit("Conv2DBackpropFilter", [dx!, b.ints(w.type.shape), dy], node.attrs),
      b.emit("Conv2D", [dx!, w], node.attrs),
    ];
  },
});

const backpropFilter = primitive("Conv2DBackpropFilter", {
  arity: 3,
  attrs,
  infer: ([x, sizes, dy], given) => {
    const shape = constantInts(sizes!, "filter sizes");
    expectShape(dy!, convolved(expectRank(x!, 4, "an image batch"), shape, given), "an output gradient");
    return [{ dtype: sameDtype([x!, dy!]), shape }];
  },
});

export const convolution: readonly Primitive[] = [conv2D, backpropInput, backpropFilter];

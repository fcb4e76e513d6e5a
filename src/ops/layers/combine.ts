/** Layers of several tensors. */
import { type Dim, showType, type TensorType } from "../../types/tensor.ts";
import type { Inferred, LayerOp, ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";

/** Equal shapes, or equal ranks with ones. The problem names the axes that differ: "channels, height and width". */
function elementwise(op: string, inputs: readonly TensorType[]): Inferred | ShapeProblem {
  const first = inputs[0]!;
  let shape: readonly Dim[] = first.shape;
  for (const [right, input] of inputs.entries()) {
    const stacked = `${showType(first)} and ${showType(input)}`;
    if (input.dtype !== first.dtype) return { problem: `\`${op}\` cannot mix ${stacked}` };
    if (input.shape.length !== first.shape.length) {
      return {
        problem: `\`${op}\` needs tensors of one rank, not ${stacked}`,
        hint: "bring both to one rank with `flatten`, `global_avg_pool` or `reshape`",
      };
    }
    const differing = shape.flatMap((dim, axis) => {
      const other = input.shape[axis]!;
      return dim === other || dim === 1 || other === 1 ? [] : [axis];
    });
    if (differing.length > 0) {
      const channelsOnly = differing.length === 1 && differing[0] === shape.length - 1;
      return {
        problem: `${stacked} disagree on ${axisNames(differing, shape.length)}`,
        disagree: { left: 0, right, axes: axisNames(differing, shape.length) },
        hint: channelsOnly
          ? `give both equal channels: \`conv(${Math.max(shape.at(-1) as number, input.shape.at(-1) as number)}, kernel: 1)\`, or \`pad_channels\``
          : "bring one to the other's size with a strided `conv(..., kernel: 1)` or a pool",
      };
    }
    shape = shape.map((dim, axis) => (dim === 1 ? input.shape[axis]! : dim));
  }
  return { output: { dtype: first.dtype, shape }, weights: [], macs: 0 };
}

function axisNames(axes: readonly number[], rank: number): string {
  const names =
    rank === 4
      ? ["the batch", "height", "width", "channels"]
      : rank === 3
        ? ["the batch", "length", "channels"]
        : rank === 2
          ? ["the batch", "features"]
          : Array.from({ length: rank }, (_, axis) => `axis ${axis}`);
  // Channels first: they differ most often.
  const order = [...axes].sort((a, b) => Number(b === rank - 1) - Number(a === rank - 1));
  const list = order.map((axis) => names[axis]!);
  return list.length < 2 ? list.join() : `${list.slice(0, -1).join(", ")} and ${list.at(-1)}`;
}

function combination(
  op: string,
  arity: number,
  doc: string,
  lower: (builder: Builder, inputs: readonly Value[]) => Value,
): LayerOp {
  return {
    name: op,
    family: "layer",
    version: 1,
    arity,
    doc,
    parameters: [],
    infer: (inputs) => elementwise(op, inputs),
    lower: ({ builder }, inputs) => lower(builder, inputs),
  };
}

const fold = (primitive: string) => (b: Builder, inputs: readonly Value[]) =>
  inputs.slice(1).reduce((sum, input) => b.emit(primitive, [sum, input]), inputs[0]!);

const aligned = "Shapes are equal, or have ones where they differ.";

const concat: LayerOp = {
  name: "concat",
  family: "layer",
  version: 1,
  arity: Number.POSITIVE_INFINITY,
  doc: "Joins tensors along the last axis, the channels: f32[N, H, W, A] and f32[N, H, W, B] to f32[N, H, W, A + B].",
  parameters: [],
  infer(inputs) {
    const first = inputs[0]!;
    const { length } = first.shape;
    let channels = 0;
    for (const [right, input] of inputs.entries()) {
      const stacked = `${showType(first)} and ${showType(input)}`;
      if (input.dtype !== first.dtype || input.shape.length !== length)
        return { problem: `\`concat\` needs tensors of one rank and dtype, not ${stacked}` };
      const differing = input.shape.flatMap((dim, axis) =>
        axis < length - 1 && dim !== first.shape[axis] ? [axis] : [],
      );
      if (differing.length > 0) {
        return {
          problem: `${stacked} disagree on ${axisNames(differing, length)}, and \`concat\` joins channels only`,
          disagree: { left: 0, right, axes: axisNames(differing, length) },
          hint: "bring one to the other's size with a strided `conv` or a pool",
        };
      }
      channels += input.shape.at(-1) as number;
    }
    return {
      output: { dtype: first.dtype, shape: [...first.shape.slice(0, -1), channels] },
      weights: [],
      macs: 0,
    };
  },
  lower({ builder }, inputs) {
    if (inputs.length === 1) return inputs[0]!;
    const axis = builder.scalar(inputs[0]!.type.shape.length - 1, "i32");
    return builder.emit("ConcatV2", [...inputs, axis]);
  },
};

export const combinations: readonly LayerOp[] = [
  combination(
    "add",
    Number.POSITIVE_INFINITY,
    `Sum of tensors, element by element; \`a + b\` is the same. ${aligned}`,
    fold("AddV2"),
  ),
  combination(
    "subtract",
    2,
    `Difference of two tensors, element by element; \`a - b\` is the same. ${aligned}`,
    fold("Sub"),
  ),
  combination(
    "multiply",
    Number.POSITIVE_INFINITY,
    `Product of tensors, element by element; \`a * b\` is the same. ${aligned}`,
    fold("Mul"),
  ),
  combination(
    "divide",
    2,
    `Quotient of two tensors, element by element; \`a / b\` is the same. ${aligned}`,
    fold("RealDiv"),
  ),
  concat,
];

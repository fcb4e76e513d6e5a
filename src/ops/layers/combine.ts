/** Layers of several tensors. */
import { showType } from "../../types/tensor.ts";
import type { LayerOp } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import { axisNames, elementwise, sizesHint } from "./align.ts";

function combination(
  op: string,
  arity: number,
  sign: string,
  doc: string,
  lower: (builder: Builder, inputs: readonly Value[]) => Value,
): LayerOp {
  return {
    name: op,
    family: "layer",
    version: 1,
    arity,
    anyShape: true,
    doc: `${doc}, element by element; \`a ${sign} b\` is the same. ${aligned}`,
    example: `branch near { conv(8, kernel: 3) }\nbranch far { conv(8, kernel: 7) }\nnear ${sign} far`,
    parameters: [],
    infer: (inputs) => elementwise(op, inputs),
    lower: ({ builder }, inputs) => lower(builder, inputs),
  };
}

const fold = (primitive: string) => (b: Builder, inputs: readonly Value[]) =>
  inputs.slice(1).reduce((sum, input) => b.emit(primitive, [sum, input]), inputs[0]!);

const aligned =
  "Shapes are equal, or have ones where they differ; one without `N` is matched from the last axis on.";

const concat: LayerOp = {
  name: "concat",
  family: "layer",
  version: 1,
  arity: Number.POSITIVE_INFINITY,
  doc: "Joins tensors along the last axis, the channels: f32[N, H, W, A] and f32[N, H, W, B] to f32[N, H, W, A + B].",
  example: `branch near { conv(8, kernel: 3) }
branch far { conv(8, kernel: 7) }
concat(near, far) : f32[N, 32, 32, 16]`,
  parameters: [],
  infer(inputs) {
    const first = inputs[0]!;
    const { length } = first.shape;
    let channels = 0;
    for (const [right, input] of inputs.entries()) {
      const stacked = () => `${showType(first)} and ${showType(input)}`;
      if (input.dtype !== first.dtype || input.shape.length !== length)
        return { problem: `\`concat\` needs tensors of one rank and dtype, not ${stacked()}` };
      const differing = input.shape.flatMap((dim, axis) =>
        axis < length - 1 && dim !== first.shape[axis] ? [axis] : [],
      );
      if (differing.length > 0) {
        return {
          problem: `${stacked()} disagree on ${axisNames(differing, length)}, and \`concat\` joins channels only`,
          disagree: { left: 0, right, axes: axisNames(differing, length) },
          hint: sizesHint(differing.map((axis) => [first.shape[axis]!, input.shape[axis]!])),
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
  combination("add", Number.POSITIVE_INFINITY, "+", "Sum of tensors", fold("AddV2")),
  combination("subtract", 2, "-", "Difference of two tensors", fold("Sub")),
  combination("multiply", Number.POSITIVE_INFINITY, "*", "Product of tensors", fold("Mul")),
  combination("raise", 2, "^", "Power of two tensors", fold("Pow")),
  combination("divide", 2, "/", "Quotient of two tensors", fold("RealDiv")),
  concat,
];

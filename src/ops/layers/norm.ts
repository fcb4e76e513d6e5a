/** Normalization within a sample: the same in training and evaluation. */
import { showType } from "../../types/tensor.ts";
import type { LayerOp, ShapeProblem, WeightSpec } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Parameter } from "../signature.ts";
import { isProblem, needsFloat, positionsOf, product } from "./window.ts";

const epsilon: Parameter = {
  name: "epsilon",
  type: { kind: "real", min: 0 },
  default: 1e-5,
  doc: "Added to the variance before its root is taken.",
};

function scaleAndOffset(channels: number): readonly WeightSpec[] {
  const weight = (name: string, value: number): WeightSpec => ({
    name,
    shape: [channels],
    trainable: true,
    decays: false,
    init: { kind: "constant", value },
  });
  return [weight("scale", 1), weight("offset", 0)];
}

/** Mean 0 and variance 1 over the axes. */
function normalized(b: Builder, x: Value, axes: readonly number[], small: number): Value {
  const mean = (value: Value) => b.emit("Mean", [value, b.ints(axes)], { keep_dims: true });
  const centred = b.emit("Sub", [x, mean(x)]);
  const variance = mean(b.emit("Square", [centred]));
  const spread = b.emit("AddV2", [variance, b.scalar(small, x.type.dtype)]);
  return b.emit("Mul", [centred, b.emit("Rsqrt", [spread])]);
}

const scaled = (b: Builder, x: Value, weight: (name: string) => Value): Value =>
  b.emit("AddV2", [b.emit("Mul", [x, weight("scale")]), weight("offset")]);

const layerNorm: LayerOp = {
  name: "layer_norm",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Layer normalization: the channels of each position (the features of each sample) are brought to mean 0 and variance 1, then scaled and shifted by learned numbers.

Ba et al. (2016). Epsilon is 1e-5 as in PyTorch; Keras has 1e-3.`,
  example: "conv(16); layer_norm; gelu",
  parameters: [epsilon],
  positional: 0,
  infer([input]) {
    if (input!.dtype !== "f32") return needsFloat("layer_norm", input!);
    return { output: input!, weights: scaleAndOffset(input!.shape.at(-1) as number), macs: 0 };
  },
  lower({ builder, weight }, [input], { epsilon: small }) {
    const last = input!.type.shape.length - 1;
    return scaled(builder, normalized(builder, input!, [last], small as number), weight);
  },
};

/** `[N, ...positions, C]` to `[N, P, G, C / G]`, normalized over positions and channels of a group, and back. */
function inGroups(b: Builder, x: Value, groups: number, small: number): Value {
  const { shape } = x.type;
  const channels = shape.at(-1)!;
  const apart = [shape[0]!, product(shape.slice(1, -1)), groups, channels / groups];
  const y = normalized(b, b.emit("Reshape", [x, b.ints(apart)]), [1, 3], small);
  return b.emit("Reshape", [y, b.ints(shape)]);
}

const groupNorm: LayerOp = {
  name: "group_norm",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Group normalization: the channels are shared out to groups, and each group of a sample is brought to mean 0 and variance 1 over all positions; then each channel is scaled and shifted by learned numbers.

Wu and He (2018). It does not depend on the batch, so it serves batches of few images. One group is layer normalization over the whole sample, as many groups as channels are \`instance_norm\`.`,
  example: "conv(32); group_norm(8); relu",
  parameters: [
    {
      name: "groups",
      type: { kind: "int", min: 1 },
      default: 32,
      doc: "Number of groups; divides the channels.",
    },
    epsilon,
  ],
  infer([input], { groups }) {
    const at = positionsOf("group_norm", input!);
    if (isProblem(at)) return at;
    if (at.channels % (groups as number) !== 0) {
      return {
        problem: `\`group_norm\` cannot share out the ${at.channels} channels of ${showType(input!)} to ${groups} groups`,
        hint: `give a number of groups that divides ${at.channels}`,
      };
    }
    return { output: input!, weights: scaleAndOffset(at.channels), macs: 0 };
  },
  lower: ({ builder, weight }, [input], { groups, epsilon: small }) =>
    scaled(builder, inGroups(builder, input!, groups as number, small as number), weight),
};

const instanceNorm: LayerOp = {
  name: "instance_norm",
  family: "layer",
  version: 1,
  arity: 1,
  doc: "Instance normalization (Ulyanov et al. 2016): each channel of each sample is brought to mean 0 and variance 1 over its positions, then scaled and shifted by learned numbers.",
  example: "conv(16); instance_norm; relu",
  parameters: [epsilon],
  positional: 0,
  infer([input]) {
    const at = positionsOf("instance_norm", input!);
    return isProblem(at) ? at : { output: input!, weights: scaleAndOffset(at.channels), macs: 0 };
  },
  lower: ({ builder, weight }, [input], { epsilon: small }) =>
    scaled(builder, inGroups(builder, input!, input!.type.shape.at(-1)!, small as number), weight),
};

const number = (name: string, value: number, doc: string): Parameter => ({
  name,
  type: { kind: "real", min: 0 },
  default: value,
  doc,
});

const localResponseNorm: LayerOp = {
  name: "local_response_norm",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Local response normalization: each channel is divided by \`(k + alpha S)^beta\`, with S the sum of the squares of the \`size\` channels around it.

Krizhevsky et al. (2012), whose numbers are the defaults. Caffe and PyTorch divide alpha by the size and have k = 1: \`local_response_norm(alpha_per: window, k: 1)\`.`,
  example: `conv(16); relu
local_response_norm(alpha_per: window, k: 1)`,
  parameters: [
    { name: "size", type: { kind: "int", min: 1 }, default: 5, doc: "Channels in a window, an odd number." },
    number("alpha", 1e-4, "Weight of the squares."),
    number("beta", 0.75, "The exponent."),
    number("k", 2, "What the divisor is without neighbours."),
    {
      name: "alpha_per",
      type: { kind: "word", words: ["element", "window"] },
      default: "element",
      doc: "`element`: alpha weighs each square. `window`: it weighs their mean.",
    },
  ],
  positional: 0,
  infer([input], { size }): ReturnType<LayerOp["infer"]> {
    const problem: ShapeProblem = {
      problem: `\`size\` of \`local_response_norm\` is ${size}, and a window has a middle`,
      hint: "give an odd number",
    };
    if ((size as number) % 2 === 0) return problem;
    if (input!.dtype !== "f32") return needsFloat("local_response_norm", input!);
    return { output: input!, weights: [], macs: 0 };
  },
  lower({ builder: b }, [input], given) {
    const { shape, dtype } = input!.type;
    const { size, alpha, beta, k } = given as Readonly<Record<string, number>>;
    const channels = shape.at(-1)!;
    const half = (size! - 1) / 2;
    const weight = given.alpha_per === "window" ? alpha! / size! : alpha!;
    // The windows as a matrix: ones near the diagonal.
    const band = Float32Array.from({ length: channels * channels }, (_, i) =>
      Math.abs((i % channels) - Math.floor(i / channels)) <= half ? weight : 0,
    );
    const constant = b.constant({ dtype: "f32", shape: [channels, channels], data: band });
    const windows = dtype === "f32" ? constant : b.emit("Cast", [constant], { DstT: { dtype } });
    const squares = b.emit("Reshape", [
      b.emit("Square", [input!]),
      b.ints([product(shape) / channels, channels]),
    ]);
    const sums = b.emit("MatMul", [squares, windows], { transpose_a: false, transpose_b: false });
    const base = b.emit("AddV2", [sums, b.scalar(k!, dtype)]);
    const divisor = b.emit("Pow", [base, b.scalar(-beta!, dtype)]);
    return b.emit("Mul", [input!, b.emit("Reshape", [divisor, b.ints(shape)])]);
  },
};

export const normalizations: readonly LayerOp[] = [layerNorm, groupNorm, instanceNorm, localResponseNorm];

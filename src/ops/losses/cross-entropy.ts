import { elementCount, showType } from "../../types/tensor.ts";
import { type FieldType, shapeOfField, showField } from "../field.ts";
import type { LossOp } from "../loss.ts";
import type { Builder, Value } from "../node.ts";
import { isPixelLabels } from "../pixel-labels.ts";
import type { Parameters } from "../signature.ts";
import { meanOverSample } from "./regression.ts";

export const crossEntropy: LossOp = {
  name: "cross_entropy",
  family: "loss",
  version: 1,
  doc: `Cross entropy of K classes, from logits: \`-ln\` of the softmax probability of the true class.

Pairs f32[N, K] with class[K], or with K probabilities f32[K]; f32[N, H, W, K] with labels of pixels, class[K][H, W], as the mean over the pixels. With \`smoothing: s\` the truth is \`1 - s + s / K\` for the true class and \`s / K\` for the others (Szegedy et al. 2016).`,
  example: "loss = cross_entropy(smoothing: 10%, weight: balanced)",
  parameters: [
    {
      name: "smoothing",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0,
      doc: "Share of the truth that is spread evenly over all classes.",
    },
    {
      name: "weight",
      type: {
        kind: "union",
        of: [
          { kind: "word", words: ["balanced"] },
          { kind: "list", of: { kind: "real", min: 0 } },
        ],
      },
      optional: true,
      doc: "A weight for each class, in their order: `weight: [1, 3]`. `balanced` is `n / (K n_k)` of the training rows, so that classes count alike. The mean over a batch is not divided by the weights.",
    },
  ],
  check(output, target, { weight }) {
    const count = classesOf(target);
    if (count === undefined) {
      return {
        problem: `\`cross_entropy\` needs a class as target, not ${showField(target)}`,
        hint:
          target.kind === "tensor" && target.dtype !== "f32"
            ? "a label is a class: write its type as `class[10]`, with the number of classes"
            : "write `class[10]` where the numbers 0 to 9 are classes; for others use `mean_squared_error` or `mean_absolute_error`",
      };
    }
    if (weight === "balanced" && target.kind !== "class") {
      return {
        problem: `\`weight: balanced\` counts the rows of each class, and ${showField(target)} holds probabilities`,
        hint: "give the weights as a list",
      };
    }
    if (Array.isArray(weight) && weight.length !== count) {
      return {
        problem: `\`weight\` of \`cross_entropy\` has ${weight.length} numbers, and ${showField(target)} has ${count} classes`,
        hint: "give one weight for each class, in their order",
      };
    }
    const places = isPixelLabels(target) ? target.shape : [];
    const needed = [...places, count];
    if (output.shape.slice(1).join() === needed.join()) return undefined;
    return {
      problem: `the output is ${showType(output)}, and ${showField(target)} needs f32[N, ${needed.join(", ")}]: one logit for each class${places.length > 0 ? " at each pixel" : ""}`,
      hint:
        places.length > 0
          ? `end the network with as many pixels as the labels have, and \`conv(${count}, kernel: 1)\``
          : output.shape.length === 2
            ? `end the network with \`dense(${count})\``
            : `end the network with \`global_avg_pool\` or \`flatten\`, then \`dense(${count})\``,
    };
  },
  lower(builder, output, target, parameters) {
    const [n, ...rest] = output.type.shape as [number, ...number[]];
    if (rest.length === 1) return lossOfEach(builder, output, target, parameters);
    const pixels = elementCount(rest.slice(0, -1));
    const flat = builder.emit("Reshape", [output, builder.ints([n * pixels, rest.at(-1)!])]);
    const labels = builder.emit("Reshape", [target, builder.ints([n * pixels])]);
    const each = lossOfEach(builder, flat, labels, parameters);
    return meanOverSample(builder, builder.emit("Reshape", [each, builder.ints([n, pixels])]));
  },
};

function lossOfEach(builder: Builder, output: Value, target: Value, parameters: Parameters): Value {
  const smoothing = parameters.smoothing as number;
  if (parameters.weight === "balanced")
    throw new Error("balanced weights are counted in the data before the graph is built");
  const weight = parameters.weight as readonly number[] | undefined;
  const { dtype, shape } = output.type;
  const classes = shape[1]!;
  const weights =
    weight &&
    builder.emit(
      "Cast",
      [builder.constant({ dtype: "f32", shape: [classes], data: Float32Array.from(weight) })],
      { DstT: { dtype } },
    );
  if (target.type.dtype === "i32" && smoothing === 0) {
    const losses = builder.emit("SparseSoftmaxCrossEntropyWithLogits", [output, target]);
    if (!weights) return losses;
    const each = builder.emit("GatherV2", [weights, target, builder.scalar(0, "i32")]);
    return builder.emit("Mul", [losses, each]);
  }
  const labels =
    target.type.dtype !== "i32"
      ? smoothed(builder, target, smoothing, classes)
      : builder.emit("OneHot", [
          target,
          builder.scalar(classes, "i32"),
          builder.scalar(1 - smoothing + smoothing / classes, dtype),
          builder.scalar(smoothing / classes, dtype),
        ]);
  if (!weights) return builder.emit("SoftmaxCrossEntropyWithLogits", [output, labels]);
  const surprise = builder.emit("Neg", [builder.emit("LogSoftmax", [output])]);
  const terms = builder.emit("Mul", [builder.emit("Mul", [labels, weights]), surprise]);
  return builder.emit("Sum", [terms, builder.ints([1])], { keep_dims: false });
}

function smoothed(b: Builder, target: Value, smoothing: number, classes: number): Value {
  if (smoothing === 0) return target;
  const kept = b.emit("Mul", [target, b.scalar(1 - smoothing, target.type.dtype)]);
  return b.emit("AddV2", [kept, b.scalar(smoothing / classes, target.type.dtype)]);
}

function classesOf(target: FieldType): number | undefined {
  if (target.kind === "class") return target.count;
  const [length] = shapeOfField(target);
  return target.kind === "tensor" &&
    target.dtype === "f32" &&
    target.shape.length === 1 &&
    typeof length === "number"
    ? length
    : undefined;
}

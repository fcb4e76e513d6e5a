import { showType, type TensorType } from "../../types/tensor.ts";
import { type FieldType, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import type { LossOp } from "../loss.ts";
import type { Builder, Value } from "../node.ts";
import { meanOverSample, paired, pairedTarget } from "./regression.ts";

export const crossEntropy: LossOp = {
  name: "cross_entropy",
  family: "loss",
  version: 1,
  doc: `Cross entropy of K classes, from logits: \`-ln\` of the softmax probability of the true class.

Pairs f32[N, K] with class[K], or with K probabilities f32[K]. With \`smoothing: s\` the truth is \`1 - s + s / K\` for the true class and \`s / K\` for the others (Szegedy et al. 2016).`,
  parameters: [
    {
      name: "smoothing",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0,
      doc: "Share of the truth that is spread evenly over all classes.",
    },
  ],
  check(output, target) {
    const count = classesOf(target);
    if (count === undefined) {
      return {
        problem: `\`cross_entropy\` needs a class as target, not ${showField(target)}`,
        hint: "for numbers use `mean_squared_error` or `mean_absolute_error`",
      };
    }
    if (output.shape.length === 2 && output.shape[1] === count) return undefined;
    return {
      problem: `the output is ${showType(output)}, and ${showField(target)} needs f32[N, ${count}]: one logit for each class`,
      hint:
        output.shape.length === 2
          ? `end the network with \`dense(${count})\``
          : `end the network with \`global_avg_pool\` or \`flatten\`, then \`dense(${count})\``,
    };
  },
  lower(builder, output, target, parameters) {
    const smoothing = parameters.smoothing as number;
    const classes = output.type.shape[1]!;
    if (target.type.dtype !== "f32" && smoothing === 0)
      return builder.emit("SparseSoftmaxCrossEntropyWithLogits", [output, target]);
    const labels =
      target.type.dtype === "f32"
        ? smoothed(builder, target, smoothing, classes)
        : builder.emit("OneHot", [
            target,
            builder.scalar(classes, "i32"),
            builder.scalar(1 - smoothing + smoothing / classes),
            builder.scalar(smoothing / classes),
          ]);
    return builder.emit("SoftmaxCrossEntropyWithLogits", [output, labels]);
  },
};

function smoothed(b: Builder, target: Value, smoothing: number, classes: number): Value {
  if (smoothing === 0) return target;
  const kept = b.emit("Mul", [target, b.scalar(1 - smoothing)]);
  return b.emit("AddV2", [kept, b.scalar(smoothing / classes)]);
}

function classesOf(target: FieldType): number | undefined {
  if (target.kind === "class") return target.count;
  const [length] = target.shape;
  return target.dtype === "f32" && target.shape.length === 1 && typeof length === "number"
    ? length
    : undefined;
}

export const binaryCrossEntropy: LossOp = {
  name: "binary_cross_entropy",
  family: "loss",
  version: 1,
  doc: `Cross entropy of yes or no, from logits: \`-t ln p - (1 - t) ln(1 - p)\` with \`p = sigmoid(output)\`, averaged over a sample's elements.

Pairs f32[N] or f32[N, 1] with class[2], or any output with f32 targets in [0, 1] of its shape.`,
  parameters: [],
  check(output, target): ShapeProblem | undefined {
    if (target.kind === "tensor") return paired("binary_cross_entropy", output, target);
    if (target.count === 2 && single(output)) return undefined;
    return {
      problem: `\`binary_cross_entropy\` cannot pair the output ${showType(output)} with ${showField(target)}`,
      hint:
        target.count === 2
          ? "end the network with `dense(1)`, or use `cross_entropy` with one logit for each class"
          : "use `cross_entropy`",
    };
  },
  lower(b, output, target) {
    const t = pairedTarget(b, output, target);
    const negative = b.emit("Sub", [b.scalar(1), t]);
    // softplus(-z) = -ln p and softplus(z) = -ln(1 - p): exact in both tails, with the gradient p - t everywhere.
    const yes = b.emit("Mul", [t, b.emit("Softplus", [b.emit("Neg", [output])])]);
    const no = b.emit("Mul", [negative, b.emit("Softplus", [output])]);
    return meanOverSample(b, b.emit("AddV2", [yes, no]));
  },
};

function single(output: TensorType): boolean {
  return output.shape.slice(1).every((dim) => dim === 1);
}

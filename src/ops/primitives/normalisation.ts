/**
 * Batch normalisation over NHWC. With `exponential_avg_factor` f and the moving statistics as inputs, outputs 1 and 2 are
 * the new moving statistics (1 - f) old + f batch, the variance unbiased. Outputs 3 and 4 are the batch mean and variance
 * (on some devices its reciprocal root), for the gradient only; output 5 is the device's own.
 */
import type { Value } from "../node.ts";
import { boolAttr, elementCount, expectShape, outputOf, type Primitive, primitive } from "./primitive.ts";

const forward = primitive("FusedBatchNormV3", {
  arity: 5,
  attrs: { epsilon: "float", exponential_avg_factor: "float", is_training: "bool" },
  derived: { T: { input: 0 }, U: { input: 1 } },
  infer: ([x, ...rest]) => {
    if (x!.type.shape.length !== 4) throw new Error("needs a tensor of rank 4; reshape to it");
    const channels = [x!.type.shape[3]!];
    const names = ["a scale", "an offset", "a mean", "a variance"];
    for (const [i, value] of rest.entries()) {
      // With neither statistics nor averaging, TensorFlow takes empty ones.
      if (i >= 2 && elementCount(value.type.shape) === 0) continue;
      expectShape(value, channels, names[i]!);
    }
    const statistics = { dtype: rest[0]!.type.dtype, shape: channels };
    // What output 5 holds is the device's business (nothing on oneDNN, cuDNN's reserve elsewhere): only the gradient reads it.
    return [x!.type, statistics, statistics, statistics, statistics, { dtype: statistics.dtype, shape: [] }];
  },
  gradient: (b, node, outputGradients) => {
    const dy = outputGradients[0];
    if (!dy || outputGradients.slice(1).some(Boolean)) {
      throw new Error(
        "FusedBatchNormV3 has a gradient for its first output only; the statistics must not enter the loss",
      );
    }
    const [x, scale, , mean, variance] = node.inputs as [Value, Value, Value, Value, Value];
    const training = boolAttr(node.attrs, "is_training", true);
    const saved = training ? [outputOf(node, 3), outputOf(node, 4)] : [mean, variance];
    const { epsilon = 0.0001 } = node.attrs;
    const grads = b.emitAll("FusedBatchNormGradV3", [dy, x, scale, ...saved, outputOf(node, 5)], {
      epsilon,
      is_training: training,
    });
    return [grads[0], grads[1], grads[2], undefined, undefined];
  },
});

const backward = primitive("FusedBatchNormGradV3", {
  arity: 6,
  attrs: { epsilon: "float", is_training: "bool" },
  derived: { T: { input: 0 }, U: { input: 3 } },
  infer: ([dy, , scale]) => [
    dy!.type,
    scale!.type,
    scale!.type,
    { dtype: scale!.type.dtype, shape: [0] },
    { dtype: scale!.type.dtype, shape: [0] },
  ],
});

export const normalisation: readonly Primitive[] = [forward, backward];

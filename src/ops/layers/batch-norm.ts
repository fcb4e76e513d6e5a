import { showType } from "../../types/tensor.ts";
import type { LayerOp, WeightSpec } from "../layer.ts";
import { needsFloat, product } from "./window.ts";

export const batchNorm: LayerOp = {
  name: "batch_norm",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Batch normalization: each channel is brought to mean 0 and variance 1 over the batch, then scaled and shifted by learned numbers.

Ioffe and Szegedy (2015). Evaluation uses moving statistics: \`moving = momentum moving + (1 - momentum) batch\`, with the unbiased batch variance. Beware of other tools' defaults: momentum is 0.9 here (PyTorch would call it 0.1; Keras has 0.99), epsilon 1e-5 (Keras has 1e-3).`,
  example: `conv(16, bias: false)
batch_norm(momentum: 0.99); relu`,
  parameters: [
    {
      name: "momentum",
      type: { kind: "real", min: 0, max: 1 },
      default: 0.9,
      doc: "Share of the old value in a moving statistic.",
    },
    {
      name: "epsilon",
      type: { kind: "real", min: 0 },
      default: 1e-5,
      doc: "Added to the variance before its root is taken.",
    },
  ],
  infer([input]) {
    if (input!.dtype !== "f32") return needsFloat("batch_norm", input!);
    if (input!.shape.length < 2 || input!.shape.length > 5) {
      return {
        problem: `\`batch_norm\` needs f32[N, F], a sequence f32[N, L, C], an image f32[N, H, W, C] or a volume f32[N, D, H, W, C], not ${showType(input!)}`,
      };
    }
    const channels = input!.shape.at(-1) as number;
    const weight = (name: string, trainable: boolean, value: number): WeightSpec => ({
      name,
      shape: [channels],
      trainable,
      decays: false,
      init: { kind: "constant", value },
    });
    return {
      output: input!,
      weights: [
        weight("scale", true, 1),
        weight("offset", true, 0),
        weight("mean", false, 0),
        weight("variance", false, 1),
      ],
      macs: 0,
    };
  },
  lower({ builder, training, weight, update }, [input], parameters) {
    const { shape } = input!.type;
    const n = shape[0]!;
    const channels = shape.at(-1)!;
    const positions = shape.slice(1, -1);
    const padded = [n, product(positions.slice(0, -1)), positions.at(-1) ?? 1, channels];
    const x = shape.length === 4 ? input! : builder.emit("Reshape", [input!, builder.ints(padded)]);
    const [y, mean, variance] = builder.emitAll(
      "FusedBatchNormV3",
      [x, weight("scale"), weight("offset"), weight("mean"), weight("variance")],
      {
        epsilon: parameters.epsilon as number,
        exponential_avg_factor: training ? 1 - (parameters.momentum as number) : 1,
        is_training: training,
      },
    );
    if (training) {
      update("mean", mean!);
      update("variance", variance!);
    }
    return shape.length === 4 ? y! : builder.emit("Reshape", [y!, builder.ints(shape)]);
  },
};

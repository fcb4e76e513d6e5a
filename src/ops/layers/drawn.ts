/** Tensors that no input gives: drawn, or trained. */
import { elementCount } from "../../types/tensor.ts";
import type { InitSpec, LayerOp } from "../layer.ts";
import { needsFloat } from "./window.ts";

const standardNormal: LayerOp = {
  name: "standard_normal",
  family: "layer",
  version: 1,
  arity: 1,
  anyShape: true,
  functional: true,
  named: ["like"],
  doc: `Numbers of the normal distribution with mean 0 and deviation 1, in the shape of a tensor: \`standard_normal(like: x)\`.

Drawn from the trial's seed, new at every step (Box and Muller 1958). In evaluation the draws depend on the seed and the place in the batch.`,
  example: `flatten // as a variational autoencoder draws
branch centre { dense(8) }
branch spread { dense(8) }
centre + exp(0.5 * spread) * standard_normal(like: centre)`,
  parameters: [],
  infer: ([like]) =>
    like!.dtype === "f32" ? { output: like!, weights: [], macs: 0 } : needsFloat("standard_normal", like!),
  lower({ builder, uniform }, [like]) {
    const { shape } = like!.type;
    // 1 - u lies in (0, 1]: its logarithm is finite.
    const u = builder.emit("Sub", [builder.scalar(1), uniform(shape)]);
    const radius = builder.emit("Sqrt", [
      builder.emit("Mul", [builder.emit("Log", [u]), builder.scalar(-2)]),
    ]);
    const angle = builder.emit("Mul", [uniform(shape), builder.scalar(2 * Math.PI)]);
    return builder.emit("Mul", [radius, builder.emit("Cos", [angle])]);
  },
};

const inits: Readonly<Record<string, (shape: readonly number[]) => InitSpec>> = {
  zeros: () => ({ kind: "constant", value: 0 }),
  ones: () => ({ kind: "constant", value: 1 }),
  glorot: (shape) => ({
    kind: "glorot_uniform",
    fanIn: elementCount(shape.slice(0, -1)),
    fanOut: shape.at(-1) ?? 1,
  }),
};

const learned: LayerOp = {
  name: "learned",
  family: "layer",
  version: 1,
  arity: 0,
  anyShape: true,
  functional: true,
  doc: "A tensor that is trained, the same for all examples: `learned([1, 64], init: zeros)`.",
  example: `conv(16, bias: false) as maps
maps * learned([16], init: ones) + learned([16], init: zeros)`,
  positional: 1,
  parameters: [
    {
      name: "shape",
      type: { kind: "list", of: { kind: "int", min: 1 } },
      doc: "Its dimensions; `[]` is one number.",
    },
    {
      name: "init",
      type: { kind: "word", words: Object.keys(inits) },
      default: "glorot",
      doc: "How it begins: zeros, ones, or drawn evenly as Glorot and Bengio (2010) do.",
    },
  ],
  infer(_, parameters) {
    const shape = parameters.shape as readonly number[];
    const init = inits[parameters.init as string]!(shape);
    return {
      output: { dtype: "f32", shape },
      weights: [{ name: "value", shape, trainable: true, decays: false, init }],
      macs: 0,
    };
  },
  lower: ({ weight }) => weight("value"),
};

export const drawn: readonly LayerOp[] = [standardNormal, learned];

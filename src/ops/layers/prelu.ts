import type { LayerOp } from "../layer.ts";
import { needsFloat } from "./window.ts";

export const prelu: LayerOp = {
  name: "prelu",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Parametric ReLU (He et al. 2015): \`x\` where it is positive, \`a x\` elsewhere, with learned slopes \`a\`.

One slope a channel, as in the paper and PyTorch; \`per: element\` has one for each element of a sample, as in Keras.`,
  example: "conv(16); prelu(per: element)",
  parameters: [
    {
      name: "per",
      type: { kind: "word", words: ["channel", "element"] },
      default: "channel",
      doc: "What has a slope of its own.",
    },
    { name: "slope", type: { kind: "real" }, default: 0.25, doc: "What slopes begin at. Keras has 0." },
  ],
  positional: 0,
  infer([input], { per, slope }) {
    if (input!.dtype !== "f32") return needsFloat("prelu", input!);
    const shape = input!.shape.slice(per === "element" ? 1 : -1) as readonly number[];
    return {
      output: input!,
      weights: [
        {
          name: "slope",
          shape,
          trainable: true,
          decays: false,
          init: { kind: "constant", value: slope as number },
        },
      ],
      macs: 0,
    };
  },
  lower({ builder: b, weight }, [x]) {
    const negative = b.emit("Minimum", [x!, b.scalar(0, x!.type.dtype)]);
    return b.emit("AddV2", [b.emit("Relu", [x!]), b.emit("Mul", [negative, weight("slope")])]);
  },
};

import { showType } from "../../types/tensor.ts";
import type { LayerOp } from "../layer.ts";

export const embedding: LayerOp = {
  name: "embedding",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `A learned vector for each whole number: what categories and words are fed as.

Takes i32[N], i64[N] or u8[N], alone or with further axes, of numbers from 0 to \`values - 1\`, or a class. Vectors begin evenly between -0.05 and 0.05, as in Keras.`,
  example: `data stars {
  source = csv("stars.csv")
  input kind : i32 = source.kind
  target label : class[3] = source.label
  split = random(train: 70%, valid: 15%, test: 15%)
}
model by_kind : i32[N] -> f32[N, K] { embedding(8, values: 12); relu; dense(K) }
experiment known = question with {
  data = stars
  model = by_kind
}`,
  parameters: [
    { name: "units", type: { kind: "int", min: 1 }, doc: "Length of a vector." },
    {
      name: "values",
      type: { kind: "int", min: 1 },
      doc: "How many whole numbers there are. A number beyond ends the training with an error on a CPU; on a GPU its vector is zeros, as TensorFlow has it.",
    },
  ],
  infer([input], { units, values }) {
    if (!["i32", "i64", "u8"].includes(input!.dtype)) {
      return {
        problem: `\`embedding\` needs whole numbers, i32, i64 or u8, not ${showType(input!)}`,
        hint: "give the field and the network's input such a type: `input kind : i32`, `model m : i32[N] -> ...`",
      };
    }
    return {
      output: { dtype: "f32", shape: [...input!.shape, units as number] },
      weights: [
        {
          name: "kernel",
          shape: [values as number, units as number],
          trainable: true,
          decays: true,
          init: { kind: "uniform", limit: 0.05 },
        },
      ],
      macs: 0,
    };
  },
  lower({ builder: b, weight }, [input]) {
    const { dtype } = input!.type;
    const numbers = dtype === "u8" ? b.emit("Cast", [input!], { DstT: { dtype: "i32" } }) : input!;
    return b.emit("GatherV2", [weight("kernel"), numbers, b.scalar(0, "i32")]);
  },
};

import { showType } from "../../types/tensor.ts";
import type { LayerOp } from "../layer.ts";

export const isClass: LayerOp = {
  name: "is_class",
  family: "layer",
  version: 1,
  arity: 1,
  anyShape: true,
  functional: true,
  doc: "Whether an example is of one class, named or counted from 0; `t == spiral` or `t == 1` is written.",
  example: `/// The share of spirals in a split.
metric spirals(y: f32[N, K], t: class[K]) { mean(t == spiral) }`,
  parameters: [
    { name: "of", type: { kind: "label" }, optional: true, doc: "The class by its name." },
    {
      name: "number",
      type: { kind: "int", min: 0 },
      optional: true,
      doc: "The class by its number, from 0.",
    },
  ],
  infer: ([input]) =>
    input!.dtype === "i32"
      ? { output: { ...input!, dtype: "bool" }, weights: [], macs: 0 }
      : {
          problem: `\`is_class\` takes a class, not ${showType(input!)}`,
          hint: "a target `class[4]` is one",
        },
  lower({ builder }, [x], { number }) {
    if (typeof number !== "number") throw new Error("a class is found by its name before the graph is built");
    return builder.emit("Equal", [x!, builder.scalar(number, "i32")]);
  },
};

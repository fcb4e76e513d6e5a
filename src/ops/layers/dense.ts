import { showType } from "../../types/tensor.ts";
import type { LayerOp } from "../layer.ts";
import { biasParameter, biasWeight, initParameter, kernelWeight } from "./kernel.ts";
import { needsFloat } from "./window.ts";

export const dense: LayerOp = {
  name: "dense",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Fully connected layer: every output is a weighted sum of all inputs.

Takes f32[N, F]; images are first made flat with \`flatten\` or \`global_avg_pool\`. Kernels begin He-uniform, biases at 0, unless \`init\` says otherwise.`,
  example: `flatten
dense(64, init: he_normal); relu`,
  parameters: [
    { name: "units", type: { kind: "int", min: 1 }, doc: "Number of outputs." },
    biasParameter("output"),
    initParameter,
  ],
  infer([input], parameters) {
    if (input!.dtype !== "f32") return needsFloat("dense", input!);
    if (input!.shape.length !== 2) {
      return {
        problem: `\`dense\` needs f32[N, F], not ${showType(input!)}`,
        hint: "put `flatten` or `global_avg_pool` before it",
      };
    }
    const features = input!.shape[1] as number;
    const units = parameters.units as number;
    return {
      output: { dtype: "f32", shape: ["N", units] },
      weights: [
        kernelWeight([features, units], { in: features, out: units }, parameters),
        ...biasWeight(units, { in: features, out: units }, parameters),
      ],
      macs: features * units,
    };
  },
  lower({ builder, weight }, [input], parameters) {
    const y = builder.emit("MatMul", [input!, weight("kernel")], { transpose_a: false, transpose_b: false });
    return parameters.bias ? builder.emit("BiasAdd", [y, weight("bias")]) : y;
  },
};

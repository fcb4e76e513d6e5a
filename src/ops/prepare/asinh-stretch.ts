import type { PrepareOp } from "../prepare.ts";
import { asNumbers } from "./row.ts";

export const asinhStretch: PrepareOp = {
  name: "asinh_stretch",
  family: "prepare",
  version: 1,
  doc: "`asinh(x / softening)`: linear for faint pixels, logarithmic for bright ones (Lupton et al. 1999). Values keep their sign.",
  example: "prepare image { asinh_stretch(softening: 2); standardize }",
  parameters: [
    {
      name: "softening",
      type: { kind: "real", min: 1e-12 },
      default: 1,
      doc: "Where linear turns to logarithmic, in the image's units; about the noise of a pixel.",
    },
  ],
  infer: (type) => asNumbers("asinh_stretch", type),
  apply(row, parameters) {
    const factor = 1 / (parameters.softening as number);
    const out = new Float32Array(row.data.length);
    for (let i = 0; i < out.length; i++) out[i] = Math.asinh((row.data[i] as number) * factor);
    return { shape: row.shape, data: out };
  },
};

import { showField } from "../field.ts";
import type { PrepareOp } from "../prepare.ts";
import { asNumbers } from "./row.ts";

/** -2.5 / ln 10. */
const pogson = -2.5 / Math.LN10;

export const luptitude: PrepareOp = {
  name: "luptitude",
  family: "prepare",
  version: 1,
  doc: `Turns fluxes into asinh magnitudes (Lupton et al. 1999), which are defined for faint and negative fluxes too: \`-2.5 / ln 10 (asinh(f / f0 / 2 b) + ln b)\`, with b of each band.

The defaults are those of SDSS for images in nanomaggies in the bands u, g, r, i, z.`,
  example: `data sky = galaxies with {
  source = simulate.star_galaxy(count: 1000, size: 48 px)
  input image : f32[48, 48, 5] = source.image
  target label : class[2] = source.class
  keep snr : f32 = source.snr
  prepare image { luptitude; min_max(per: band) }
}`,
  parameters: [
    {
      name: "softening",
      type: { kind: "list", of: { kind: "real", min: 0 } },
      default: [1.4e-10, 0.9e-10, 1.2e-10, 1.8e-10, 7.4e-10],
      doc: "Softening of each band, b, as a share of the flux of magnitude 0.",
    },
    {
      name: "flux_zero",
      type: { kind: "real", min: 0 },
      default: 1e9,
      doc: "Flux of an object of magnitude 0, in the image's units.",
    },
  ],
  positional: 0,
  infer(type, { softening }) {
    const numbers = asNumbers("luptitude", type);
    if ("problem" in numbers) return numbers;
    const bands = (softening as readonly number[]).length;
    if (numbers.shape.at(-1) === bands) return numbers;
    return {
      problem: `\`softening\` of \`luptitude\` has ${bands} numbers, and the bands of ${showField(type)} are ${numbers.shape.at(-1) ?? 1}`,
      hint: "give one number for each band: `luptitude(softening: [0.9e-10, 1.2e-10, 1.8e-10])`",
    };
  },
  apply(row, parameters) {
    const softening = parameters.softening as readonly number[];
    const zero = parameters.flux_zero as number;
    const out = new Float32Array(row.data.length);
    for (let i = 0; i < out.length; i++) {
      const b = softening[i % softening.length]!;
      out[i] = pogson * (Math.asinh(Number(row.data[i]) / zero / (2 * b)) + Math.log(b));
    }
    return { shape: row.shape, data: out };
  },
};

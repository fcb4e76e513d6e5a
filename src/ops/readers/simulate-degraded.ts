import type { ReaderOp } from "../reader.ts";
import { countParameter, pixelParameter, seedParameter, sizeParameter } from "./simulate-star-galaxy.ts";

export const simulateDegraded: ReaderOp = {
  name: "simulate.degraded_galaxies",
  family: "reader",
  version: 1,
  doc:
    "Pairs of a galaxy and the same galaxy blurred and with more noise, for deconvolution (the recipe of GalaxyGAN, Schawinski et al. 2017).\n\n" +
    "The original is a galaxy of `simulate.star_galaxy` in the bands i, r, g. It is blurred by a Gaussian of `fwhm`; white noise, the same in all bands, is added, so that the sky's deviation is " +
    "`noise` times that of the original. Both are clipped to -0.1 .. 4 nanomaggies, scaled to 0 .. 1 and stretched by `asinh(10 x) / 3`. " +
    "Fields: `degraded` and `original` (`f32[size, size, 3]`, in 0 .. 1) and `magnitude` (in r).",
  example: `data shown {
  source = simulate.degraded_galaxies(count: 1000, size: 64 px)
  input blurred : f32[64, 64, 3] = source.degraded
  target sharp : f32[64, 64, 3] = source.original
  split = random(train: 70%, valid: 15%, test: 15%)
}`,
  positional: 0,
  parameters: [
    countParameter,
    sizeParameter(64),
    pixelParameter(0.396),
    {
      name: "fwhm",
      type: { kind: "real", min: 0.001, unit: "arcsec" },
      default: 1.4,
      doc: "Full width at half maximum of the blur that is added.",
    },
    {
      name: "noise",
      type: { kind: "real", min: 0 },
      default: 1.2,
      doc: "Deviation of the degraded image's sky, in those of the original's.",
    },
    {
      name: "magnitude",
      type: { kind: "range" },
      default: { from: 14.5, to: 17.5 },
      doc: "Total magnitudes in r, uniform in this range.",
    },
    {
      name: "radius",
      type: { kind: "real", min: 0.001, unit: "arcsec" },
      default: 4,
      doc: "Median half-light radius; two thirds are within a factor of 1.8.",
    },
    seedParameter,
  ],
  fields: ({ size }) => {
    const image = { kind: "tensor", dtype: "f32", shape: [size as number, size as number, 3] } as const;
    return { degraded: image, original: image, magnitude: { kind: "tensor", dtype: "f32", shape: [] } };
  },
  count: (parameters) => parameters.count as number,
};

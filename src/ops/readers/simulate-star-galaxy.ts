import type { ReaderOp } from "../reader.ts";
import type { Parameter } from "../signature.ts";

export const opticalBands = ["u", "g", "r", "i", "z"] as const;
export type OpticalBand = (typeof opticalBands)[number];

export const starGalaxyClasses = ["star", "galaxy"] as const;

export const countParameter: Parameter = {
  name: "count",
  type: { kind: "int", min: 1 },
  doc: "How many rows. A larger number adds rows and changes none.",
};

export const seedParameter: Parameter = {
  name: "seed",
  type: { kind: "seed" },
  default: "1",
  doc: "Of the objects and their noise. Does not change with the trial's seed.",
};

export const sizeParameter = (pixels: number): Parameter => ({
  name: "size",
  type: { kind: "int", min: 8, unit: "px" },
  default: pixels,
  doc: "Width and height.",
});

export const pixelParameter = (arcsec: number): Parameter => ({
  name: "pixel",
  type: { kind: "real", min: 0.001, unit: "arcsec" },
  default: arcsec,
  doc: "Width of a pixel.",
});

export const simulateStarGalaxy: ReaderOp = {
  name: "simulate.star_galaxy",
  family: "reader",
  version: 1,
  doc:
    "Stars and galaxies as the Sloan survey sees them, made from their formulas. Stars are the point-spread function, a Moffat function whose width is drawn " +
    "about `fwhm` for every object alike; galaxies are spirals and ellipticals as in `simulate.galaxies`, with log-normal half-light radii.\n\n" +
    "Magnitudes in r are uniform in the same range for both. What makes the task hard is the faint end, and galaxies that are smaller than the seeing: resolve the metrics by `magnitude`. " +
    "Sky, gain and the noise of counted photons are about those of SDSS. Fields: `image` (`f32[size, size, bands]`, in nanomaggies, sky taken away), `class` (star, galaxy), " +
    "`magnitude` (in r), `snr` (signal to noise over all pixels and bands) and `radius` (half-light radius in arcseconds, 0 for stars).",
  example: `data shown {
  source = simulate.star_galaxy(count: 5000)
  input image : f32[48, 48, 5] = source.image
  target label : class[2] = source.class
  keep magnitude : f32 = source.magnitude
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%)
  prepare image { luptitude; standardize }
}`,
  positional: 0,
  parameters: [
    countParameter,
    sizeParameter(48),
    {
      name: "bands",
      type: { kind: "list", of: { kind: "word", words: opticalBands } },
      default: [...opticalBands],
      doc: "The filters, one channel each.",
    },
    pixelParameter(0.396),
    {
      name: "fwhm",
      type: { kind: "real", min: 0.001, unit: "arcsec" },
      default: 1.3,
      doc: "Median full width at half maximum of the point-spread function; it varies by 10%.",
    },
    {
      name: "magnitude",
      type: { kind: "range" },
      default: { from: 14, to: 23 },
      doc: "Total magnitudes in r, uniform in this range.",
    },
    {
      name: "radius",
      type: { kind: "real", min: 0.001, unit: "arcsec" },
      default: 1,
      doc: "Median half-light radius of galaxies; two thirds are within a factor of 1.8.",
    },
    seedParameter,
  ],
  fields: (parameters) => {
    const size = parameters.size as number;
    const number = { kind: "tensor", dtype: "f32", shape: [] } as const;
    return {
      image: {
        kind: "tensor",
        dtype: "f32",
        shape: [size, size, (parameters.bands as readonly string[]).length],
      },
      class: { kind: "class", count: 2 },
      magnitude: number,
      snr: number,
      radius: number,
    };
  },
  count: (parameters) => parameters.count as number,
};

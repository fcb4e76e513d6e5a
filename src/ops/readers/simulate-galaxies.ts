import type { ReaderOp } from "../reader.ts";

/** Effective wavelengths in micrometres: SDSS for u to z, Euclid for VIS, Y, J, H, 2MASS for K. */
export const bandWavelengths = {
  u: 0.355,
  g: 0.477,
  r: 0.623,
  i: 0.763,
  z: 0.913,
  VIS: 0.715,
  Y: 1.081,
  J: 1.367,
  H: 1.771,
  K: 2.159,
} as const;

export type Band = keyof typeof bandWavelengths;

export const galaxyClasses = ["star", "spiral", "elliptical"] as const;

export type GalaxyClass = (typeof galaxyClasses)[number];

export const simulateGalaxies: ReaderOp = {
  name: "simulate.galaxies",
  family: "reader",
  version: 1,
  doc:
    "Stars, spirals and ellipticals as a survey telescope sees them, made from their formulas: Sersic profiles, spiral arms, bars, inclination, " +
    "colours, a point-spread function, Poisson and read noise.\n\n" +
    "All classes have the same magnitudes, so brightness tells nothing. Every row has its own random numbers: a larger `count` adds rows and changes none. " +
    "Fields: `image` (`f32[size, size, bands]`, in standard deviations of the background of one pixel), `class`, `snr` " +
    "(signal to noise over all pixels and bands) and `magnitude` (AB, mean over the bands).",
  example: `data shown {
  source = simulate.galaxies(count: 1200, size: 32 px, magnitude: 18 .. 22)
  input image : f32[32, 32, 3] = source.image
  target label : class[3] = source.class
  keep snr : f32 = source.snr
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%)
}`,
  positional: 0,
  parameters: [
    { name: "count", type: { kind: "int", min: 1 }, doc: "How many objects; classes take turns." },
    { name: "size", type: { kind: "int", min: 8, unit: "px" }, default: 64, doc: "Width and height." },
    {
      name: "bands",
      type: { kind: "list", of: { kind: "word", words: Object.keys(bandWavelengths) } },
      default: ["Y", "J", "H"],
      doc: "The filters, one channel each.",
    },
    {
      name: "classes",
      type: { kind: "list", of: { kind: "word", words: galaxyClasses } },
      default: [...galaxyClasses],
      doc: "What there is, in the order of the labels.",
    },
    {
      name: "pixel",
      type: { kind: "real", min: 0.001, unit: "arcsec" },
      default: 0.3,
      doc: "Width of a pixel.",
    },
    {
      name: "fwhm",
      type: { kind: "real", min: 0.001, unit: "arcsec" },
      default: 0.5,
      doc: "Full width at half maximum of the point-spread function.",
    },
    {
      name: "psf",
      type: { kind: "word", words: ["moffat", "gaussian"] },
      default: "moffat",
      doc: "Form of the point-spread function. The Moffat function has beta = 3.5.",
    },
    {
      name: "magnitude",
      type: { kind: "range" },
      default: { from: 18, to: 23 },
      doc: "Total AB magnitudes, uniform in this range.",
    },
    {
      name: "radius",
      type: { kind: "range", unit: "arcsec" },
      default: { from: 0.5, to: 2.4 },
      doc: "Half-light radii of galaxies, log-uniform in this range, the same for all kinds.",
    },
    {
      name: "exposure",
      type: { kind: "real", min: 0 },
      default: 87,
      doc: "Exposure in seconds; one of Euclid's near-infrared dithers is 87 s.",
    },
    {
      name: "zero_point",
      type: { kind: "real" },
      default: 25,
      doc: "AB magnitude that gives one electron a second.",
    },
    {
      name: "sky",
      type: { kind: "real", min: 0 },
      default: 22.3,
      doc: "Brightness of the sky, AB magnitudes a square arcsecond; 22.3 is zodiacal light in the near infrared.",
    },
    {
      name: "read_noise",
      type: { kind: "real", min: 0 },
      default: 6,
      doc: "Standard deviation of the detector's noise, electrons a pixel.",
    },
    {
      name: "seed",
      type: { kind: "seed" },
      default: "1",
      doc: "Of the objects and their noise. Does not change with the trial's seed.",
    },
  ],
  fields: (parameters) => {
    const size = parameters.size as number;
    return {
      image: {
        kind: "tensor",
        dtype: "f32",
        shape: [size, size, (parameters.bands as readonly string[]).length],
      },
      class: { kind: "class", count: (parameters.classes as readonly string[]).length },
      snr: { kind: "tensor", dtype: "f32", shape: [] },
      magnitude: { kind: "tensor", dtype: "f32", shape: [] },
    };
  },
  count: (parameters) => parameters.count as number,
};

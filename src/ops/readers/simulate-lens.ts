import type { ReaderOp } from "../reader.ts";
import { countParameter, pixelParameter, seedParameter, sizeParameter } from "./simulate-star-galaxy.ts";

export const simulateLens: ReaderOp = {
  name: "simulate.lens",
  family: "reader",
  version: 1,
  doc:
    "Galaxies seen through a gravitational lens, with the light of the lens taken away (as Hezaveh et al. 2017 train on).\n\n" +
    "Each ray is traced back through the deflection of a singular isothermal ellipsoid to a Sersic source; the image is blurred, scaled to a peak of 1, and gets noise, three times in four " +
    "correlated between neighbours as in drizzled images. Half of the sources lie within a third of the Einstein radius; all are magnified at least twice. Cosmic rays, masks and residual light of the paper are left out. " +
    "Fields: `image` (`f32[size, size, 1]`), `parameters` (`f32[5]`: Einstein radius, ellipticity in x and y, position in x and y; arcseconds) and `magnification`.",
  example: `data shown {
  source = simulate.lens(count: 2000, size: 48 px, pixel: 0.16 arcsec)
  input image : f32[48, 48, 1] = source.image
  target lens : f32[5] = source.parameters
  split = random(train: 70%, valid: 15%, test: 15%)
  prepare lens { standardize }
}`,
  positional: 0,
  parameters: [
    countParameter,
    sizeParameter(192),
    pixelParameter(0.04),
    {
      name: "profile",
      type: { kind: "operator", family: "mass" },
      default: {
        op: "sie",
        parameters: {
          einstein_radius: { from: 0.1, to: 3 },
          ellipticity: { from: 0, to: 0.9 },
          offset: 0.25,
        },
      },
      doc: "The lens's mass: `sie(einstein_radius: 0.5 .. 2 arcsec)`.",
    },
    {
      name: "source",
      type: { kind: "operator", family: "light" },
      default: { op: "sersic", parameters: { size: { from: 0.2, to: 1 }, index: { from: 0.5, to: 4 } } },
      doc: "The light of the source: `sersic(size: 0.2 .. 1 arcsec)`.",
    },
    {
      name: "psf",
      type: { kind: "operator", family: "psf" },
      default: { op: "gaussian", parameters: { width: { from: 0.1, to: 2 } } },
      doc: "The point-spread function: `gaussian(0.1 .. 2 px)`.",
    },
    {
      name: "noise",
      type: { kind: "range", unit: "fraction" },
      default: { from: 0.01, to: 0.1 },
      doc: "Deviation of the noise as a share of the peak, uniform in this range.",
    },
    seedParameter,
  ],
  fields: ({ size }) => ({
    image: { kind: "tensor", dtype: "f32", shape: [size as number, size as number, 1] },
    parameters: { kind: "tensor", dtype: "f32", shape: [5] },
    magnification: { kind: "tensor", dtype: "f32", shape: [] },
  }),
  count: (parameters) => parameters.count as number,
};

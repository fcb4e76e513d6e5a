import type { Signature } from "../signature.ts";

/** What simulators are made of: mass, light and point-spread functions, with the ranges that their numbers are drawn from. */
export const profiles: readonly Signature[] = [
  {
    name: "sie",
    family: "mass",
    version: 1,
    doc: "A singular isothermal ellipsoid (Kormann et al. 1994): the total mass of an elliptical galaxy with a flat rotation curve, whose surface density falls as 1 / R. Its angle is uniform.",
    example: `data shown {
  source = simulate.lens(count: 2000, size: 48 px, profile: sie(einstein_radius: 0.5 .. 2 arcsec))
  input image : f32[48, 48, 1] = source.image
  target lens : f32[5] = source.parameters
  split = random(train: 70%, valid: 15%, test: 15%)
  prepare lens { standardize }
}`,
    positional: 0,
    parameters: [
      {
        name: "einstein_radius",
        type: { kind: "range", unit: "arcsec" },
        default: { from: 0.1, to: 3 },
        doc: "Radius of the ring that it makes of a source behind its centre, uniform in this range.",
      },
      {
        name: "ellipticity",
        type: { kind: "range" },
        default: { from: 0, to: 0.9 },
        doc: "One minus the axis ratio, uniform in this range.",
      },
      {
        name: "offset",
        type: { kind: "real", min: 0, unit: "arcsec" },
        default: 0.25,
        doc: "Its centre is within so much of the image's, in x and in y.",
      },
    ],
  },
  {
    name: "sersic",
    family: "light",
    version: 1,
    doc: "A Sersic (1963) profile, `exp(-b ((R / R_e)^(1 / n) - 1))` with b such that half of the light is within R_e (Ciotti and Bertin 1999): exponential discs have the index n = 1, elliptical galaxies 4. Axis ratios are uniform from 0.4 to 1, angles uniform.",
    example: `data shown {
  source = simulate.lens(count: 2000, size: 48 px, pixel: 0.16 arcsec, source: sersic(index: 1 .. 4))
  input image : f32[48, 48, 1] = source.image
  target lens : f32[5] = source.parameters
  split = random(train: 70%, valid: 15%, test: 15%)
  prepare lens { standardize }
}`,
    positional: 0,
    parameters: [
      {
        name: "size",
        type: { kind: "range", unit: "arcsec" },
        default: { from: 0.2, to: 1 },
        doc: "Half-light radius, uniform in this range.",
      },
      {
        name: "index",
        type: { kind: "range" },
        default: { from: 0.5, to: 4 },
        doc: "Sersic index, uniform in this range.",
      },
    ],
  },
  {
    name: "gaussian",
    family: "psf",
    version: 1,
    doc: "A round Gaussian, `exp(-r^2 / (2 sigma^2))`.",
    example: `data shown {
  source = simulate.lens(count: 2000, size: 48 px, pixel: 0.16 arcsec, psf: gaussian(0.5 .. 1 px))
  input image : f32[48, 48, 1] = source.image
  target lens : f32[5] = source.parameters
  split = random(train: 70%, valid: 15%, test: 15%)
  prepare lens { standardize }
}`,
    parameters: [
      {
        name: "width",
        type: { kind: "range", unit: "px" },
        default: { from: 0.1, to: 2 },
        doc: "Its sigma, uniform in this range: `gaussian(0.1 .. 2 px)`.",
      },
    ],
  },
];

/** Stamps of stars and galaxies as the Sloan survey takes them. */
import type { RandomSource } from "../../ops/philox.ts";
import { bandWavelengths, type GalaxyClass } from "../../ops/readers/simulate-galaxies.ts";
import type { OpticalBand } from "../../ops/readers/simulate-star-galaxy.ts";
import { drawObject } from "./galaxy.ts";
import { poisson } from "./noise.ts";
import { createCamera, pointSpread } from "./psf.ts";

/** Sky in magnitudes a square arcsecond, and electrons for a nanomaggy: about those of SDSS. */
const bandsOf: Readonly<Record<OpticalBand, { readonly sky: number; readonly gain: number }>> = {
  u: { sky: 22.1, gain: 300 },
  g: { sky: 21.8, gain: 1000 },
  r: { sky: 20.8, gain: 950 },
  i: { sky: 20.3, gain: 700 },
  z: { sky: 19.1, gain: 150 },
};

/** A magnitude in nanomaggies. */
export const nanomaggies = (magnitude: number): number => 10 ** (-0.4 * (magnitude - 22.5));

/** How far a colour Y - H reaches in a band, from r on: spectra are straight in log wavelength, and steeper in the optical. */
function tint(colour: number, band: OpticalBand): number {
  const span = Math.log(bandWavelengths.H / bandWavelengths.Y);
  return 10 ** (0.4 * 3 * colour * (Math.log(bandWavelengths[band] / bandWavelengths.r) / span));
}

export interface Stamp {
  /** `[size, size, bands]` in nanomaggies, without noise. */
  readonly flux: Float64Array;
  readonly size: number;
  readonly bands: readonly OpticalBand[];
}

export interface Exposure {
  readonly size: number;
  /** Arcseconds. */
  readonly pixel: number;
  readonly fwhm: number;
  readonly bands: readonly OpticalBand[];
}

/** An object of a magnitude in r (all of its light, also what falls outside the stamp) and, for galaxies, a half-light radius in arcseconds. */
export function exposeObject(
  kind: GalaxyClass,
  magnitude: number,
  radius: number,
  { size, pixel, fwhm, bands }: Exposure,
  random: RandomSource,
): Stamp {
  const wide = fwhm / pixel;
  const camera = createCamera(size, Math.max(2, Math.ceil(3 / wide)), pointSpread("moffat", wide));
  const inPixels = radius / pixel;
  const components = drawObject(kind, { from: inPixels, to: inPixels }, camera, random);
  const total = nanomaggies(magnitude);
  const flux = new Float64Array(size * size * bands.length);
  // Images carry their shares: they sum to 1 over the components.
  for (const { image, colour } of components) {
    for (const [b, band] of bands.entries()) {
      const factor = total * tint(colour, band);
      for (let p = 0; p < image.length; p++) flux[p * bands.length + b]! += factor * image[p]!;
    }
  }
  return { flux, size, bands };
}

/** Variance of a pixel of the sky in each band, in nanomaggies squared, and the electrons behind it. */
function skyOf(band: OpticalBand, pixel: number): { readonly electrons: number; readonly gain: number } {
  const { sky, gain } = bandsOf[band];
  return { electrons: nanomaggies(sky) * pixel * pixel * gain, gain };
}

/** Counts photons of object and sky, and takes the mean sky away. `grain` are standard normal numbers, one for each element. */
export function photograph(
  stamp: Stamp,
  pixel: number,
  grain: Float64Array,
): { readonly image: Float32Array; readonly snr: number } {
  const { flux, bands } = stamp;
  const skies = bands.map((band) => skyOf(band, pixel));
  const image = new Float32Array(flux.length);
  let signal = 0;
  for (let i = 0; i < flux.length; i++) {
    const { electrons: sky, gain } = skies[i % bands.length]!;
    const expected = flux[i]! * gain;
    signal += (expected * expected) / (expected + sky);
    image[i] = (poisson(expected + sky, grain[i]!) - sky) / gain;
  }
  return { image, snr: Math.sqrt(signal) };
}

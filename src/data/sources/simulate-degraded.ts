import { randomSource, streamKey } from "../../ops/philox.ts";
import { gaussianBlur } from "../simulate/blur.ts";
import { rangeOf, uniformIn } from "../simulate/draw.ts";
import { normals } from "../simulate/noise.ts";
import { exposeObject, photograph } from "../simulate/survey.ts";
import type { Cell, SourceReader } from "../source.ts";

const bands = ["i", "r", "g"] as const;
/** Seeing of the original, arcseconds. */
const seeing = 1.3;
const darkest = -0.1;
const brightest = 4;

/** Deviation of the pixels between -0.1 and 0.1 nanomaggies: the sky, and what is as faint. */
function skyDeviation(image: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let i = 0; i < image.length; i++) {
    const value = image[i]!;
    if (Math.abs(value) >= 0.1) continue;
    sum += value;
    squares += value * value;
    count++;
  }
  return count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** Clipped, scaled to 0 .. 1, and asinh(10 x) / 3. */
export function stretched(image: ArrayLike<number>): Float32Array {
  return Float32Array.from(image, (value) => {
    const clipped = Math.min(brightest, Math.max(darkest, value));
    return Math.asinh((10 * (clipped - darkest)) / (brightest - darkest)) / 3;
  });
}

/**
 * The image blurred by a Gaussian of `sigma` pixels, with one plane of noise in all bands, so that the deviation of its sky is
 * `factor` times that of the original.
 */
export function degrade(
  image: Float32Array,
  size: number,
  sigma: number,
  factor: number,
  grain: ArrayLike<number>,
): Float64Array {
  const channels = image.length / (size * size);
  const out = new Float64Array(image.length);
  for (let c = 0; c < channels; c++) {
    const plane = Float64Array.from({ length: size * size }, (_, p) => image[p * channels + c]!);
    const blurred = gaussianBlur(plane, size, sigma);
    for (let p = 0; p < blurred.length; p++) out[p * channels + c] = blurred[p]!;
  }
  const variance = Math.max((factor * skyDeviation(image)) ** 2 - skyDeviation(out) ** 2, 1e-8);
  const deviation = Math.sqrt(variance);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! + deviation * grain[Math.floor(i / channels)]!;
  return out;
}

export const simulateDegraded: SourceReader = {
  files: () => [],
  open(parameters) {
    const size = parameters.size as number;
    const pixel = parameters.pixel as number;
    const magnitudes = rangeOf(parameters.magnitude);
    const sigma = (parameters.fwhm as number) / pixel / (2 * Math.sqrt(2 * Math.LN2));
    const objects = streamKey(parameters.seed as string, "simulate", 0);
    const noise = streamKey(parameters.seed as string, "simulate", 1);
    const more = streamKey(parameters.seed as string, "simulate", 2);
    const draw = (row: number): Record<string, Cell> => {
      const random = randomSource(objects, row);
      const magnitude = uniformIn(random, magnitudes);
      const radius = (parameters.radius as number) * Math.exp(0.6 * random.normal());
      const kind = random.uniform() < 0.6 ? "spiral" : "elliptical";
      const stamp = exposeObject(kind, magnitude, radius, { size, pixel, fwhm: seeing, bands }, random);
      const { image } = photograph(stamp, pixel, normals(noise, row, stamp.flux.length));
      const worse = degrade(image, size, sigma, parameters.noise as number, normals(more, row, size * size));
      const shape = [size, size, bands.length];
      return {
        original: { shape, data: stretched(image) },
        degraded: { shape, data: stretched(worse) },
        magnitude,
      };
    };
    const picture = {
      type: { kind: "tensor", dtype: "f32", shape: [size, size, 3] },
      classes: null,
    } as const;
    return {
      count: parameters.count as number,
      activity: "simulating",
      unit: "pairs",
      given: null,
      columns: {
        original: picture,
        degraded: picture,
        magnitude: { type: { kind: "tensor", dtype: "f32", shape: [] }, classes: null },
      },
      place: (row) => `row ${row}`,
      reader: () => draw,
    };
  },
};

import { normalCdf } from "./special.ts";

/** A round Gaussian of a mixture; sigma in pixels. */
export interface Gaussian {
  readonly sigma: number;
  readonly weight: number;
}

const moffatBeta = 3.5;

/**
 * A Moffat function is a mixture of Gaussians whose inverse variances follow a Gamma(beta - 1) distribution:
 * (1 + r^2 / a^2)^-beta is proportional to the integral of t^(beta - 1) e^-t exp(-t r^2 / a^2). These are the nodes and weights of
 * generalized Gauss-Laguerre quadrature with five nodes and exponent beta - 2 = 1.5 (the fifth weighs 1e-4 and is left out):
 * within 10 % of the function out to two FWHM.
 */
const moffatNodes = [
  { t: 0.8176317629750608, weight: 0.2979154852369255 },
  { t: 2.4723339257285217, weight: 0.5225809390726036 },
  { t: 5.116006122967179, weight: 0.1679235822918065 },
  { t: 9.044146511367599, weight: 0.011481584149848172 },
] as const;

/** The point-spread function as a sum of Gaussians with weights that sum to 1; `fwhm` in pixels. */
export function pointSpread(kind: "moffat" | "gaussian", fwhm: number): readonly Gaussian[] {
  if (kind === "gaussian") return [{ sigma: fwhm / (2 * Math.sqrt(2 * Math.LN2)), weight: 1 }];
  const alpha = fwhm / (2 * Math.sqrt(2 ** (1 / moffatBeta) - 1));
  const total = moffatNodes.reduce((sum, { weight }) => sum + weight, 0);
  return moffatNodes.map(({ t, weight }) => ({ sigma: alpha / Math.sqrt(2 * t), weight: weight / total }));
}

/** Where a Gaussian is cut, in sigmas. */
const reach = 4;

/** A square image, and a finer grid behind it that sticks out by `margin` pixels. */
export interface Grid {
  readonly size: number;
  /** Cells of the fine grid along a pixel. */
  readonly oversampling: number;
  readonly margin: number;
  /** Cells of the fine grid along a side. */
  readonly fine: number;
}

export interface Camera {
  readonly grid: Grid;
  /** Adds the image of a point source of flux 1 at (x, y), in pixels from the corner, to `image`. */
  addPoint(image: Float64Array, x: number, y: number): void;
  /** The image of the fine grid's cells: each is a point source at its centre. Fluxes in, fluxes out. */
  expose(cells: Float64Array): Float64Array;
}

/** Point-spread function and integration over pixels, both exact for point sources (up to the cut of the Gaussians). */
export function createCamera(size: number, oversampling: number, psf: readonly Gaussian[]): Camera {
  const margin = Math.ceil(reach * Math.max(...psf.map(({ sigma }) => sigma)));
  const fine = (size + 2 * margin) * oversampling;
  const grid: Grid = { size, oversampling, margin, fine };
  // taps[k]: what a pixel gets from the k-th cell before or behind its first one, from -lead on.
  const kernels = psf.map(({ sigma, weight }) => {
    const lead = Math.min(margin * oversampling, Math.ceil(reach * sigma * oversampling));
    const taps = new Float64Array(2 * lead + oversampling);
    for (let k = 0; k < taps.length; k++) {
      const centre = (k - lead + 0.5) / oversampling;
      taps[k] = normalCdf((1 - centre) / sigma) - normalCdf(-centre / sigma);
    }
    return { lead, taps, weight };
  });
  const across = new Float64Array(size);
  const narrow = new Float64Array(fine * size);

  return {
    grid,
    addPoint(image, x, y) {
      for (const { sigma, weight } of psf) {
        for (let i = 0; i < size; i++)
          across[i] = weight * (normalCdf((i + 1 - x) / sigma) - normalCdf((i - x) / sigma));
        for (let j = 0; j < size; j++) {
          const down = normalCdf((j + 1 - y) / sigma) - normalCdf((j - y) / sigma);
          if (down < 1e-12) continue;
          for (let i = 0; i < size; i++) image[j * size + i] = image[j * size + i]! + down * across[i]!;
        }
      }
    },
    expose(cells) {
      const image = new Float64Array(size * size);
      for (const { lead, taps, weight } of kernels) {
        const first = margin * oversampling - lead;
        for (let row = 0; row < fine; row++)
          for (let i = 0; i < size; i++) {
            const from = row * fine + first + i * oversampling;
            let sum = 0;
            for (let k = 0; k < taps.length; k++) sum += taps[k]! * cells[from + k]!;
            narrow[row * size + i] = sum;
          }
        for (let j = 0; j < size; j++)
          for (let k = 0; k < taps.length; k++) {
            const tap = taps[k]! * weight;
            const from = (first + j * oversampling + k) * size;
            for (let i = 0; i < size; i++)
              image[j * size + i] = image[j * size + i]! + tap * narrow[from + i]!;
          }
      }
      return image;
    },
  };
}

/** Writes the brightness of each component at (dx, dy) pixels from the object's centre, per square pixel. */
export type Brightness = (dx: number, dy: number, into: Float64Array) => void;

/**
 * Flux of each component in each cell of the fine grid, for an object at (x, y) in pixels from the image's corner. Cells near
 * the centre, where profiles have cusps, are integrated on a finer raster.
 */
export function sampleCells(
  grid: Grid,
  x: number,
  y: number,
  components: number,
  brightness: Brightness,
): Float64Array[] {
  const { fine, oversampling, margin } = grid;
  const cells = Array.from({ length: components }, () => new Float64Array(fine * fine));
  const light = new Float64Array(components);
  for (let j = 0; j < fine; j++) {
    const dy = (j + 0.5) / oversampling - margin - y;
    for (let i = 0; i < fine; i++) {
      const dx = (i + 0.5) / oversampling - margin - x;
      const distance = (dx * dx + dy * dy) * oversampling * oversampling;
      const parts = distance > 16 ? 1 : distance > 2.25 ? 4 : 16;
      const area = 1 / (oversampling * parts) ** 2;
      for (let v = 0; v < parts; v++)
        for (let u = 0; u < parts; u++) {
          brightness(
            dx + ((u + 0.5) / parts - 0.5) / oversampling,
            dy + ((v + 0.5) / parts - 0.5) / oversampling,
            light,
          );
          for (let k = 0; k < components; k++)
            cells[k]![j * fine + i] = cells[k]![j * fine + i]! + light[k]! * area;
        }
    }
  }
  return cells;
}

/** Gravitational lensing by a singular isothermal ellipsoid (Kormann, Schneider and Bartelmann 1994). */
import { sersicProfile } from "./sersic.ts";

export interface Ellipsoid {
  readonly einsteinRadius: number;
  /** One minus the axis ratio. */
  readonly ellipticity: number;
  /** Of the long axis against x. */
  readonly angle: number;
  readonly x: number;
  readonly y: number;
}

/** Rounder than this, the ellipsoid is taken as a sphere: the formula is 0 / 0 there. */
const roundest = 1e-4;

/**
 * The deflection at (x, y), in the unit of the Einstein radius, in the frame of the lens with its long axis along x:
 * theta_E sqrt(q) / q' (asinh(q' / q cos phi), asin(q' sin phi)) with q' = sqrt(1 - q^2); theta_E r / |r| for a sphere.
 */
export function deflection(
  einsteinRadius: number,
  q: number,
  x: number,
  y: number,
): readonly [number, number] {
  const r = Math.hypot(x, y);
  if (r === 0) return [0, 0];
  if (1 - q < roundest) return [(einsteinRadius * x) / r, (einsteinRadius * y) / r];
  const flat = Math.sqrt(1 - q * q);
  const scale = (einsteinRadius * Math.sqrt(q)) / flat;
  return [scale * Math.asinh(((flat / q) * x) / r), scale * Math.asin((flat * y) / r)];
}

export interface LightSource {
  readonly index: number;
  /** Half-light radius, axis ratio, angle of the long axis, centre. */
  readonly radius: number;
  readonly axisRatio: number;
  readonly angle: number;
  readonly x: number;
  readonly y: number;
}

/**
 * The image of a source of flux 1 behind a lens: flux in each cell of a square grid about the origin, `cells` along a side,
 * each `width` wide. Its sum is the magnification.
 */
export function lensedImage(
  lens: Ellipsoid,
  source: LightSource,
  cells: number,
  width: number,
): Float64Array {
  const profile = sersicProfile(source.index, source.radius);
  const q = 1 - lens.ellipticity;
  const [cos, sin] = [Math.cos(lens.angle), Math.sin(lens.angle)];
  const [sourceCos, sourceSin] = [Math.cos(source.angle), Math.sin(source.angle)];
  const image = new Float64Array(cells * cells);
  for (let j = 0; j < cells; j++)
    for (let i = 0; i < cells; i++) {
      const dx = (i + 0.5 - cells / 2) * width - lens.x;
      const dy = (j + 0.5 - cells / 2) * width - lens.y;
      const [ax, ay] = deflection(lens.einsteinRadius, q, cos * dx + sin * dy, cos * dy - sin * dx);
      const bx = dx - (cos * ax - sin * ay) - source.x;
      const by = dy - (sin * ax + cos * ay) - source.y;
      const u = sourceCos * bx + sourceSin * by;
      const v = sourceCos * by - sourceSin * bx;
      const radius = Math.sqrt(source.axisRatio * u * u + (v * v) / source.axisRatio);
      image[j * cells + i] = profile(radius) * width * width;
    }
  return image;
}

/** Stars, ellipticals and spirals: what is where, how bright, in which colour. */
import type { RandomSource } from "../../ops/philox.ts";
import type { GalaxyClass } from "../../ops/readers/simulate-galaxies.ts";
import { type Camera, sampleCells } from "./psf.ts";
import { sersicProfile } from "./sersic.ts";

/** Light of one colour. */
export interface Component {
  /** After the point-spread function; pixels, row by row. The components of an object sum to 1, but for light outside the image. */
  readonly image: Float64Array;
  /** Its part of the object's light, where all colours count alike. */
  readonly share: number;
  /** Y - H in AB magnitudes; greater is redder. */
  readonly colour: number;
}

const between = (random: RandomSource, low: number, high: number): number =>
  low + (high - low) * random.uniform();

const logBetween = (random: RandomSource, low: number, high: number): number =>
  low * (high / low) ** random.uniform();

/** Draws an object of the class and exposes it. `radius` is in pixels. */
export function drawObject(
  kind: GalaxyClass,
  radius: { readonly from: number; readonly to: number },
  camera: Camera,
  random: RandomSource,
): Component[] {
  // Within a pixel of the middle: a centred object would tell its class by its symmetry on the pixel grid.
  const x = camera.grid.size / 2 + between(random, -1, 1);
  const y = camera.grid.size / 2 + between(random, -1, 1);
  switch (kind) {
    case "star":
      return star(x, y, camera, random);
    case "elliptical":
      return elliptical(x, y, logBetween(random, radius.from, radius.to), camera, random);
    case "spiral":
      return spiral(x, y, logBetween(random, radius.from, radius.to), camera, random);
  }
}

/** From hot stars to red dwarfs. */
function star(x: number, y: number, camera: Camera, random: RandomSource): Component[] {
  const image = new Float64Array(camera.grid.size ** 2);
  camera.addPoint(image, x, y);
  return [{ image, share: 1, colour: 0.1 + 0.2 * random.normal() }];
}

/** Sersic, n 2.5 to 6, axis ratio 0.5 to 1. */
function elliptical(x: number, y: number, radius: number, camera: Camera, random: RandomSource): Component[] {
  const profile = sersicProfile(between(random, 2.5, 6), radius);
  const q = between(random, 0.5, 1);
  const angle = between(random, 0, Math.PI);
  const colour = 0.45 + 0.12 * random.normal();
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const [cells] = sampleCells(camera.grid, x, y, 1, (dx, dy, light) => {
    light[0] = profile(ellipticalRadius(cos * dx + sin * dy, cos * dy - sin * dx, q));
  });
  return [{ image: camera.expose(cells!), share: 1, colour }];
}

/** sqrt(q u^2 + v^2 / q): the area within a contour does not depend on q. */
function ellipticalRadius(u: number, v: number, q: number): number {
  return Math.sqrt(q * u * u + (v * v) / q);
}

/** Thickness of discs: axis ratio when seen edge-on. */
const thickness = 0.15;

/** The mean of 1 - exp(-R^2) over an exponential disc, R in scale lengths: 1/2 + sqrt(pi) / 4 e^(1/4) erfc(1/2). */
const armWeight = 0.772821;

/**
 * A Sersic bulge (n 1 to 4, 5 to 40 % of the light) and an exponential disc with two to four logarithmic arms
 * 1 + A(R) cos(m (theta - theta0 - ln(R / R0) / tan(pitch))), A(R) = A0 (1 - exp(-(R / R0)^2)), seen at any inclination;
 * three in ten have a bar. Old stars (bulge, bar) are red, the arms blue, the disc between.
 */
function spiral(x: number, y: number, radius: number, camera: Camera, random: RandomSource): Component[] {
  const { grid } = camera;
  const scale = radius / 1.678;
  const bulgeShare = between(random, 0.05, 0.4);
  const bulgeIndex = between(random, 1, 4);
  const bulgeRadius = radius * between(random, 0.15, 0.4);
  const arms = 2 + random.below(3);
  const wind = 1 / Math.tan((between(random, 10, 35) * Math.PI) / 180);
  const strength = between(random, 0.3, 0.9);
  const phase = between(random, 0, 2 * Math.PI);
  const cosine = between(random, 0, 1);
  const angle = between(random, 0, Math.PI);
  const handed = random.uniform() < 0.5 ? 1 : -1;
  const barShare = random.uniform() < 0.3 ? between(random, 0.05, 0.2) : 0;
  const barAngle = between(random, 0, Math.PI);
  const old = 0.45 + 0.12 * random.normal();
  const young = old - between(random, 0.1, 0.4);
  const armColour = young - between(random, 0.1, 0.3);

  const q = Math.sqrt(cosine * cosine + thickness * thickness * (1 - cosine * cosine));
  const bulgeQ = Math.sqrt(cosine * cosine + 0.36 * (1 - cosine * cosine));
  const bulge = sersicProfile(bulgeIndex, bulgeRadius);
  const disc = sersicProfile(1, radius);
  const bar = sersicProfile(0.5, scale * 0.5);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const barCos = Math.cos(barAngle);
  const barSin = Math.sin(barAngle);
  const discShare = 1 - bulgeShare - barShare;

  const [red, calm, arm] = sampleCells(grid, x, y, 3, (dx, dy, light) => {
    const u = cos * dx + sin * dy;
    const across = cos * dy - sin * dx;
    // In the disc's plane.
    const v = across / q;
    const square = u * u + v * v;
    const r = Math.sqrt(square);
    light[0] = bulgeShare * bulge(ellipticalRadius(u, across, bulgeQ));
    if (barShare > 0)
      light[0] +=
        (barShare / q) * bar(ellipticalRadius(barCos * u + barSin * v, barCos * v - barSin * u, 0.25));
    const smooth = (discShare / q) * disc(r);
    const amplitude = strength * (1 - Math.exp(-square / (scale * scale)));
    // 1 + A cos(...) = (1 - A) + A (1 + cos(...)): the second part is the arms.
    light[1] = smooth * (1 - amplitude);
    light[2] = smooth * amplitude;
    if (light[2] > 0)
      light[2] *= 1 + Math.cos(arms * (handed * Math.atan2(v, u) - phase - Math.log(r / scale) * wind));
  });
  const armShare = discShare * strength * armWeight;
  return [
    { image: camera.expose(red!), share: bulgeShare + barShare, colour: old },
    { image: camera.expose(calm!), share: discShare - armShare, colour: young },
    { image: camera.expose(arm!), share: armShare, colour: armColour },
  ];
}

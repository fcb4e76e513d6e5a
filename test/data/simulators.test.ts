/** The formulas of the simulators, and that rows depend on nothing but the seed and their number. */
import { describe, expect, test } from "vitest";
import { gaussianBlur } from "../../src/data/simulate/blur.ts";
import { deflection, lensedImage } from "../../src/data/simulate/lens.ts";
import { sharedArea, skyDistance, transitFlux } from "../../src/data/simulate/transit.ts";
import type { Source } from "../../src/data/source.ts";
import { sourceReaders } from "../../src/data/sources/all.ts";
import { degrade, stretched } from "../../src/data/sources/simulate-degraded.ts";
import type { Row } from "../../src/ops/prepare.ts";
import { operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import { call } from "./spec.ts";

const context = { dataset: "sample", note: () => {} };

function simulate(op: string, given: Record<string, Json>) {
  const { parameters } = call("reader", op, given);
  const source = sourceReaders[op]!.open(parameters, [], context) as Source;
  const fields = operatorOf("reader", op).fields(parameters);
  return { source, fields, row: (i: number) => source.reader(Object.keys(fields))(i) };
}
const data = (cell: unknown) => [...((cell as Row).data as Float32Array)];
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

const small: readonly (readonly [string, Record<string, Json>])[] = [
  ["simulate.star_galaxy", { size: 24 }],
  ["simulate.degraded_galaxies", { size: 24 }],
  ["simulate.lens", { size: 32, pixel: 0.2 }],
  ["simulate.transits", { length: 64 }],
];

describe.each(small)("%s", (op, given) => {
  test("rows are of the types that the operator promises, and finite", () => {
    const { source, fields, row } = simulate(op, { count: 4, seed: "5", ...given });
    expect(
      Object.fromEntries(Object.entries(source.columns).map(([name, { type }]) => [name, type])),
    ).toEqual(fields);
    const cells = row(3);
    for (const [name, type] of Object.entries(fields)) {
      const cell = cells[name]!;
      if (typeof cell === "number") expect(Number.isFinite(cell)).toBe(true);
      else {
        expect(cell.shape).toEqual((type as { shape: readonly number[] }).shape);
        expect(data(cell).every(Number.isFinite)).toBe(true);
      }
    }
  });

  test("a row depends on the seed and its number alone", () => {
    const few = simulate(op, { count: 3, seed: "5", ...given });
    const many = simulate(op, { count: 9, seed: "5", ...given });
    const other = simulate(op, { count: 3, seed: "6", ...given });
    many.row(7);
    expect(many.row(2)).toEqual(few.row(2));
    expect(other.row(2)).not.toEqual(few.row(2));
  });
});

describe("the deflection of an ellipsoid", () => {
  test("its divergence is twice the convergence, its curl is 0", () => {
    const h = 1e-4;
    for (const [q, x, y] of [
      [0.7, 0.8, 0.5],
      [0.3, -0.4, 1.1],
      [0.95, 0.2, -0.7],
    ] as const) {
      const at = (dx: number, dy: number) => deflection(1.3, q, x + dx, y + dy);
      const slope = (axis: 0 | 1, dx: number, dy: number) =>
        (at(dx, dy)[axis] - at(-dx, -dy)[axis]) / (2 * h);
      const kappa = (slope(0, h, 0) + slope(1, 0, h)) / 2;
      expect(kappa).toBeCloseTo((1.3 * Math.sqrt(q)) / (2 * Math.sqrt(x * x + q * q * y * y)), 6);
      expect(slope(1, h, 0) - slope(0, 0, h)).toBeCloseTo(0, 6);
    }
  });

  test("a round lens deflects by its Einstein radius; the formulas meet", () => {
    expect(deflection(2, 1, 3, 4)).toEqual([1.2, 1.6]);
    const near = deflection(2, 1 - 2e-4, 3, 4);
    expect(near[0]).toBeCloseTo(1.2, 3);
    expect(near[1]).toBeCloseTo(1.6, 3);
  });

  test("a small source at beta is magnified by the two images 1 / (1 - theta_E / |theta|) of a sphere", () => {
    const source = { index: 1, radius: 0.03, axisRatio: 1, angle: 0, x: 0.4, y: 0 };
    const lens = { einsteinRadius: 1, ellipticity: 0, angle: 0, x: 0, y: 0 };
    // Images at 1.4 and -0.6.
    const expected = 1 / (1 - 1 / 1.4) + Math.abs(1 / (1 - 1 / 0.6));
    expect(sum(lensedImage(lens, source, 800, 0.005))).toBeCloseTo(expected, 1);
  });

  test("the parameters are those of the image: a ring about the lens", () => {
    const { row } = simulate("simulate.lens", {
      count: 6,
      size: 48,
      pixel: 0.1,
      profile: {
        op: "sie",
        parameters: { einstein_radius: { from: 1.5, to: 1.5 }, ellipticity: { from: 0, to: 0 }, offset: 0.2 },
      },
      noise: { from: 0, to: 0 },
    });
    for (let i = 0; i < 6; i++) {
      const cells = row(i);
      const [radius, ex, ey, x, y] = data(cells.parameters) as [number, number, number, number, number];
      expect([radius, Math.abs(ex), Math.abs(ey)]).toEqual([1.5, 0, 0]);
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(0.2);
      expect(Math.max(...data(cells.image))).toBeCloseTo(1, 5);
      expect(cells.magnification).toBeGreaterThan(1.9);
      // No light at the lens's centre unless the source is behind its edge: most of it lies near the ring.
      const image = data(cells.image);
      const light = (from: number, to: number) =>
        image.reduce((total, value, p) => {
          const r = Math.hypot(((p % 48) + 0.5 - 24) * 0.1 - x, (Math.floor(p / 48) + 0.5 - 24) * 0.1 - y);
          return r >= from && r < to ? total + value : total;
        }, 0);
      expect(light(0.5, 3.2)).toBeGreaterThan(light(0, 0.5));
    }
  });
});

describe("transits", () => {
  test("areas that discs share", () => {
    expect(sharedArea(0, 1, 0.1)).toBeCloseTo(Math.PI * 0.01, 12);
    expect(sharedArea(2, 1, 0.5)).toBe(0);
    // Two unit discs one radius apart: 2 pi / 3 - sqrt(3) / 2.
    expect(sharedArea(1, 1, 1)).toBeCloseTo((2 * Math.PI) / 3 - Math.sqrt(3) / 2, 12);
  });

  test("without limb darkening the depth is the share that is hidden", () => {
    expect(transitFlux(0.3, 0.1, 0, 0)).toBeCloseTo(0.99, 12);
    expect(transitFlux(1.2, 0.1, 0.5, 0)).toBe(1);
  });

  test("with limb darkening: the integral over the disc by brute force, to 5e-6", () => {
    const n = 1500;
    const brute = (z: number, k: number, u1: number, u2: number) => {
      let all = 0;
      let seen = 0;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const x = (2 * (i + 0.5)) / n - 1;
          const y = (2 * (j + 0.5)) / n - 1;
          const square = x * x + y * y;
          if (square >= 1) continue;
          const rest = 1 - Math.sqrt(1 - square);
          const light = 1 - u1 * rest - u2 * rest * rest;
          all += light;
          if (Math.hypot(x - z, y) >= k) seen += light;
        }
      return seen / all;
    };
    for (const [z, k, u1, u2] of [
      [0, 0.1, 0.5, 0],
      [0.5, 0.1, 0.4, 0.25],
      [0.97, 0.05, 0.5, 0],
    ] as const)
      expect(Math.abs(transitFlux(z, k, u1, u2) - brute(z, k, u1, u2))).toBeLessThan(2e-5);
  });

  test("the duration from first to last contact is that of the orbit", () => {
    const orbit = { period: 3, distance: 12, inclination: (88 * Math.PI) / 180 };
    const k = 0.1;
    const b = 12 * Math.cos(orbit.inclination);
    const duration =
      (3 / Math.PI) * Math.asin(Math.sqrt((1 + k) ** 2 - b * b) / (12 * Math.sin(orbit.inclination)));
    expect(skyDistance(orbit, duration / 2)).toBeCloseTo(1 + k, 2);
    expect(skyDistance(orbit, 1.5)).toBe(Number.POSITIVE_INFINITY);
  });

  test("curves with a planet dip in the middle, the others do not", () => {
    const quiet = {
      variability: { from: 1e-9, to: 1e-9 },
      depth: { from: 0.01, to: 0.01 },
      snr: { from: 4, to: 4 },
    };
    const { row } = simulate("simulate.transits", { count: 200, ...quiet });
    const dip = (parity: number) => {
      let total = 0;
      for (let i = parity; i < 200; i += 2) total += sum(data(row(i).flux).slice(80, 100)) / 20 / 100;
      return 1 - total;
    };
    expect(row(1).class).toBe(1);
    expect(Math.abs(dip(0))).toBeLessThan(5e-4);
    expect(dip(1)).toBeGreaterThan(0.007);
  });
});

describe("the Sloan survey", () => {
  test("a bright star has the flux of its magnitude in r, and both classes come in turns", () => {
    const { row } = simulate("simulate.star_galaxy", { count: 8, size: 40, magnitude: { from: 14, to: 15 } });
    for (let i = 0; i < 8; i++) {
      const cells = row(i);
      expect(cells.class).toBe(i % 2);
      expect(cells.snr).toBeGreaterThan(100);
      if (i % 2 === 1) continue;
      const r = sum(data(cells.image).filter((_, p) => p % 5 === 2));
      expect(22.5 - 2.5 * Math.log10(r)).toBeCloseTo(cells.magnitude as number, 1);
      expect(cells.radius).toBe(0);
    }
  });

  test("faint objects drown in the sky: its deviation in r is that of SDSS, about 0.03 nanomaggies", () => {
    const { row } = simulate("simulate.star_galaxy", { count: 2, magnitude: { from: 26, to: 26 } });
    const r = data(row(0).image).filter((_, p) => p % 5 === 2);
    const mean = sum(r) / r.length;
    const deviation = Math.sqrt(sum(r.map((value) => (value - mean) ** 2)) / r.length);
    expect(deviation).toBeGreaterThan(0.02);
    expect(deviation).toBeLessThan(0.04);
  });
});

describe("degraded pairs", () => {
  test("the stretch maps -0.1 .. 4 to 0 .. asinh(10) / 3", () => {
    const ends = stretched([-5, -0.1, 4, 100]);
    expect([...ends.slice(0, 2)]).toEqual([0, 0]);
    expect(ends[2]).toBeCloseTo(Math.asinh(10) / 3, 6);
    expect(ends[3]).toBe(ends[2]);
  });

  test("a blur keeps the flux and widens by its sigma", () => {
    const point = new Float64Array(41 * 41);
    point[20 * 41 + 20] = 1;
    const blurred = gaussianBlur(point, 41, 2);
    expect(sum(blurred)).toBeCloseTo(1, 10);
    const second = blurred.reduce((total, value, p) => total + value * ((p % 41) - 20) ** 2, 0);
    expect(Math.sqrt(second)).toBeCloseTo(2, 2);
  });

  test("the sky's deviation grows by the factor; the noise is one plane for all bands", () => {
    const size = 64;
    const wave = (i: number) => 0.05 * Math.sin(i * 12.9898) * Math.cos(i * 78.233);
    const image = Float32Array.from({ length: size * size * 3 }, (_, i) => wave(i));
    const grain = Float64Array.from({ length: size * size }, (_, i) => Math.sqrt(2) * Math.sin(i * i * 0.7));
    const worse = degrade(image, size, 2, 2, grain);
    const deviation = (values: ArrayLike<number>) => {
      const mean = sum(values) / values.length;
      return Math.sqrt(sum(Array.from(values, (v) => (v - mean) ** 2)) / values.length);
    };
    expect(deviation(worse) / deviation(image)).toBeCloseTo(2, 1);
    const bare = degrade(image, size, 2, 2, new Float64Array(size * size));
    const added = Array.from(worse, (value, i) => value - bare[i]!);
    expect(added[300]).toBeCloseTo(added[301]!, 10);
  });
});

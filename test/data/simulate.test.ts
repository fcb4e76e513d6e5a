import { describe, expect, test } from "vitest";
import { normals, poisson } from "../../src/data/simulate/noise.ts";
import { createCamera, pointSpread, sampleCells } from "../../src/data/simulate/psf.ts";
import { sersicProfile, truncation } from "../../src/data/simulate/sersic.ts";
import { gammaP, logGamma, normalCdf } from "../../src/data/simulate/special.ts";
import type { Source } from "../../src/data/source.ts";
import { sourceReaders } from "../../src/data/sources/all.ts";
import { streamKey } from "../../src/ops/philox.ts";
import type { Row } from "../../src/ops/prepare.ts";
import type { Json } from "../../src/ops/signature.ts";
import { call } from "./spec.ts";

const context = { dataset: "sample", note: () => {} };

function galaxies(parameters: Record<string, Json>) {
  const source = call("reader", "simulate.galaxies", { count: 300, size: 32, seed: "11", ...parameters });
  const opened = sourceReaders["simulate.galaxies"]!.open(source.parameters, [], context) as Source;
  const read = opened.reader([]);
  return (row: number) => {
    const cells = read(row);
    return {
      image: cells.image as Row,
      class: cells.class as number,
      snr: cells.snr as number,
      magnitude: cells.magnitude as number,
    };
  };
}

/** Known values: Abramowitz and Stegun, tables 6.1, 26.1; P(a, x) of integer a is 1 - sum of a Poisson's terms. */
test("special functions", () => {
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
  expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 11);
  expect(gammaP(1, 2)).toBeCloseTo(1 - Math.exp(-2), 13);
  expect(gammaP(3, 4)).toBeCloseTo(1 - Math.exp(-4) * (1 + 4 + 8), 13);
  expect(normalCdf(1)).toBeCloseTo(0.841344746, 6);
  expect(normalCdf(-2)).toBeCloseTo(0.022750132, 6);
});

describe("Sersic profile", () => {
  for (const n of [0.5, 1, 2.5, 4, 6]) {
    test(`n = ${n}: flux 1 within 8 R_e, and half of the untruncated light within R_e`, () => {
      const radius = 3;
      const profile = sersicProfile(n, radius);
      // Integrates 2 pi R I(R) over ln R.
      const flux = (to: number): number => {
        const from = 1e-9;
        const steps = 20000;
        const step = Math.log(to / from) / steps;
        let sum = 0;
        for (let i = 0; i < steps; i++) {
          const r = from * Math.exp((i + 0.5) * step);
          sum += 2 * Math.PI * r * r * profile(r) * step;
        }
        return sum;
      };
      expect(flux(truncation * radius)).toBeCloseTo(1, 3);
      const b = 2 * n - 1 / 3 + 4 / (405 * n) + 46 / (25515 * n * n);
      const all = 1 / gammaP(2 * n, b * truncation ** (1 / n));
      expect(flux(radius) / all).toBeCloseTo(0.5, 3);
    });

    test(`n = ${n}: sampled on the fine grid, the total is right to 1 %, cusp included`, () => {
      const camera = createCamera(128, 2, pointSpread("moffat", 5 / 3));
      for (const q of [0.5, 1]) {
        const profile = sersicProfile(n, 4);
        const [cells] = sampleCells(camera.grid, 64.3, 63.6, 1, (dx, dy, light) => {
          light[0] = profile(Math.sqrt(q * dx * dx + (dy * dy) / q));
        });
        const total = cells!.reduce((sum, cell) => sum + cell, 0);
        expect(Math.abs(total - 1)).toBeLessThan(0.01);
        const image = camera.expose(cells!);
        expect(Math.abs(image.reduce((sum, pixel) => sum + pixel, 0) - total)).toBeLessThan(0.002);
      }
    });
  }
});

describe("point-spread function", () => {
  for (const kind of ["moffat", "gaussian"] as const)
    test(`${kind}: flux 1, and half the height half a FWHM from the centre`, () => {
      const camera = createCamera(201, 1, pointSpread(kind, 40));
      const image = new Float64Array(201 * 201);
      camera.addPoint(image, 100.5, 100.5);
      const at = (dx: number, dy: number): number => image[(100 + dy) * 201 + 100 + dx]!;
      expect(at(20, 0) / at(0, 0)).toBeCloseTo(0.5, 2);
      expect(at(0, -20)).toBeCloseTo(at(20, 0), 12);
      expect(image.reduce((sum, pixel) => sum + pixel, 0)).toBeGreaterThan(0.97);
    });

  test("moffat: within 10 % of (1 + r^2 / alpha^2)^-3.5 out to two FWHM", () => {
    const fwhm = 30;
    const alpha = fwhm / (2 * Math.sqrt(2 ** (1 / 3.5) - 1));
    const mixture = pointSpread("moffat", fwhm);
    const value = (r: number): number =>
      mixture.reduce(
        (sum, { sigma, weight }) =>
          sum + (weight * Math.exp(-(r * r) / (2 * sigma * sigma))) / (2 * Math.PI * sigma * sigma),
        0,
      );
    for (const r of [0, 10, 15, 30, 45, 60]) {
      const exact = (2.5 / (Math.PI * alpha * alpha)) * (1 + (r / alpha) ** 2) ** -3.5;
      expect(Math.abs(value(r) / exact - 1)).toBeLessThan(0.1);
    }
  });

  test("the fine grid and a point source agree", () => {
    const camera = createCamera(24, 2, pointSpread("moffat", 5 / 3));
    const { fine, margin } = camera.grid;
    const cells = new Float64Array(fine * fine);
    cells[(margin * 2 + 20) * fine + margin * 2 + 27] = 1;
    const image = new Float64Array(24 * 24);
    camera.addPoint(image, 27.5 / 2, 20.5 / 2);
    const exposed = camera.expose(cells);
    expect(Math.max(...exposed.map((pixel, i) => Math.abs(pixel - image[i]!)))).toBeLessThan(1e-4);
  });
});

describe("noise", () => {
  const z = normals(streamKey("3", "simulate", 9), 0, 40000);
  const moments = (values: ArrayLike<number>): [number, number, number] => {
    const list = Array.from(values);
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    const central = (k: number): number =>
      list.reduce((sum, value) => sum + (value - mean) ** k, 0) / list.length;
    return [mean, central(2), central(3) / central(2) ** 1.5];
  };

  test("normal numbers have mean 0, variance 1, no skew", () => {
    const [mean, variance, skew] = moments(z);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    expect(Math.abs(skew)).toBeLessThan(0.05);
  });

  for (const rate of [0.3, 5, 29, 31, 400])
    test(`Poisson of mean ${rate}: mean and variance are equal, skewness is 1 / sqrt(mean)`, () => {
      const [mean, variance, skew] = moments(z.map((value) => poisson(rate, value)));
      expect(Math.abs(mean / rate - 1)).toBeLessThan(0.02);
      expect(Math.abs(variance / rate - 1)).toBeLessThan(0.04);
      expect(Math.abs(skew - 1 / Math.sqrt(rate))).toBeLessThan(0.06);
    });
});

describe("simulate.galaxies", () => {
  test("equal seeds give equal bytes, in any order; more rows change none", () => {
    const forward = galaxies({});
    const backward = galaxies({ count: 900 });
    const rows = [0, 1, 2, 7, 50];
    const first = rows.map((row) => forward(row));
    const second = [...rows]
      .reverse()
      .map((row) => backward(row))
      .reverse();
    expect(second).toEqual(first);
    expect(galaxies({ seed: "12" })(0).image.data).not.toEqual(first[0]!.image.data);
  });

  const objects = (() => {
    const read = galaxies({ size: 24 });
    return Array.from({ length: 300 }, (_, row) => read(row));
  })();

  test("classes take turns, and have the same magnitudes: uniform in the range", () => {
    for (let label = 0; label < 3; label++) {
      const mine = objects
        .filter((object) => object.class === label)
        .map(({ magnitude }) => magnitude)
        .sort((a, b) => a - b);
      expect(mine.length).toBe(100);
      // Kolmogorov-Smirnov against the uniform distribution: 1.63 / sqrt(100) is its 1 % point.
      const distance = Math.max(...mine.map((m, i) => Math.abs((m - 18) / 5 - (i + 0.5) / 100)));
      expect(distance).toBeLessThan(0.163);
    }
  });

  test("signal to noise falls with magnitude", () => {
    for (let label = 0; label < 3; label++) {
      const mine = objects
        .filter((object) => object.class === label)
        .sort((a, b) => a.magnitude - b.magnitude);
      const mean = (part: typeof mine): number => part.reduce((sum, { snr }) => sum + snr, 0) / part.length;
      expect(mean(mine.slice(0, 33))).toBeGreaterThan(2 * mean(mine.slice(33, 66)));
      expect(mean(mine.slice(33, 66))).toBeGreaterThan(2 * mean(mine.slice(66)));
    }
  });

  test("a star's electrons are those of its magnitude, in units of the background's deviation", () => {
    const read = galaxies({ classes: ["star"], bands: ["J"], size: 64, magnitude: { from: 17, to: 17.5 } });
    const sky = 10 ** (-0.4 * (22.3 - 25)) * 0.09 * 87;
    const background = Math.sqrt(sky + 36);
    for (let row = 0; row < 5; row++) {
      const { image, magnitude } = read(row);
      const counted = (image.data as Float32Array).reduce((sum, pixel) => sum + pixel, 0) * background;
      expect(counted / (10 ** (-0.4 * (magnitude - 25)) * 87)).toBeCloseTo(1, 1);
    }
  });

  test("empty sky has mean 0 and deviation 1", () => {
    const { image } = galaxies({ classes: ["star"], size: 64, magnitude: { from: 40, to: 41 } })(0);
    const data = Array.from(image.data as Float32Array);
    const mean = data.reduce((sum, pixel) => sum + pixel, 0) / data.length;
    const variance = data.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / data.length;
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(variance - 1)).toBeLessThan(0.06);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { mostSobolDimensions, sobolPoints } from "../../src/ops/sobol.ts";

test("the first points are those that Joe and Kuo print", () => {
  expect(sobolPoints(10, 3)).toEqual([
    [0, 0, 0],
    [0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25],
    [0.25, 0.75, 0.75],
    [0.375, 0.375, 0.625],
    [0.875, 0.875, 0.125],
    [0.625, 0.125, 0.875],
    [0.125, 0.625, 0.375],
    [0.1875, 0.3125, 0.9375],
    [0.6875, 0.8125, 0.4375],
  ]);
});

test("2^k points have one in each of 2^k equal parts of every axis, wherever they are shifted to", () => {
  const shift = fc.uint32Array({ minLength: mostSobolDimensions, maxLength: mostSobolDimensions });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 }), shift, (k, by) => {
      const n = 2 ** k;
      const points = sobolPoints(n, mostSobolDimensions, by);
      for (let d = 0; d < mostSobolDimensions; d++)
        expect(new Set(points.map((point) => Math.floor(point[d]! * n))).size).toBe(n);
    }),
    { numRuns: 30 },
  );
});

test("pairs of neighbouring axes are spread too: 256 points have one in each cell of 16 x 16 for the first two", () => {
  const cells = sobolPoints(256, 2).map(([x, y]) => `${Math.floor(x! * 16)} ${Math.floor(y! * 16)}`);
  expect(new Set(cells).size).toBe(256);
});

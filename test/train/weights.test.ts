/** How weights begin: deviations, orthogonality, parts. */
import { expect, test } from "vitest";
import type { InitSpec } from "../../src/ops/layer.ts";
import { randomSource } from "../../src/ops/philox.ts";
import { orthogonal } from "../../src/train/orthogonal.ts";
import type { WeightVariable } from "../../src/train/program.ts";
import { initialVariables } from "../../src/train/weights.ts";

function begin(shape: readonly number[], init: InitSpec, seed = "1"): Float32Array {
  const weight: WeightVariable = { name: "w", type: { dtype: "f32", shape }, trainable: true, init };
  const variables = initialVariables({ weights: [weight], slots: [], averages: [] } as never, seed);
  return variables.w!.data as Float32Array;
}

const deviation = (data: Float32Array) => {
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  return Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length);
};

test("variances are as promised", () => {
  expect(deviation(begin([100, 100], { kind: "normal", deviation: 0.02 }))).toBeCloseTo(0.02, 3);
  expect(deviation(begin([100, 100], { kind: "uniform", limit: 0.3 }))).toBeCloseTo(0.3 / Math.sqrt(3), 2);
  expect(deviation(begin([100, 100], { kind: "he_uniform", fanIn: 50 }))).toBeCloseTo(0.2, 2);
  expect(begin([10], { kind: "normal", deviation: 1 }, "1")).not.toEqual(
    begin([10], { kind: "normal", deviation: 1 }, "2"),
  );
});

test("parts: the gates of an LSTM", () => {
  expect([...begin([8], { kind: "parts", values: [0, 1, 0, 0] })]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
});

test("an orthogonal kernel has orthonormal rows or columns, times the gain", () => {
  for (const [shape, rows, columns] of [
    [[3, 3, 4, 8], 36, 8],
    [[5, 12], 5, 12],
    [[7, 7], 7, 7],
  ] as const) {
    const w = begin(shape, { kind: "orthogonal", gain: 2 });
    const count = Math.min(rows, columns);
    const vector = (v: number) =>
      Array.from({ length: Math.max(rows, columns) }, (_, i) =>
        rows < columns ? w[v * columns + i]! : w[i * columns + v]!,
      );
    for (let a = 0; a < count; a++)
      for (let b = 0; b < count; b++) {
        const product = vector(a).reduce((sum, x, i) => sum + x * vector(b)[i]!, 0);
        expect(product).toBeCloseTo(a === b ? 4 : 0, 5);
      }
  }
});

test("its elements are spread as those of a matrix drawn evenly: mean 0, variance 1 / n, kurtosis 3", () => {
  for (const [rows, columns] of [
    [64, 64],
    [200, 90],
    [30, 300],
  ] as const) {
    const q = orthogonal(randomSource([3, 4]), rows, columns);
    const n = Math.max(rows, columns);
    const moment = (power: number) => q.reduce((sum, x) => sum + x ** power, 0) / q.length;
    expect(Math.abs(moment(1)) * Math.sqrt(n)).toBeLessThan(0.05);
    expect(moment(2) * n).toBeCloseTo(1, 5);
    expect(moment(4) * n * n).toBeGreaterThan(2.7);
    expect(moment(4) * n * n).toBeLessThan(3.2);
  }
});

// By an algorithm of the wrong order this runs out of its time.
test("a large kernel is made in seconds", () => {
  const q = orthogonal(randomSource([3, 4]), 3200, 512);
  const length = Array.from({ length: 3200 }, (_, row) => q[row * 512]! ** 2).reduce((sum, x) => sum + x, 0);
  expect(length).toBeCloseTo(1, 5);
});

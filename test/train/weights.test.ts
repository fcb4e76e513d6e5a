/** How weights begin: deviations, orthogonality, parts. */
import { expect, test } from "vitest";
import type { InitSpec } from "../../src/ops/layer.ts";
import { philoxUniform } from "../../src/ops/philox.ts";
import { orthogonal } from "../../src/train/orthogonal.ts";
import type { WeightVariable } from "../../src/train/program.ts";
import { initialVariables } from "../../src/train/weights.ts";

function begin(shape: readonly number[], init: InitSpec, seed = "1"): Float32Array {
  const weight: WeightVariable = { name: "w", type: { dtype: "f32", shape }, trainable: true, init };
  const variables = initialVariables({ weights: [weight], slots: [] } as never, seed);
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

test("nearly dependent vectors come out orthogonal too", () => {
  const base = philoxUniform([1, 2], 0, 40);
  const numbers = Float32Array.from({ length: 80 }, (_, i) => base[i % 40]! + (i < 40 ? 0 : 1e-5 * i));
  const q = orthogonal(numbers, 2, 40);
  let product = 0;
  for (let i = 0; i < 40; i++) product += q[i]! * q[40 + i]!;
  expect(Math.abs(product)).toBeLessThan(1e-6);
});

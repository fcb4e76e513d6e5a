import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isProblem } from "../../src/ops/layers/window.ts";
import { symmetricEigen } from "../../src/ops/prepare/eigen.ts";
import { pca } from "../../src/ops/prepare/pca.ts";
import type { Fitted, Row } from "../../src/ops/prepare.ts";
import { tensor } from "../data/spec.ts";

const rowOf = (...numbers: number[]): Row => ({
  shape: [numbers.length],
  data: Float32Array.from(numbers),
});

function statisticsOf(rows: readonly Row[], components: number): Fitted {
  const fitted = pca.fit!(rows, { components });
  if (isProblem(fitted)) throw new Error(fitted.problem);
  return fitted;
}

const project = (row: Row, components: number, fitted: Fitted): number[] => [
  ...(pca.apply(row, { components }, fitted).data as Float32Array),
];

const directionsOf = ({ directions, mean }: Fitted): number[][] =>
  Array.from({ length: directions!.length / mean!.length }, (_, k) =>
    directions!.slice(k * mean!.length, (k + 1) * mean!.length),
  );

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Mean squared distance of rows from what their components say of them. */
function lost(rows: readonly Row[], components: number): number {
  const fitted = statisticsOf(rows, components);
  const directions = directionsOf(fitted);
  let sum = 0;
  for (const row of rows) {
    const z = project(row, components, fitted);
    for (const [i, mean] of fitted.mean!.entries()) {
      const seen = mean + directions.reduce((part, direction, k) => part + z[k]! * direction[i]!, 0);
      sum += ((row.data[i] as number) - seen) ** 2;
    }
  }
  return sum / rows.length;
}

const near = (actual: readonly number[], expected: readonly number[], digits: number): void => {
  expect(actual).toEqual(expected.map((value) => expect.closeTo(value, digits)));
};

/** Row r holds `sin(3 r + i i) (i + 1) + r i / 10`. */
const waves = (count: number, length: number): Row[] =>
  Array.from({ length: count }, (_, r) =>
    rowOf(...Array.from({ length }, (_, i) => Math.sin(3 * r + i * i) * (i + 1) + (r * i) / 10)),
  );

/**
 * scikit-learn 1.9.1 on the rows above, rounded to float32 and widened to float64: `PCA(2, svd_solver="full").statisticsOf(rows)`; its `mean_`,
 * `components_`, `explained_variance_ratio_`, and `transform(rows)[1]`.
 */
describe("as scikit-learn", () => {
  test("more rows than numbers in each", () => {
    const rows = waves(20, 4);
    const fitted = statisticsOf(rows, 2);
    near(fitted.mean!, [0.011081642657518386, 1.043210368975997, 1.7686772111803293, 2.889184433221817], 12);
    near(
      fitted.directions!,
      [
        -0.16724624872856617, -0.07363799220698346, 0.4490312431044096, 0.8746296822690481,
        -0.04330063264134072, -0.5751395190507821, 0.7023042401439455, -0.4172629184515802,
      ],
      12,
    );
    near(fitted.share!, [0.7083582821866584, 0.2457748413257012], 12);
    near(project(rows[1]!, 2, fitted), [-3.8019840195059498, 3.665844132826049], 6);
  });

  test("fewer rows than numbers in each", () => {
    const rows = waves(5, 7);
    const fitted = statisticsOf(rows, 2);
    near(
      fitted.directions!,
      [
        0.03384840334152534, -0.17051000279208958, 0.2210328279779716, -0.3213606395208403,
        0.02670225619434882, 0.31214342145891427, 0.848236952045796, -0.10011403219922249,
        -0.02155671255304075, 0.2518897945264647, 0.5537522476247586, 0.6552743673519578, -0.3545371194220685,
        0.2536560718927423,
      ],
      12,
    );
    near(fitted.share!, [0.917246373159183, 0.07492380322804355], 12);
    near(project(rows[1]!, 2, fitted), [8.46685519736967, 0.4575105698795866], 6);
  });
});

const tables = fc
  .tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 8 }))
  .chain(([count, length]) =>
    fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: length, maxLength: length }), {
      minLength: count,
      maxLength: count,
    }),
  )
  .map((table) => table.map((numbers) => rowOf(...numbers)));

describe("laws", () => {
  test("directions are orthonormal, or 0 where the rows vary no further; the greatest entry is positive", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const directions = directionsOf(statisticsOf(rows, rows[0]!.data.length));
        for (const [i, a] of directions.entries()) {
          const length = dot(a, a);
          expect(Math.min(Math.abs(length), Math.abs(length - 1))).toBeLessThan(1e-9);
          for (const b of directions.slice(0, i)) expect(Math.abs(dot(a, b))).toBeLessThan(1e-7);
          expect(Math.max(...a)).toBeGreaterThanOrEqual(-Math.min(...a) - 1e-12);
        }
      }),
    );
  });

  test("each further component leaves less of a row out, and all of them nothing", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const length = rows[0]!.data.length;
        let before = Number.POSITIVE_INFINITY;
        for (let components = 1; components <= length; components++) {
          const after = lost(rows, components);
          expect(after).toBeLessThanOrEqual(before + 1e-6);
          before = after;
        }
        expect(before).toBeLessThan(1e-6);
      }),
    );
  });

  test("components of the training rows have mean 0 and no correlation", () => {
    const rows = waves(30, 6);
    const fitted = statisticsOf(rows, 6);
    const projected = rows.map((row) => project(row, 6, fitted));
    for (let i = 0; i < 6; i++) {
      expect(projected.reduce((sum, z) => sum + z[i]!, 0) / rows.length).toBeCloseTo(0, 5);
      for (let j = 0; j < i; j++)
        expect(projected.reduce((sum, z) => sum + z[i]! * z[j]!, 0) / rows.length).toBeCloseTo(0, 4);
    }
  });

  test("eigenvectors of a symmetric matrix: A v = value v", () => {
    const square = fc
      .integer({ min: 1, max: 9 })
      .chain((n) => fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n * n, maxLength: n * n }));
    fc.assert(
      fc.property(square, (entries) => {
        const n = Math.sqrt(entries.length);
        const matrix = Array.from({ length: n }, (_, i) =>
          Array.from({ length: n }, (_, j) => entries[i * n + j]! + entries[j * n + i]!),
        );
        const { values, vectors } = symmetricEigen(
          matrix.map((row) => Float64Array.from(row)),
          n,
        );
        for (const [k, vector] of vectors.entries()) {
          if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
          for (const [i, row] of matrix.entries())
            expect(Math.abs(dot(row, [...vector]) - values[k]! * vector[i]!)).toBeLessThan(1e-11 * n * n);
        }
      }),
    );
  });
});

describe("what does not fit", () => {
  const problem = (components: number, ...shape: (number | string)[]) =>
    pca.infer(tensor("f32", ...shape), { components });

  test("types", () => {
    expect(problem(8, 100)).toEqual(tensor("f32", 8));
    expect(problem(8, 28, 28, 1)).toMatchObject({ hint: "put `flatten` before `pca`" });
    expect(problem(8, 5)).toEqual({
      problem: "`pca` cannot make 8 components of the 5 numbers of f32[5]",
      hint: "give 5 or fewer",
    });
    expect(pca.infer(tensor("u8", 100), { components: 8 })).toMatchObject({
      hint: "add `scale(0 .. 1)` before `pca`",
    });
  });

  test("rows", () => {
    expect(pca.fit!([rowOf(1, 2), rowOf(Number.NaN, 2)], { components: 1 })).toMatchObject({
      problem: "`pca` needs numbers, and the training rows hold NaN or infinite ones",
    });
    const long = { shape: [5000], data: new Float32Array(5000) };
    expect(pca.fit!(new Array(5000).fill(long), { components: 1 })).toMatchObject({
      problem:
        "`pca` of 5000 training rows of 5000 numbers is more than it can do: one of the two may be 4096 at most",
    });
  });

  test("rows that are all the same have components of 0", () => {
    const fitted = statisticsOf([rowOf(1, 2), rowOf(1, 2), rowOf(1, 2)], 2);
    expect(project(rowOf(3, 4), 2, fitted)).toEqual([0, 0]);
    expect(pca.tell!({ components: 2 }, fitted)).toBe(
      "`pca(2)` keeps 0.0 % of the variance of the training rows",
    );
  });
});

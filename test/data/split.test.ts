import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Labels, splitRows } from "../../src/data/split.ts";

const labelsFrom = (values: readonly number[]): Labels => ({ values });

const shares = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([a, b, c]) => {
    const total = Math.max(100, a + b + c);
    return { train: a / total, valid: b / total, test: c / total };
  });

const problem = fc.record({
  values: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 200 }),
  shares,
  seed: fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String),
});

describe("laws of every split", () => {
  for (const name of ["random", "stratified", "grouped"])
    test(`${name}: no row twice, lists ascend, sizes are the shares`, () => {
      fc.assert(
        fc.property(problem, ({ values, shares, seed }) => {
          const rows = splitRows(name, { ...shares, seed }, values.length, labelsFrom(values), null);
          const all = [...rows.train, ...rows.valid, ...rows.test];
          expect(new Set(all).size).toBe(all.length);
          for (const list of Object.values(rows)) expect([...list]).toEqual([...list].sort((a, b) => a - b));
          if (name !== "grouped") {
            expect(Math.abs(rows.test.length - shares.test * values.length)).toBeLessThanOrEqual(0.5 + 1e-6);
            expect(Math.abs(rows.train.length - shares.train * values.length)).toBeLessThanOrEqual(1 + 1e-6);
          }
        }),
      );
    });

  for (const name of ["random", "stratified", "grouped"])
    test(`${name}: a smaller train share is a part of the larger one, and test does not move`, () => {
      fc.assert(
        fc.property(
          problem,
          fc.double({ min: 0.9, max: 1, noNaN: true }),
          ({ values, shares, seed }, part) => {
            const by = labelsFrom(values);
            const large = splitRows(name, { ...shares, seed }, values.length, by, null);
            const small = splitRows(
              name,
              { ...shares, train: shares.train * part, seed },
              values.length,
              by,
              null,
            );
            expect(small.test).toEqual(large.test);
            expect(small.valid).toEqual(large.valid);
            const inLarge = new Set(large.train);
            for (const row of small.train) expect(inLarge.has(row)).toBe(true);
          },
        ),
        { numRuns: 1000 },
      );
    });
});

describe("stratified", () => {
  test("every class has its share of test within a row, of valid and train within two", () => {
    fc.assert(
      fc.property(problem, ({ values, shares, seed }) => {
        const rows = splitRows("stratified", { ...shares, seed }, values.length, labelsFrom(values), null);
        for (const split of ["train", "valid", "test"] as const)
          for (let c = 0; c < 5; c++) {
            const share = values.filter((value) => value === c).length / values.length;
            const here = [...rows[split]].filter((row) => values[row] === c).length;
            expect(Math.abs(here - share * rows[split].length)).toBeLessThan(split === "test" ? 1 : 2);
          }
      }),
    );
  });

  test("shares that add up to 1 leave no row unused", () => {
    const values = Array.from({ length: 1517 }, (_, i) => (i < 95 ? 0 : i < 281 ? 1 : i < 1096 ? 2 : 3));
    const rows = splitRows(
      "stratified",
      { train: 0.7, valid: 0.15, test: 0.15, seed: "7" },
      1517,
      labelsFrom(values),
      null,
    );
    expect([rows.train.length, rows.valid.length, rows.test.length]).toEqual([1062, 227, 228]);
  });

  test("another seed draws other rows", () => {
    const values = new Array<number>(100).fill(0);
    const draw = (seed: string) =>
      splitRows("stratified", { train: 0.5, valid: 0, test: 0.5, seed }, 100, labelsFrom(values), null).test;
    expect(draw("1")).not.toEqual(draw("2"));
    expect(draw("18446744073709551615")).not.toEqual(draw("9007199254740993"));
  });
});

describe("grouped", () => {
  test("no group is in two splits", () => {
    fc.assert(
      fc.property(problem, ({ values, shares, seed }) => {
        const rows = splitRows("grouped", { ...shares, seed }, values.length, labelsFrom(values), null);
        const home = new Map<number, string>();
        for (const [split, list] of Object.entries(rows))
          for (const row of list) {
            expect(home.get(values[row]!) ?? split).toBe(split);
            home.set(values[row]!, split);
          }
      }),
    );
  });
});

describe("k_fold", () => {
  const folds = (values: readonly number[], k: number, valid: number, seed: string, whole?: boolean) =>
    Array.from({ length: k }, (_, i) =>
      splitRows(
        "k_fold",
        { k, fold: i + 1, valid, seed },
        values.length,
        { ...labelsFrom(values), ...(whole !== undefined && { whole }) },
        null,
      ),
    );
  const folding = fc.record({
    values: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 20, maxLength: 200 }),
    k: fc.integer({ min: 2, max: 6 }),
    seed: fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String),
  });

  test("every row is tested once; the other rows of a fold train or watch", () => {
    fc.assert(
      fc.property(folding, fc.boolean(), ({ values, k, seed }, whole) => {
        const rows = folds(values, k, 0.2, seed, whole);
        const tested = rows.flatMap(({ test }) => [...test]);
        expect(tested.sort((a, b) => a - b)).toEqual(values.map((_, row) => row));
        for (const { train, valid, test } of rows)
          expect(train.length + valid.length + test.length).toBe(values.length);
      }),
    );
  });
  test("folds differ by one row at most, and so does every class in them", () => {
    fc.assert(
      fc.property(folding, ({ values, k, seed }) => {
        const rows = folds(values, k, 0, seed);
        const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);
        expect(spread(rows.map(({ test }) => test.length))).toBeLessThanOrEqual(1);
        for (let c = 0; c < 5; c++)
          expect(
            spread(rows.map(({ test }) => [...test].filter((row) => values[row] === c).length)),
          ).toBeLessThanOrEqual(1);
      }),
    );
  });
  test("no group is in two splits of a fold", () => {
    fc.assert(
      fc.property(folding, ({ values, k, seed }) => {
        for (const { train, valid, test } of folds(values, k, 0.2, seed, true)) {
          const groups = [train, valid, test].map((list) => new Set([...list].map((row) => values[row])));
          expect(groups.reduce((sum, each) => sum + each.size, 0)).toBe(new Set(values).size);
        }
      }),
    );
  });
});

describe("given", () => {
  test("test is the source's own; valid comes out of its training rows", () => {
    const given = Uint8Array.from({ length: 70 }, (_, i) => Number(i >= 60));
    const rows = splitRows("given", { valid: 0.1, seed: "1" }, 70, undefined, given);
    expect([...rows.test]).toEqual([60, 61, 62, 63, 64, 65, 66, 67, 68, 69]);
    expect([rows.train.length, rows.valid.length]).toEqual([54, 6]);
    expect(Math.max(...rows.train, ...rows.valid)).toBeLessThan(60);
  });

  test("says so where the source brings no division", () => {
    expect(() =>
      splitRows("given", { valid: 0, seed: "1" }, 5, undefined, null),
    ).toThrowErrorMatchingInlineSnapshot(
      `[DataError: \`split = given(...)\` needs a source that brings a train and a test part, and this one does not]`,
    );
  });
});

test("shares of more than the whole are refused, with the sum", () => {
  expect(() =>
    splitRows("random", { train: 0.8, valid: 0.15, test: 0.15, seed: "1" }, 10, undefined, null),
  ).toThrowErrorMatchingInlineSnapshot(
    `[DataError: The shares of the split are more than the whole: 80% + 15% + 15% = 110%]`,
  );
});

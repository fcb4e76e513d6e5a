import normal from "@stdlib/stats-base-dists-normal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holm } from "../../src/stats/adjust.ts";
import { bcaInterval, percentileInterval } from "../../src/stats/bootstrap.ts";
import { comparePairs } from "../../src/stats/compare.ts";
import { cliffsDelta, dz, improvement, superiority } from "../../src/stats/effect.ts";
import { estimateMean, mean, pairedT } from "../../src/stats/interval.ts";
import { signFlip, wilcoxon } from "../../src/stats/permutation.ts";
import { detectableEffect, neededPairs, pairedPower } from "../../src/stats/power.ts";
import { fewestPairs, smallestP } from "../../src/study/design/pairs.ts";

/** The golden vectors of two accuracies on eight paired seeds; values from SciPy. */
const a = [0.912, 0.905, 0.921, 0.899, 0.917, 0.908, 0.915, 0.923];
const b = [0.901, 0.907, 0.909, 0.893, 0.91, 0.9, 0.911, 0.912];
const differences = a.map((value, i) => Number((value - b[i]!).toPrecision(10)));

describe("golden values", () => {
  test("paired t and its interval", () => {
    const { t, p } = pairedT(differences);
    expect(t).toBeCloseTo(4.369864744374931, 10);
    expect(p).toBeCloseTo(0.003274598374989893, 12);
    const { interval } = estimateMean(differences);
    expect(interval!.low).toBeCloseTo(0.0032695150415, 12);
    expect(interval!.high).toBeCloseTo(0.0109804849585, 12);
  });

  // Quantiles of Student's t from its closed form for 7 degrees of freedom: 3.12755227 and 2.64185967.
  test("intervals that three comparisons share their level for", () => {
    const { difference, simultaneous, narrower } = comparePairs(a, b, { comparisons: 3 });
    expect(difference.interval!.low).toBeCloseTo(0.0032695150415, 12);
    expect(simultaneous.low).toBeCloseTo(0.0020255721555364, 12);
    expect(simultaneous.high).toBeCloseTo(0.0122244278444636, 12);
    expect(narrower.low).toBeCloseTo(0.0028174867808486, 12);
    expect(narrower.high).toBeCloseTo(0.0114325132191514, 12);
    const sole = comparePairs(a, b);
    expect(sole.simultaneous.low).toBeCloseTo(sole.difference.interval!.low, 14);
    expect(sole.narrower.low).toBeCloseTo(0.0040359175338568, 12);
  });

  test("exact tests", () => {
    expect(signFlip(differences)).toEqual({ p: 4 / 256, method: "exact", draws: 256 });
    expect(wilcoxon(differences)).toEqual({ w: 1, p: 0.015625 });
  });

  test("effect sizes, paired and not", () => {
    expect(superiority(differences).value).toBe(0.875);
    expect(dz(differences)).toBeCloseTo(1.5449804968077665, 10);
    expect(cliffsDelta(a, b)).toBe(0.484375);
    expect(improvement(a, b)).toBe(0.7421875);
  });

  test("all of it in one comparison, straight from the results", () => {
    const found = comparePairs(a, b);
    expect(found.difference.mean).toBeCloseTo(0.007125, 12);
    expect(found.test.p).toBe(4 / 256);
    expect(found.wilcoxon.w).toBe(1);
    expect(found.cliffsDelta).toBe(0.484375);
  });

  test("Holm", () => {
    const adjusted = holm([0.001, 0.012, 0.03, 0.04, 0.2]);
    for (const [i, p] of [0.005, 0.048, 0.09, 0.09, 0.2].entries()) expect(adjusted[i]).toBeCloseTo(p, 12);
    expect(holm([0.2, 0.001, 0.04, 0.012, 0.03]).map((p) => Number(p.toFixed(6)))).toEqual([
      0.2, 0.005, 0.09, 0.048, 0.09,
    ]);
  });

  test.each([
    [2, 0.5],
    [3, 0.25],
    [4, 0.125],
    [5, 0.0625],
    [6, 0.03125],
    [8, 0.0078125],
  ])("%i pairs reach no p below %d, in the table and in the test", (n, p) => {
    expect(smallestP(n)).toBe(p);
    expect(signFlip(Array.from({ length: n }, (_, i) => 0.01 * (i + 1))).p).toBe(p);
  });

  test("three models need seven pairs under Holm, one comparison six", () => {
    expect(fewestPairs(0.05, 3)).toBe(7);
    expect(fewestPairs()).toBe(6);
  });

  test.each([
    [0.3, 90],
    [0.5, 34],
    [0.8, 15],
    [1.0, 10],
    [1.2, 8],
    [1.5, 6],
    [2.0, 5],
  ])("a difference of %d standard deviations needs %i pairs", (effect, n) => {
    expect(neededPairs(effect)).toBe(n);
    expect(detectableEffect(n)).toBeLessThanOrEqual(effect);
    expect(detectableEffect(n - 1)).toBeGreaterThan(effect);
  });

  test("pairs that share training rows (Nadeau and Bengio 2003)", () => {
    const differences = [0.012, 0.008, 0.015, -0.002, 0.01, 0.007, 0.011, 0.004, 0.013, 0.006];
    expect(pairedT(differences, 1 / 9)).toEqual({
      t: expect.closeTo(3.677711040928579, 10),
      p: expect.closeTo(0.005093524023413931, 12),
    });
    expect(pairedT(differences).t).toBeCloseTo(5.343590256983818, 10);
    const zeros = differences.map(() => 0);
    const apart = comparePairs(differences, zeros);
    const found = comparePairs(differences, zeros, { shared: 1 / 9 });
    expect(found.test).toEqual({ method: "corrected t", p: expect.closeTo(0.005093524023413931, 10) });
    const width = ({ difference: { interval } }: typeof found) => interval!.high - interval!.low;
    expect(width(found) / width(apart)).toBeCloseTo(Math.sqrt(1 + 10 / 9), 10);
    expect(found.detectable / apart.detectable).toBeCloseTo(Math.sqrt(1 + 10 / 9), 6);
    // However often the same rows are divided, a small difference stays hidden.
    expect(neededPairs(0.9, { shared: 1 / 9 })).toBe(Number.POSITIVE_INFINITY);
  });

  test("BCa on the variance of the 26 values of the spatial test (Efron and Tibshirani 1993, table 14.1)", () => {
    const spatial = [
      48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41,
    ];
    const variance = (sample: readonly number[]) => {
      const centre = mean(sample);
      return mean(sample.map((value) => (value - centre) ** 2));
    };
    expect(variance(spatial)).toBeCloseTo(171.5, 1);
    // The book's interval, 115.8 to 259.6, is of 2,000 draws: it has an error of a few units itself.
    const { low, high } = bcaInterval(spatial, variance, { level: 0.9 });
    expect(Math.abs(low - 115.8)).toBeLessThan(4);
    expect(Math.abs(high - 259.6)).toBeLessThan(8);
    expect(percentileInterval(spatial, variance, { level: 0.9 }).high).toBeLessThan(high - 20);
  });
});

describe("laws", () => {
  const sample = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 12 });

  test("the sign-flip p is that of every way written out", () => {
    fc.assert(
      fc.property(sample, (values) => {
        const observed = Math.abs(values.reduce((x, y) => x + y, 0));
        let extreme = 0;
        for (let code = 0; code < 2 ** values.length; code++) {
          const sum = values.reduce((total, value, i) => total + ((code >> i) & 1 ? -value : value), 0);
          if (Math.abs(sum) >= observed) extreme++;
        }
        expect(signFlip(values).p).toBe(extreme / 2 ** values.length);
      }),
      { numRuns: 60 },
    );
  });

  test("which of the two is first changes no p and mirrors the rest", () => {
    fc.assert(
      fc.property(
        sample.filter((values) => new Set(values).size > 1),
        (values) => {
          const zeros = values.map(() => 0);
          const here = comparePairs(values, zeros);
          const there = comparePairs(zeros, values);
          expect(there.test.p).toBe(here.test.p);
          expect(there.wilcoxon.p).toBeCloseTo(here.wilcoxon.p, 12);
          expect(there.difference.interval!.low).toBeCloseTo(-here.difference.interval!.high, 10);
          expect(there.superiority.value).toBeCloseTo(1 - here.superiority.value, 12);
          expect(there.needed).toBe(here.needed);
        },
      ),
      { numRuns: 10 },
    );
  });

  test("drawn signs agree with the normal approximation, and equal seeds with each other", () => {
    const many = Array.from({ length: 40 }, (_, i) => (i % 3) - 0.8 + i / 100);
    const z = many.reduce((x, y) => x + y, 0) / Math.sqrt(many.reduce((x, y) => x + y * y, 0));
    const found = signFlip(many);
    expect(found.method).toBe("drawn");
    expect(found).toEqual(signFlip(many));
    const ratio = found.p / (2 * normal.cdf(-Math.abs(z), 0, 1));
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.15);
  });

  test("power at no effect is the level; one value has no interval", () => {
    for (const n of [2, 3, 6, 50]) expect(pairedPower(n, 0)).toBeCloseTo(0.05, 4);
    expect(estimateMean([0.5]).interval).toBeNull();
    expect(estimateMean([0.1, 0.1, 0.1]).interval).toEqual({
      low: expect.closeTo(0.1, 15),
      high: expect.closeTo(0.1, 15),
      level: 0.95,
    });
  });
});

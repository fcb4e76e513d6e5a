/** What a number of pairs can show: power of the paired t test. */
import normal from "@stdlib/stats-base-dists-normal";
import t from "@stdlib/stats-base-dists-t";
import { errorOfMean } from "./interval.ts";

export interface PowerOptions {
  readonly alpha?: number;
  readonly power?: number;
  readonly sides?: 1 | 2;
  /** See `errorOfMean`. */
  readonly shared?: number;
}

/**
 * Power of the paired t test for n pairs and a true difference of `effect` standard deviations. T is (Z + effect / error) / S with
 * the mean's standard error sqrt(1/n + shared) and S = sqrt(chi2 / df): the normal tail is averaged over S by Simpson's rule.
 */
export function pairedPower(
  n: number,
  effect: number,
  { alpha = 0.05, sides = 2, shared = 0 }: PowerOptions = {},
): number {
  const df = n - 1;
  const critical = t.quantile(1 - alpha / sides, df);
  const shift = effect / errorOfMean(n, shared);
  const spread = 10 / Math.sqrt(2 * df);
  const from = Math.max(1e-9, 1 - spread);
  const to = 1 + spread;
  const steps = 400;
  let weights = 0;
  let power = 0;
  for (let i = 0; i <= steps; i++) {
    const s = from + ((to - from) * i) / steps;
    const simpson = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    // Density of S up to a factor, which the division by `weights` removes.
    const weight = simpson * Math.exp((df - 1) * Math.log(s) - (df * (s * s - 1)) / 2);
    const other = sides === 2 ? normal.cdf(-critical * s - shift, 0, 1) : 0;
    power += weight * (normal.cdf(shift - critical * s, 0, 1) + other);
    weights += weight;
  }
  return power / weights;
}

/** The fewest pairs with that power; Infinity above a million. */
export function neededPairs(effect: number, options: PowerOptions = {}): number {
  const { power = 0.8 } = options;
  const enough = (n: number): boolean => pairedPower(n, Math.abs(effect), options) >= power;
  let high = 2;
  while (!enough(high)) {
    if (high > 1_000_000) return Number.POSITIVE_INFINITY;
    high *= 2;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The smallest true difference, in standard deviations of the differences, that n pairs show with that power. */
export function detectableEffect(n: number, options: PowerOptions = {}): number {
  const { power = 0.8 } = options;
  let low = 0;
  let high = 1;
  while (pairedPower(n, high, options) < power) high *= 2;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (pairedPower(n, middle, options) < power) low = middle;
    else high = middle;
  }
  return high;
}

/** Means and differences of means with Student's t intervals. */
import t from "@stdlib/stats-base-dists-t";

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0.95 for a 95 % interval. */
  readonly level: number;
}

export interface Estimate {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation, with n - 1; NaN for n < 2. */
  readonly sd: number;
  /** Of the mean; null for n < 2, where nothing can be said. */
  readonly interval: Interval | null;
}

export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sample standard deviation, with n - 1. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  // Equal values must give 0, not what rounding leaves of their mean.
  if (values.every((value) => value === values[0])) return values.length < 2 ? Number.NaN : 0;
  return Math.sqrt(sum / (values.length - 1));
}

/**
 * The standard error of a mean in standard deviations, sqrt(1/n + shared). `shared` is n_test / n_train where each value comes from
 * rows drawn anew out of the same data: they share training rows, and are closer to each other than they would be on fresh data
 * (Nadeau and Bengio 2003); else 0.
 */
export const errorOfMean = (n: number, shared: number): number => Math.sqrt(1 / n + shared);

/** Mean with the interval mean +- t(1 - (1 - level) / 2, n - 1) sd sqrt(1/n + shared). */
export function estimateMean(values: readonly number[], level = 0.95, shared = 0): Estimate {
  const n = values.length;
  const centre = mean(values);
  const sd = deviation(values);
  if (n < 2) return { n, mean: centre, sd, interval: null };
  const half = t.quantile(1 - (1 - level) / 2, n - 1) * sd * errorOfMean(n, shared);
  return { n, mean: centre, sd, interval: { low: centre - half, high: centre + half, level } };
}

/** Two-sided p of the paired t test: t = mean / (sd sqrt(1/n + shared)) with n - 1 degrees of freedom. */
export function pairedT(
  differences: readonly number[],
  shared = 0,
): { readonly t: number; readonly p: number } {
  const n = differences.length;
  const statistic = mean(differences) / (deviation(differences) * errorOfMean(n, shared));
  return { t: statistic, p: 2 * t.cdf(-Math.abs(statistic), n - 1) };
}

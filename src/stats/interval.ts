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

/** Mean with the interval mean +- t(1 - (1 - level) / 2, n - 1) sd / sqrt(n). */
export function estimateMean(values: readonly number[], level = 0.95): Estimate {
  const n = values.length;
  const centre = mean(values);
  const sd = deviation(values);
  if (n < 2) return { n, mean: centre, sd, interval: null };
  const half = (t.quantile(1 - (1 - level) / 2, n - 1) * sd) / Math.sqrt(n);
  return { n, mean: centre, sd, interval: { low: centre - half, high: centre + half, level } };
}

/** Two-sided p of the paired t test: t = mean / (sd / sqrt(n)) with n - 1 degrees of freedom. */
export function pairedT(differences: readonly number[]): { readonly t: number; readonly p: number } {
  const n = differences.length;
  const statistic = mean(differences) / (deviation(differences) / Math.sqrt(n));
  return { t: statistic, p: 2 * t.cdf(-Math.abs(statistic), n - 1) };
}

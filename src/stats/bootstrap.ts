/** Bootstrap intervals, from seeded draws. */
import normal from "@stdlib/stats-base-dists-normal";
import { randomSource, streamKey } from "../ops/philox.ts";
import type { Interval } from "./interval.ts";

export type Statistic = (sample: readonly number[]) => number;

export interface BootstrapOptions {
  readonly level?: number;
  readonly resamples?: number;
  readonly seed?: string;
}

/** The statistic of samples drawn with replacement, ascending. */
function resampled(values: readonly number[], statistic: Statistic, count: number, seed: string): number[] {
  const source = randomSource(streamKey(seed, "statistics", 1));
  const sample = new Array<number>(values.length);
  const out: number[] = [];
  for (let draw = 0; draw < count; draw++) {
    for (let i = 0; i < values.length; i++) sample[i] = values[source.below(values.length)]!;
    out.push(statistic(sample));
  }
  return out.sort((a, b) => a - b);
}

/** The quantile of sorted values with linear interpolation (Hyndman and Fan's type 7). */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * Math.min(1, Math.max(0, share));
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}

export function percentileInterval(
  values: readonly number[],
  statistic: Statistic,
  { level = 0.95, resamples = 10_000, seed = "1" }: BootstrapOptions = {},
): Interval {
  const draws = resampled(values, statistic, resamples, seed);
  return { low: quantile(draws, (1 - level) / 2), high: quantile(draws, (1 + level) / 2), level };
}

/**
 * Bias-corrected and accelerated interval (Efron 1987). With B draws of the statistic, z0 is the normal quantile of the share
 * below the estimate and a comes from leaving one value out at a time. Where all draws lie on one side, or the jackknife does
 * not vary, the percentile interval is given.
 */
export function bcaInterval(
  values: readonly number[],
  statistic: Statistic,
  { level = 0.95, resamples = 10_000, seed = "1" }: BootstrapOptions = {},
): Interval {
  const draws = resampled(values, statistic, resamples, seed);
  const estimate = statistic(values);
  // Draws equal to the estimate count one half, as of a discrete statistic many are.
  const below = draws.filter((d) => d < estimate).length + draws.filter((d) => d === estimate).length / 2;
  const z0 = normal.quantile(below / resamples, 0, 1);
  const left = values.map((_, i) => statistic(values.filter((_, j) => j !== i)));
  const centre = left.reduce((sum, value) => sum + value, 0) / left.length;
  const squares = left.reduce((sum, value) => sum + (centre - value) ** 2, 0);
  const acceleration = left.reduce((sum, value) => sum + (centre - value) ** 3, 0) / (6 * squares ** 1.5);
  const share = (tail: number): number => {
    if (!Number.isFinite(z0) || !Number.isFinite(acceleration)) return tail;
    const z = z0 + normal.quantile(tail, 0, 1);
    return normal.cdf(z0 + z / (1 - acceleration * z), 0, 1);
  };
  return {
    low: quantile(draws, share((1 - level) / 2)),
    high: quantile(draws, share((1 + level) / 2)),
    level,
  };
}

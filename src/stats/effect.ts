/** How large a difference is, in words that do not depend on the metric's unit. */
import { percentileInterval } from "./bootstrap.ts";
import { deviation, type Interval, mean } from "./interval.ts";

export interface Superiority {
  /** P(A > B): the share of pairs in which A is above B, ties one half. */
  readonly value: number;
  readonly interval: Interval;
}

/** P(A > B) over pairs with a percentile bootstrap interval over pairs (Bouthillier et al. 2021). */
export function superiority(differences: readonly number[], level = 0.95, seed = "1"): Superiority {
  const wins = differences.map((d) => (d > 0 ? 1 : d === 0 ? 0.5 : 0));
  return { value: mean(wins), interval: percentileInterval(wins, mean, { level, seed }) };
}

/** The mean difference in standard deviations of the differences. */
export function dz(differences: readonly number[]): number {
  return mean(differences) / deviation(differences);
}

/** P(A > B) over all combinations of a value of each, ties one half: what remains without pairs. */
export function improvement(a: readonly number[], b: readonly number[]): number {
  return (cliffsDelta(a, b) + 1) / 2;
}

/** P(A > B) - P(A < B) over all combinations. */
export function cliffsDelta(a: readonly number[], b: readonly number[]): number {
  let balance = 0;
  for (const x of a) for (const y of b) balance += Math.sign(x - y);
  return balance / (a.length * b.length);
}

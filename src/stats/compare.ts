/** All that is said about one comparison of paired results, before words are found for it. */
import { alpha, fewestPairs } from "../study/design/pairs.ts";
import { cliffsDelta, dz, type Superiority, superiority } from "./effect.ts";
import { type Estimate, estimateMean, type Interval, pairedT } from "./interval.ts";
import { type PermutationTest, signFlip, wilcoxon } from "./permutation.ts";
import { detectableEffect, neededPairs } from "./power.ts";

/** Pairs that share training rows cannot change signs one by one: the t test with their larger error takes its place. */
export type PairedTest = PermutationTest | { readonly p: number; readonly method: "corrected t" };

export interface PairedComparison {
  /** Mean of left - right with its interval. */
  readonly difference: Estimate;
  /**
   * The same with level 1 - alpha / comparisons: all of one statement hold together with 1 - alpha (Bonferroni; Dunn 1961). Where it
   * lies beyond a margin, so does the difference. Of one comparison it is the interval itself.
   */
  readonly simultaneous: Interval;
  /**
   * The same with level 1 - 2 alpha / comparisons: within a margin, it shows equivalence (two one-sided tests, TOST; Schuirmann 1987),
   * each of several comparisons at its share of alpha. Of one comparison, beyond a margin and within it cannot both be mistaken.
   */
  readonly narrower: Interval;
  readonly test: PairedTest;
  /** See `errorOfMean`: 0, or the pairs share training rows. */
  readonly shared: number;
  /** How many results the statement that it belongs to has: `fewest`, `detectable` and `needed` allow for all of them. */
  readonly comparisons: number;
  readonly superiority: Superiority;
  readonly dz: number;
  readonly cliffsDelta: number;
  readonly pairedT: { readonly t: number; readonly p: number };
  readonly wilcoxon: { readonly w: number; readonly p: number };
  /** Pairs below which no p can reach the level; that of a t test may be any from two pairs on. */
  readonly fewest: number;
  /** The smallest difference that this many pairs show in four of five studies. */
  readonly detectable: number;
  /** Pairs that show the difference found in four of five studies, were it the true one. */
  readonly needed: number;
}

/**
 * Compares results that belong together pair by pair (the same seed, the same fold). At least two pairs. `comparisons` is
 * how many results are compared in one statement, this one included; `shared` as in `errorOfMean`.
 */
export function comparePairs(
  left: readonly number[],
  right: readonly number[],
  {
    comparisons = 1,
    level = 0.95,
    shared = 0,
  }: { readonly comparisons?: number; readonly level?: number; readonly shared?: number } = {},
): PairedComparison {
  if (left.length !== right.length) throw new Error(`${left.length} results against ${right.length}`);
  const differences = left.map((value, i) => subtract(value, right[i]!));
  const difference = estimateMean(differences, level, shared);
  const fewest = shared > 0 ? 2 : fewestPairs(alpha, comparisons);
  const each = alpha / comparisons;
  const varies = difference.sd > 0;
  const test: PairedTest =
    shared > 0 && varies
      ? { p: pairedT(differences, shared).p, method: "corrected t" }
      : signFlip(differences);
  return {
    difference,
    simultaneous: estimateMean(differences, 1 - (1 - level) / comparisons, shared).interval!,
    narrower: estimateMean(differences, 1 - 2 * each, shared).interval!,
    test,
    shared,
    comparisons,
    superiority: superiority(differences, level),
    dz: dz(differences),
    cliffsDelta: cliffsDelta(left, right),
    pairedT: pairedT(differences, shared),
    wilcoxon: wilcoxon(differences),
    fewest,
    detectable: varies ? detectableEffect(differences.length, { alpha: each, shared }) * difference.sd : 0,
    needed:
      difference.mean === 0
        ? Number.POSITIVE_INFINITY
        : Math.max(
            fewest,
            varies ? neededPairs(difference.mean / difference.sd, { alpha: each, shared }) : 2,
          ),
  };
}

/** a - b without the digits that rounding adds: equal differences of results must stay equal, for ties and ranks. */
function subtract(a: number, b: number): number {
  const difference = a - b;
  const rounding = 1e-13 * Math.max(Math.abs(a), Math.abs(b));
  return Math.abs(difference) <= rounding ? 0 : Number(difference.toPrecision(10));
}

/** What a number of pairs can reach in the sign-flip test of their differences. */

/** Level of every test. */
export const alpha = 0.05;

/** The smallest two-sided p that n pairs can reach, 2 / 2^n: all differences of one sign. */
export function smallestP(n: number): number {
  return 2 / 2 ** n;
}

/** The fewest pairs whose smallest possible p reaches `level / comparisons` (Holm's first step): below, no result is possible. */
export function fewestPairs(level = alpha, comparisons = 1): number {
  let n = 1;
  while (smallestP(n) > level / comparisons) n++;
  return n;
}

/** Tests of paired differences that assume only that a difference is as likely as its negative. */
import { randomSource, streamKey } from "../ops/philox.ts";

export interface PermutationTest {
  /** Two-sided. */
  readonly p: number;
  /** All 2^n signs were counted, or this many drawn. */
  readonly method: "exact" | "drawn";
  readonly draws: number;
}

const enumerated = 20;
const drawn = 100_000;

/**
 * The share of all 2^n ways to set the signs of the differences whose sum is at least as far from 0 as the one observed. Counted
 * to n = 20; above, 100,000 ways are drawn and the observed one is counted among them (Phipson and Smyth 2010).
 */
export function signFlip(differences: readonly number[], seed = "1"): PermutationTest {
  const n = differences.length;
  const sizes = differences.map(Math.abs);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const observed = Math.abs(differences.reduce((sum, d) => sum + d, 0));
  // Sums that differ by rounding alone are ties.
  const bound = observed - 1e-10 * total;
  if (n <= enumerated) {
    // The sum for +++...+, then one sign changed at a time (Gray code). The last sign stays: the rest is its mirror.
    let sum = total;
    let extreme = Math.abs(sum) >= bound ? 1 : 0;
    const positive = sizes.map(() => true);
    const half = 2 ** Math.max(0, n - 1);
    for (let code = 1; code < half; code++) {
      const at = 31 - Math.clz32(code & -code);
      positive[at] = !positive[at];
      sum += positive[at] ? 2 * sizes[at]! : -2 * sizes[at]!;
      if (Math.abs(sum) >= bound) extreme++;
    }
    return { p: extreme / half, method: "exact", draws: 2 ** n };
  }
  const source = randomSource(streamKey(seed, "statistics"));
  let extreme = 1;
  for (let draw = 0; draw < drawn; draw++) {
    let sum = 0;
    for (const size of sizes) sum += source.uniform() < 0.5 ? -size : size;
    if (Math.abs(sum) >= bound) extreme++;
  }
  return { p: extreme / (drawn + 1), method: "drawn", draws: drawn };
}

/**
 * Wilcoxon's signed-rank test, exact, two-sided; zeros are dropped, ties have mean ranks. `w` is the smaller of the two
 * rank sums.
 */
export function wilcoxon(differences: readonly number[]): { readonly w: number; readonly p: number } {
  const kept = differences.filter((d) => d !== 0);
  const order = kept.map(Math.abs).sort((a, b) => a - b);
  // Twice the rank, so that mean ranks are whole numbers.
  const doubled = kept.map((d) => {
    const first = order.indexOf(Math.abs(d));
    return first + order.lastIndexOf(Math.abs(d)) + 2;
  });
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const plus = doubled.reduce((sum, rank, i) => (kept[i]! > 0 ? sum + rank : sum), 0);
  const smaller = Math.min(plus, total - plus);
  // How probable each sum of the ranks with a plus is.
  let chance = new Float64Array(total + 1);
  chance[0] = 1;
  for (const rank of doubled) {
    const next = new Float64Array(total + 1);
    for (let sum = 0; sum <= total; sum++)
      next[sum] = (chance[sum]! + (sum >= rank ? chance[sum - rank]! : 0)) / 2;
    chance = next;
  }
  let tail = 0;
  for (let sum = 0; sum <= smaller; sum++) tail += chance[sum]!;
  return { w: smaller / 2, p: Math.min(1, 2 * tail) };
}

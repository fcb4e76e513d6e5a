/**
 * Holm's step-down adjustment for m comparisons: sorted ascending, the i-th becomes max over j <= i of min(1, (m - j + 1) p_j).
 * In the order given.
 */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((i, j) => ps[i]! - ps[j]!);
  const adjusted = new Array<number>(ps.length);
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (ps.length - rank) * ps[index]!));
    adjusted[index] = least;
  }
  return adjusted;
}

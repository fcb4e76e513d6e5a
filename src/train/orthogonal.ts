import type { RandomSource } from "../ops/philox.ts";

/**
 * A random matrix (row-major, `rows` by `columns`) that is orthonormal along its shorter side, by Kac's walk (1956): rounds in which
 * all axes are paired at random and each pair is turned by a random angle. After a few times log2(n) rounds its elements are spread
 * as those of a matrix drawn evenly; that takes n^2 log n steps, where making random vectors orthogonal takes n^3.
 */
export function orthogonal(random: RandomSource, rows: number, columns: number): Float32Array {
  const wide = rows < columns;
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  // The first `count` columns of the identity, turned.
  const turned = new Float64Array(length * count);
  for (let i = 0; i < count; i++) turned[i * count + i] = random.uniform() < 0.5 ? -1 : 1;
  const axes = Int32Array.from({ length }, (_, i) => i);
  for (let round = 0; round < roundsFor(length); round++) {
    for (let i = length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      const axis = axes[i]!;
      axes[i] = axes[j]!;
      axes[j] = axis;
    }
    for (let pair = 0; pair + 1 < length; pair += 2)
      turn(turned, axes[pair]! * count, axes[pair + 1]! * count, count, 2 * Math.PI * random.uniform());
  }
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < length; i++)
    for (let v = 0; v < count; v++) out[wide ? v * columns + i : i * columns + v] = turned[i * count + v]!;
  return out;
}

const roundsFor = (length: number): number => 4 * Math.ceil(Math.log2(length + 1)) + 8;

/** Turns the rows that begin at `a` and `b` into one another. */
function turn(rows: Float64Array, a: number, b: number, count: number, angle: number): void {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  for (let i = 0; i < count; i++) {
    const x = rows[a + i]!;
    const y = rows[b + i]!;
    rows[a + i] = cos * x - sin * y;
    rows[b + i] = sin * x + cos * y;
  }
}

/**
 * Sobol's sequence (1967) in Gray-code order (Antonov and Saleev, 1979), with the direction numbers of Joe and Kuo (2008,
 * `new-joe-kuo-6`): for each dimension from the second on, the degree `s` of its primitive polynomial, the polynomial's inner
 * coefficients `a` as bits, and the first `s` odd numbers m.
 */
const directions: readonly (readonly [s: number, a: number, m: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
  [5, 14, [1, 3, 5, 5, 31]],
  [6, 1, [1, 3, 3, 9, 7, 49]],
  [6, 13, [1, 1, 1, 15, 21, 21]],
  [6, 16, [1, 3, 1, 13, 27, 49]],
  [6, 19, [1, 1, 1, 15, 7, 5]],
  [6, 22, [1, 3, 1, 15, 13, 25]],
  [6, 25, [1, 1, 5, 5, 19, 61]],
  [7, 1, [1, 3, 7, 11, 23, 15, 103]],
  [7, 4, [1, 3, 7, 13, 13, 15, 69]],
];

export const mostSobolDimensions = directions.length + 1;

const bits = 32;

/** v_1 .. v_32 of a dimension, each scaled to 32 bits: v_k = m_k / 2^k. */
function directionsOf(dimension: number): Uint32Array {
  const v = new Uint32Array(bits);
  if (dimension === 0) {
    for (let k = 0; k < bits; k++) v[k] = 2 ** (bits - 1 - k);
    return v;
  }
  const [s, a, m] = directions[dimension - 1]!;
  for (let k = 0; k < bits; k++) {
    if (k < s) {
      v[k] = m[k]! * 2 ** (bits - 1 - k);
      continue;
    }
    let word = v[k - s]! ^ (v[k - s]! >>> s);
    for (let j = 1; j < s; j++) if ((a >>> (s - 1 - j)) & 1) word ^= v[k - j]!;
    v[k] = word;
  }
  return v;
}

/**
 * The first `n` points, each with `dimensions` numbers in [0, 1); `shift` holds 32 random bits a dimension, by which all points are
 * moved (a digital shift: xor), so that the origin is no point. 2^k points have exactly one in each of 2^k equal parts of every axis,
 * shifted or not.
 */
export function sobolPoints(n: number, dimensions: number, shift?: Uint32Array): number[][] {
  const v = Array.from({ length: dimensions }, (_, d) => directionsOf(d));
  const x = new Uint32Array(dimensions);
  return Array.from({ length: n }, (_, i) => {
    if (i > 0) {
      // Neighbours in Gray code differ in one bit: where the lowest set bit of i stands.
      const c = 31 - Math.clz32(i & -i);
      for (let d = 0; d < dimensions; d++) x[d] = x[d]! ^ v[d]![c]!;
    }
    return Array.from(x, (word, d) => ((word ^ (shift?.[d] ?? 0)) >>> 0) / 2 ** bits);
  });
}

/**
 * Philox4x32-10 (Salmon et al., SC 2011), the one source of random numbers. Counter-based: the draw at any place of any
 * stream can be computed alone. Equal, bit for bit, to TensorFlow's `StatelessRandomUniformV2` with `alg = 1`.
 */

/** What a stream of random numbers is for. The numbers are part of the meaning of a seed: never change or reuse one. */
export const streams = {
  init: 1,
  order: 2,
  augment: 3,
  dropout: 4,
  split: 5,
  search: 6,
  simulate: 7,
  evaluate: 8,
  statistics: 9,
} as const;

export type Stream = keyof typeof streams;

/** A 64-bit Philox key as two 32-bit words, low word first. */
export type PhiloxKey = readonly [low: number, high: number];

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

/** High 32 bits of the product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const middle2 = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + (middle2 >>> 16)) >>> 0;
}

/** Ten rounds on one block: counter words `c0` (lowest) to `c3`; four words are written to `out` at `at`. */
export function philoxBlock(
  key: PhiloxKey,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  out: Uint32Array,
  at: number,
): void {
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(multiplier0, c0 >>> 0);
    const low0 = Math.imul(multiplier0, c0);
    const high1 = multiplyHigh(multiplier1, c2 >>> 0);
    const low1 = Math.imul(multiplier1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/**
 * `count` words of the stream `key` from block `(high << 64) + (use << 32)` on, as `StatelessRandomUniformFullIntV2` draws them
 * with counter `[use << 32, high]`: each use of a stream at one step has its own part.
 */
export function philoxWords(key: PhiloxKey, high: bigint | number, count: number, use = 0): Uint32Array {
  const top = BigInt.asUintN(64, BigInt(high));
  const c2 = Number(top & 0xffffffffn);
  const c3 = Number(top >> 32n);
  const out = new Uint32Array((count + 3) & ~3);
  for (let block = 0; block * 4 < count; block++) philoxBlock(key, block, use, c2, c3, out, block * 4);
  return out.subarray(0, count);
}

const asFloat = new Float32Array(1);
const asBits = new Uint32Array(asFloat.buffer);

/** A word as a float32 in [0, 1): 23 bits, as TensorFlow makes it. */
export function toUnitFloat(word: number): number {
  asBits[0] = (word & 0x7fffff) | 0x3f800000;
  return asFloat[0]! - 1;
}

/** `count` float32 numbers in [0, 1), equal to the graph's draw with counter `[use << 32, high]`. */
export function philoxUniform(key: PhiloxKey, high: bigint | number, count: number, use = 0): Float32Array {
  const words = philoxWords(key, high, count, use);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = toUnitFloat(words[i]!);
  return out;
}

/**
 * The key of the `index`-th use of a stream under a seed. A seed is a decimal integer and may exceed 2^53; it counts
 * modulo 2^64.
 */
export function streamKey(seed: string | number | bigint, stream: Stream, index = 0): PhiloxKey {
  const bits = BigInt.asUintN(64, BigInt(seed));
  const words = new Uint32Array(4);
  philoxBlock(
    [Number(bits & 0xffffffffn), Number(bits >> 32n)],
    index,
    0,
    streams[stream],
    0x646c63,
    words,
    0,
  );
  return [words[0]!, words[1]!];
}

export function keyToBigInt(key: PhiloxKey): bigint {
  return (BigInt(key[1] >>> 0) << 32n) | BigInt(key[0] >>> 0);
}

/** A sequential reader of one stream, for simulators and shuffles. `uniform()` has 53 random bits. */
export interface RandomSource {
  uniform(): number;
  /** Standard normal, by Box and Muller. */
  normal(): number;
  /** An integer in [0, n). */
  below(n: number): number;
}

/** Reads the stream `key` from counter `[0, high]` on. Give each item its own `high`, and items can be made in any order. */
export function randomSource(key: PhiloxKey, high: bigint | number = 0): RandomSource {
  const top = BigInt.asUintN(64, BigInt(high));
  const c2 = Number(top & 0xffffffffn);
  const c3 = Number(top >> 32n);
  const buffer = new Uint32Array(4);
  let block = 0;
  let left = 0;
  let spare: number | undefined;
  const word = (): number => {
    if (left === 0) {
      philoxBlock(key, block++, 0, c2, c3, buffer, 0);
      left = 4;
    }
    return buffer[4 - left--]!;
  };
  const uniform = (): number => {
    const a = word() >>> 5;
    const b = word() >>> 6;
    return (a * 67108864 + b) / 9007199254740992;
  };
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    below: (n) => Math.floor(uniform() * n),
  };
}

/** 0 .. n-1 in an order drawn from the stream (Fisher and Yates). */
export function permutation(n: number, key: PhiloxKey, high: bigint | number = 0): Int32Array {
  const source = randomSource(key, high);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = source.below(i + 1);
    const swap = order[i]!;
    order[i] = order[j]!;
    order[j] = swap;
  }
  return order;
}

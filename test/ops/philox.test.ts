import { describe, expect, test } from "vitest";
import { permutation, philoxBlock, philoxUniform, randomSource, streamKey } from "../../src/ops/philox.ts";

/** Known answers of the Random123 distribution, `kat_vectors`, philox4x32 with 10 rounds. */
const knownAnswers = [
  { counter: [0, 0, 0, 0], key: [0, 0], out: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    out: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    out: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const;

describe("Philox4x32-10", () => {
  test.each(knownAnswers)("known answer for counter $counter", ({ counter, key, out }) => {
    const words = new Uint32Array(4);
    philoxBlock([key[0], key[1]], counter[0], counter[1], counter[2], counter[3], words, 0);
    expect([...words]).toEqual([...out]);
  });

  test("any length is a prefix of a longer draw", () => {
    const key = streamKey("7", "augment");
    const long = philoxUniform(key, 3, 101);
    for (const n of [1, 2, 3, 4, 5, 100])
      expect([...philoxUniform(key, 3, n)]).toEqual([...long.subarray(0, n)]);
  });

  test("streams, indices, counters and seeds differ", () => {
    const draws = [
      philoxUniform(streamKey(1, "init"), 0, 4),
      philoxUniform(streamKey(1, "order"), 0, 4),
      philoxUniform(streamKey(1, "init", 1), 0, 4),
      philoxUniform(streamKey(1, "init"), 1, 4),
      philoxUniform(streamKey(2, "init"), 0, 4),
      philoxUniform(streamKey("18446744073709551615", "init"), 0, 4),
    ].map((values) => values.join());
    expect(new Set(draws).size).toBe(draws.length);
  });

  test("moments of uniform and normal", () => {
    const source = randomSource(streamKey(5, "simulate"));
    const n = 40_000;
    let uniform = 0;
    let normal = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      uniform += source.uniform();
      const value = source.normal();
      normal += value;
      square += value * value;
    }
    // Five standard errors.
    expect(Math.abs(uniform / n - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(normal / n)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(square / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });

  test("a permutation holds every number once and every place is likely", () => {
    const counts = new Float64Array(5);
    for (let i = 0; i < 5000; i++) {
      const order = permutation(5, streamKey(3, "order"), i);
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
      counts[order.indexOf(0)]! += 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

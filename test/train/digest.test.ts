import { expect, test } from "vitest";
import { merkleRoot, modelDigest, tensorDigest } from "../../src/train/digest.ts";

// Golden values: reference/experiments.md, 5.3.
test("a tensor's digest", () => {
  const data = new Float32Array(Uint32Array.of(0x3f800000, 0x80000000, 0x3f000000, 0x7fc00000).buffer);
  expect(tensorDigest("dense/kernel", { dtype: "f32", shape: [2, 2], data })).toBe(
    "807e472cddd799ff06f0e6c244ecc67c16c1bd0c045cab4fc12aef76c2e1379f",
  );
});

test("a Merkle root, whatever the order of the leaves", () => {
  const root = "611e863af671dfb7e607cf174a9ee99d04caf119a83c3884c7dbda512a5d116a";
  expect(merkleRoot(["a 1", "b 2", "c 3"])).toBe(root);
  expect(merkleRoot(["c 3", "a 1", "b 2"])).toBe(root);
});

test("one changed bit changes a model's digest", () => {
  const model = (value: number) =>
    modelDigest({
      a: { dtype: "f32", shape: [1], data: Float32Array.of(value) },
      b: { dtype: "i32", shape: [], data: Int32Array.of(3) },
    });
  expect(model(0)).toBe(model(0));
  expect(model(0)).not.toBe(model(-0));
});

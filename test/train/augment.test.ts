/** Fields named together: an image and the labels of its pixels go the same way. */
import { describe, expect, test } from "vitest";
import { keyToBigInt, streamKey } from "../../src/ops/philox.ts";
import type { Json } from "../../src/ops/signature.ts";
import { applySections } from "../../src/train/augment.ts";
import { drawsOf } from "../../src/train/random.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { evaluateGraph, f32, i32 } from "../ops/evaluate-graph.ts";
import { call } from "./networks.ts";

const engine = await tensorflowForTests();
const count = 6;
const side = 8;
/** A label of its own for each pixel, so that a copy tells where it comes from. */
const numbers = Array.from({ length: count * side * side }, (_, i) => i % (side * side));

async function augmented(op: string, given: Readonly<Record<string, Json>>) {
  const words = (...each: bigint[]) => ({
    dtype: "u64" as const,
    shape: [each.length],
    data: BigUint64Array.from(each),
  });
  const inputs = {
    image: f32([count, side, side, 1], numbers),
    labels: i32([count, side, side], numbers),
    key: words(keyToBigInt(streamKey("3", "augment"))),
    counter: words(0n, 5n),
  };
  const section = { fields: ["image", "labels"], steps: [call("augment", op, given)] };
  const { image, labels } = await evaluateGraph(engine!, inputs, (b, { image, labels, counter }) => {
    const { uniform } = drawsOf(b, "key", counter!);
    return applySections(b, [section], new Set(["labels"]), { image: image!, labels: labels! }, uniform);
  });
  return { image: image!, labels: labels! };
}

describe.skipIf(!engine)("an image and the labels of its pixels", () => {
  test.each([
    ["flip", { horizontal: 0.5, vertical: 0.5 }],
    ["rotate90", {}],
    ["shift", { distance: { from: -3, to: 3 }, fill: "reflect" }],
    ["random_crop", { size: 5, padding: 0 }],
    ["random_crop", { size: 8, padding: 2 }],
    ["centre_crop", { size: [4, 6] }],
  ] as const)("stay together under %s %o", async (op, given) => {
    const { image, labels } = await augmented(op, given);
    expect(labels.dtype).toBe("i32");
    expect(labels.shape).toEqual(image.shape.slice(0, 3));
    expect([...(labels.data as Int32Array)]).toEqual([...(image.data as Float32Array)]);
    if (op !== "centre_crop") expect([...(labels.data as Int32Array)]).not.toEqual(numbers);
  });

  test.each([
    ["rotate", { angle: { from: 10, to: 80 }, fill: "nearest" }],
    ["zoom", { factor: { from: 0.7, to: 1.4 }, fill: "nearest" }],
  ] as const)("are turned alike by %s, labels without mixtures", async (op, given) => {
    const { image, labels } = await augmented(op, given);
    expect(labels.shape).toEqual([count, side, side]);
    // Bilinear numbers are those of the place itself; the nearest pixel is half a pixel off at most, each way.
    for (const [i, seen] of (image.data as Float32Array).entries()) {
      const label = (labels.data as Int32Array)[i]!;
      expect(Math.abs(label - seen)).toBeLessThanOrEqual(side / 2 + 0.5 + 1e-3);
    }
  });
});

import { describe, expect, test } from "vitest";
import type { FieldType } from "../../src/ops/field.ts";
import type { Value } from "../../src/ops/node.ts";
import { keyToBigInt, philoxUniform, streamKey } from "../../src/ops/philox.ts";
import { operatorNames, operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import { drawsOf } from "../../src/train/random.ts";
import type { Tensor } from "../../src/types/tensor.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { call } from "../train/networks.ts";
import { evaluateGraph, f32 } from "./evaluate-graph.ts";

const engine = await tensorflowForTests();
type Given = Readonly<Record<string, Json>>;

const key = streamKey("7", "augment");
const step = 3;

/** The batch after a step of `augment`, with the draws of step 3 under a key. */
async function augment(op: string, given: Given, batch: Tensor): Promise<Tensor> {
  const u64 = (...words: bigint[]): Tensor => ({
    dtype: "u64",
    shape: [words.length],
    data: BigUint64Array.from(words),
  });
  const { parameters } = call("augment", op, given);
  const { out } = await evaluateGraph(
    engine!,
    { batch, augmentKey: u64(keyToBigInt(key)), counter: u64(0n, BigInt(step)) },
    (b, inputs) => {
      const operator = operatorOf("augment", op);
      const { uniform } = drawsOf(b, "augmentKey", inputs.counter!);
      const draws = operator.draw({ builder: b, uniform }, batch.shape[0]!, parameters);
      const own = operator.drawEach?.({ builder: b, uniform }, batch.shape, parameters) ?? [];
      return { out: operator.lower(b, inputs.batch!, [...draws, ...own], parameters, "BILINEAR") };
    },
  );
  return out!;
}

const count = 8;
const side = 5;
/** Every pixel has a number of its own. */
const numbered = f32(
  [count, side, side, 1],
  Array.from({ length: count * side * side }, (_, i) => i + 1),
);
const pixel = (batch: Tensor, n: number, y: number, x: number): number => {
  const [, height, width] = batch.shape as [number, number, number];
  return batch.data[(n * height + y) * width + x] as number;
};
const draws = (use: number) => philoxUniform(key, step, count, use);

/** What each output pixel should be. */
function expectPixels(
  out: Tensor,
  size: readonly [number, number],
  source: (n: number, y: number, x: number) => number,
): void {
  expect(out.shape).toEqual([count, ...size, 1]);
  for (let n = 0; n < count; n++)
    for (let y = 0; y < size[0]; y++)
      for (let x = 0; x < size[1]; x++) expect(pixel(out, n, y, x)).toBeCloseTo(source(n, y, x), 3);
}

describe.skipIf(!engine)("augmentation", () => {
  test("rotate turns counter-clockwise: after 90 degrees the right edge is on top", async () => {
    const out = await augment("rotate", { angle: { from: 90, to: 90 } }, numbered);
    expectPixels(out, [side, side], (n, y, x) => pixel(numbered, n, x, side - 1 - y));
  });

  test("rotate draws an angle for each image and interpolates bilinearly", async () => {
    const out = await augment("rotate", { angle: { from: 0, to: 360 }, fill: "zero" }, numbered);
    const corner = (n: number) => pixel(out, n, 0, 0) - pixel(numbered, n, 0, 0);
    expect(new Set(Array.from({ length: count }, (_, n) => corner(n).toFixed(2))).size).toBeGreaterThan(
      count / 2,
    );
    const angles = [...draws(0)].map((u) => u * 2 * Math.PI);
    const middle = 2;
    // One pixel right of the centre is read at (cos, sin), by bilinear interpolation of a plane: exact.
    for (const [n, angle] of angles.entries()) {
      const centre = pixel(numbered, n, middle, middle);
      expect(pixel(out, n, middle, middle)).toBeCloseTo(centre, 3);
      expect(pixel(out, n, middle, middle + 1)).toBeCloseTo(
        centre + Math.cos(angle) + side * Math.sin(angle),
        3,
      );
    }
  });

  test("flip mirrors those images whose draw is below the probability", async () => {
    const out = await augment("flip", { horizontal: 0.5, vertical: 0.25 }, numbered);
    const [h, v] = [draws(0), draws(1)];
    expect(h.some((u) => u < 0.5) && h.some((u) => u >= 0.5)).toBe(true);
    expectPixels(out, [side, side], (n, y, x) =>
      pixel(numbered, n, v[n]! < 0.25 ? side - 1 - y : y, h[n]! < 0.5 ? side - 1 - x : x),
    );
  });

  test("shift moves right and down by whole pixels, both ends of the range included", async () => {
    const out = await augment("shift", { distance: { from: -2, to: 2 }, fill: "zero" }, numbered);
    const by = (u: Float32Array) => Array.from(u, (value) => Math.floor(5 * value) - 2);
    const [right, down] = [by(draws(0)), by(draws(1))];
    const inside = (at: number) => at >= 0 && at < side;
    expectPixels(out, [side, side], (n, y, x) => {
      const [fromY, fromX] = [y - down[n]!, x - right[n]!];
      return inside(fromY) && inside(fromX) ? pixel(numbered, n, fromY, fromX) : 0;
    });
    const edge = await augment("shift", { distance: { from: 2, to: 2 }, fill: "nearest" }, numbered);
    expectPixels(edge, [side, side], (n, y, x) => pixel(numbered, n, Math.max(0, y - 2), Math.max(0, x - 2)));
  });

  test("random_crop copies a part exactly; with padding the border is zero", async () => {
    const out = await augment("random_crop", { size: [3, 4] }, numbered);
    const [u, v] = [draws(0), draws(1)];
    expectPixels(out, [3, 4], (n, y, x) =>
      pixel(numbered, n, y + Math.floor(3 * v[n]!), x + Math.floor(2 * u[n]!)),
    );
    const padded = await augment("random_crop", { size: 5, padding: 1 }, numbered);
    expectPixels(padded, [5, 5], (n, y, x) => {
      const [fromY, fromX] = [y + Math.floor(3 * v[n]!) - 1, x + Math.floor(3 * u[n]!) - 1];
      const inside = fromY >= 0 && fromX >= 0 && fromY < side && fromX < side;
      return inside ? pixel(numbered, n, fromY, fromX) : 0;
    });
  });

  test("centre_crop takes the middle", async () => {
    const out = await augment("centre_crop", { size: 3 }, numbered);
    expectPixels(out, [3, 3], (n, y, x) => pixel(numbered, n, y + 1, x + 1));
  });
});

describe.skipIf(!engine)("augmentation of sequences and values", () => {
  const length = 6;
  const sequence = f32(
    [count, length, 2],
    Array.from({ length: count * length * 2 }, (_, i) => i + 1),
  );
  const at = (batch: Tensor, n: number, l: number, c: number) =>
    batch.data[(n * length + l) * 2 + c] as number;

  test("rotate90 turns by quarters, exactly", async () => {
    const out = await augment("rotate90", {}, numbered);
    const quarters = [...draws(0)].map((u) => Math.floor(u * 4));
    expect(new Set(quarters).size).toBeGreaterThan(2);
    const last = side - 1;
    expectPixels(out, [side, side], (n, y, x) => {
      const places = [
        [y, x],
        [x, last - y],
        [last - y, last - x],
        [last - x, y],
      ] as const;
      return pixel(numbered, n, ...places[quarters[n]!]!);
    });
  });

  test("zoom by 2 reads half as far from the centre", async () => {
    const out = await augment("zoom", { factor: { from: 2, to: 2 } }, numbered);
    // A plane is interpolated exactly.
    expectPixels(
      out,
      [side, side],
      (n, y, x) => 1 + n * side * side + (2 + (y - 2) / 2) * side + (2 + (x - 2) / 2),
    );
  });

  test("reverse turns those sequences whose draw is below the probability", async () => {
    const out = await augment("reverse", { probability: 0.5 }, sequence);
    const turned = [...draws(0)].map((u) => u < 0.5);
    expect(new Set(turned).size).toBe(2);
    for (let n = 0; n < count; n++)
      for (let l = 0; l < length; l++)
        for (let c = 0; c < 2; c++)
          expect(at(out, n, l, c)).toBe(at(sequence, n, turned[n] ? length - 1 - l : l, c));
  });

  test("roll moves around the end", async () => {
    const out = await augment("roll", { distance: { from: -2, to: 2 } }, sequence);
    const places = [...draws(0)].map((u) => Math.floor(u * 5) - 2);
    for (let n = 0; n < count; n++)
      for (let l = 0; l < length; l++)
        expect(at(out, n, l, 1)).toBe(at(sequence, n, (l - places[n]! + length) % length, 1));
  });

  test("noise has its deviation, mask its share, multiply its factor", async () => {
    const zeros = f32([count, 500], new Float32Array(count * 500));
    const noisy = (await augment("noise", { deviation: 0.3 }, zeros)).data as Float32Array;
    const mean = noisy.reduce((sum, x) => sum + x, 0) / noisy.length;
    const variance = noisy.reduce((sum, x) => sum + (x - mean) ** 2, 0) / noisy.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.sqrt(variance)).toBeCloseTo(0.3, 1);
    const ones = f32([count, 500], new Float32Array(count * 500).fill(1));
    const masked = (await augment("mask", { probability: 0.2 }, ones)).data as Float32Array;
    const u = philoxUniform(key, step, count * 500, 0);
    expect([...masked]).toEqual([...u].map((value) => Number(value >= Math.fround(0.2))));
    const brighter = await augment("multiply", { factor: { from: 0.5, to: 1.5 } }, sequence);
    for (const [n, value] of draws(0).entries())
      expect(at(brighter, n, 3, 1)).toBeCloseTo(at(sequence, n, 3, 1) * (0.5 + value), 3);
  });
});

test("types: a crop changes the size, and what does not fit is said in words", () => {
  const infer = (
    op: string,
    given: Given,
    shape: readonly (number | string)[],
    dtype: "f32" | "u8" = "f32",
  ) => {
    const type: FieldType = { kind: "tensor", dtype, shape };
    const inferred = operatorOf("augment", op).infer(type, call("augment", op, given).parameters);
    return "problem" in inferred ? `${inferred.problem}\n${inferred.hint ?? ""}` : JSON.stringify(inferred);
  };
  expect([...operatorNames("augment")].sort()).toEqual(
    [
      ...["rotate", "rotate90", "flip", "shift", "zoom", "random_crop", "centre_crop"],
      ...["reverse", "roll", "noise", "mask", "multiply"],
    ].sort(),
  );
  expect(
    [
      infer("random_crop", { size: 44 }, [48, 48, 5]),
      infer("random_crop", { size: 50 }, [48, 48, 5]),
      infer("centre_crop", { size: [40, 44] }, [48, 48, 5]),
      infer("rotate", {}, [64, 64, 3], "u8"),
      infer("rotate", {}, ["H", "W", 3]),
      infer("rotate", {}, [784]),
      infer("flip", {}, [64, 64, 3]),
      infer("shift", { distance: { from: -0.5, to: 0.5 } }, [64, 64, 3]),
    ].join("\n"),
  ).toMatchInlineSnapshot(`
    "{"kind":"tensor","dtype":"f32","shape":[44,44,5]}
    \`random_crop\` cannot take 50 x 50 pixels out of 48 x 48
    take a smaller part, or give \`padding\`
    {"kind":"tensor","dtype":"f32","shape":[40,44,5]}
    \`rotate\` needs f32 images, not u8[64, 64, 3]
    make numbers of them in \`prepare\`: \`scale(0 .. 1)\`
    \`rotate\` needs images of one size, not f32[H, W, 3]
    bring them to one size in \`prepare\`: \`resize(64 px)\` or \`centre_crop(64 px)\`
    \`rotate\` needs images f32[H, W, C], not f32[784]

    this \`flip\` never flips
    say how often: \`flip(horizontal: 50%)\`
    \`shift\` moves by whole pixels
    give a range of whole numbers: \`-4 .. 4 px\`"
  `);
});

describe.skipIf(!engine)("dropout", () => {
  const u64 = (...words: bigint[]): Tensor => ({
    dtype: "u64",
    shape: [words.length],
    data: BigUint64Array.from(words),
  });

  test("per channel: all positions of a sample's channel share one draw", async () => {
    const x = f32([4, 5, 5], new Float32Array(100).fill(1));
    const { parameters } = call("layer", "dropout", { rate: 0.4, per: "channel" });
    const feeds = { x, dropoutKey: u64(keyToBigInt(key)), counter: u64(0n, BigInt(step)) };
    const { out } = await evaluateGraph(engine!, feeds, (b, inputs) => {
      const { uniform } = drawsOf(b, "dropoutKey", inputs.counter!);
      const context = {
        builder: b,
        output: inputs.x!.type.shape,
        training: true,
        uniform,
        weight: (): Value => inputs.x!,
        update: () => {},
      };
      return { out: operatorOf("layer", "dropout").lower(context, [inputs.x!], parameters) };
    });
    const draws = philoxUniform(key, step, 20, 0);
    for (let n = 0; n < 4; n++)
      for (let l = 0; l < 5; l++)
        for (let c = 0; c < 5; c++)
          expect(out!.data[(n * 5 + l) * 5 + c]).toBeCloseTo(draws[n * 5 + c]! >= 0.4 ? 1 / 0.6 : 0, 5);
  });

  test("drops what its draw puts below the rate and scales the rest, as Philox in TypeScript says", async () => {
    const x = f32(
      [4, 25],
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    const { parameters } = call("layer", "dropout", { rate: 0.4 });
    const feeds = { x, dropoutKey: u64(keyToBigInt(key)), counter: u64(0n, BigInt(step)) };
    const { first, second } = await evaluateGraph(engine!, feeds, (b, inputs) => {
      const { uniform } = drawsOf(b, "dropoutKey", inputs.counter!);
      const lower = (value: Value) =>
        operatorOf("layer", "dropout").lower(
          {
            builder: b,
            output: value.type.shape,
            training: true,
            uniform,
            weight: () => value,
            update: () => {},
          },
          [value],
          parameters,
        );
      return { first: lower(inputs.x!), second: lower(inputs.x!) };
    });
    for (const [use, out] of [first!, second!].entries()) {
      const mask = philoxUniform(key, step, 100, use);
      for (let i = 0; i < 100; i++) expect(out.data[i]).toBeCloseTo(mask[i]! >= 0.4 ? (i + 1) / 0.6 : 0, 4);
    }
    expect(first!.data).not.toEqual(second!.data);
  });
});

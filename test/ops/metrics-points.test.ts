/** Metrics at operating points, of images and of errors, against scikit-learn 1.x and scikit-image 0.2x where they have them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Predicted } from "../../src/ops/metric.ts";
import { operatorOf } from "../../src/ops/registry.ts";
import type { Parameters } from "../../src/ops/signature.ts";
import { call } from "../train/networks.ts";

const measure = (name: string, predicted: Predicted, given: Parameters = {}) =>
  operatorOf("metric", name).measure(predicted, call("metric", name, given).parameters);

/** Two classes by one logit, that of the second. */
function pair(probabilities: readonly number[], truth: readonly number[]): Predicted {
  return {
    count: truth.length,
    outputs: Float32Array.from(probabilities, (p) => Math.log(p / (1 - p))),
    outputShape: [],
    targets: Int32Array.from(truth),
    target: { kind: "class", count: 2 },
    classes: ["galaxy", "star"],
    losses: new Float32Array(truth.length),
  };
}

function numbers(
  outputs: readonly number[],
  targets: readonly number[],
  shape: readonly number[] = [],
): Predicted {
  const count = outputs.length / shape.reduce((a, b) => a * b, 1);
  return {
    count,
    outputs: Float32Array.from(outputs),
    outputShape: shape,
    targets: Float32Array.from(targets),
    target: { kind: "tensor", dtype: "f32", shape },
    classes: null,
    losses: new Float32Array(count),
  };
}

const truth = [0, 1, 1, 0, 1, 0, 1, 1, 0, 0];
const ten = pair([0.1, 0.8, 0.35, 0.4, 0.9, 0.55, 0.6, 0.7, 0.65, 0.2], truth);

describe("operating points", () => {
  test("average_precision: scikit-learn's page, and 0.885 by its average_precision_score", () => {
    const page = pair([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]);
    expect(measure("average_precision", page)).toBeCloseTo(5 / 6, 12);
    expect(measure("average_precision", ten)).toBeCloseTo(0.885, 12);
    expect(measure("average_precision", pair([0.2, 0.3], [0, 0]))).toBeNaN();
  });

  // scikit-learn's precision_recall_curve: purity 1 up to completeness 0.6, then 0.8 at 0.8, 0.625 at 1.
  test("completeness at a purity, purity at a completeness", () => {
    expect(measure("completeness", ten, { purity: 1 })).toBeCloseTo(0.6, 12);
    expect(measure("completeness", ten, { purity: 0.8 })).toBeCloseTo(0.8, 12);
    expect(measure("completeness", ten, { purity: 0.6 })).toBe(1);
    expect(measure("purity", ten, { completeness: 0.8 })).toBeCloseTo(0.8, 12);
    expect(measure("purity", ten, { completeness: 0.81 })).toBeCloseTo(0.625, 12);
    expect(measure("completeness", pair([0.9, 0.1], [0, 1]), { purity: 0.9 })).toBe(0);
  });

  // scikit-learn's roc_curve: completeness 0.6 at rate 0, 0.8 at 0.2, 1 at 0.6.
  test("rates of errors at an operating point", () => {
    expect(measure("false_negative_rate", ten, { false_positive_rate: 0.1 })).toBeCloseTo(0.4, 12);
    expect(measure("false_negative_rate", ten, { false_positive_rate: 0.2 })).toBeCloseTo(0.2, 12);
    expect(measure("false_positive_rate", ten, { completeness: 1 })).toBeCloseTo(0.6, 12);
  });

  test("without an operating point they are recall and precision of the decision", () => {
    for (const of of ["galaxy", "star"]) {
      expect(measure("completeness", ten, { of })).toBe(measure("recall", ten, { of }));
      expect(measure("purity", ten, { of })).toBe(measure("precision", ten, { of }));
      expect(measure("false_negative_rate", ten, { of })).toBeCloseTo(1 - measure("recall", ten, { of }), 12);
    }
  });

  test("a threshold that asks for more gives no more of the other", () => {
    const rows = fc.array(fc.tuple(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.boolean()), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        rows,
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.double({ min: 0.5, max: 1, noNaN: true }),
        (drawn, low, high) => {
          const predicted = pair(
            drawn.map(([p]) => p),
            drawn.map(([, yes]) => Number(yes)),
          );
          if (!drawn.some(([, yes]) => yes)) return;
          const at = (purity: number) => measure("completeness", predicted, { purity });
          expect(at(low)).toBeGreaterThanOrEqual(at(high));
          const found = measure("purity", predicted, { completeness: at(high) });
          if (at(high) > 0) expect(found).toBeGreaterThanOrEqual(high - 1e-9);
        },
      ),
    );
  });
});

describe("probabilities of one class", () => {
  test("windowed_calibration by hand: windows of two in the order of p", () => {
    const four = pair([0.2, 0.4, 0.6, 0.9], [0, 1, 0, 1]);
    // |0.6 - 1| / 2, |1.0 - 1| / 2, |1.5 - 1| / 2
    expect(measure("windowed_calibration", four, { window: 2 })).toBeCloseTo((0.2 + 0 + 0.25) / 3, 6);
    expect(measure("windowed_calibration", four)).toBeCloseTo(0.1 / 4, 6);
  });

  test("count_error: the sum of probabilities is 2.1, there are 2", () => {
    expect(measure("count_error", pair([0.2, 0.4, 0.6, 0.9], [0, 1, 0, 1]))).toBeCloseTo(0.05, 6);
  });
});

describe("decisions", () => {
  const logits = (rows: readonly (readonly number[])[], classes: readonly number[]): Predicted => ({
    ...pair([], []),
    count: classes.length,
    outputs: Float32Array.from(rows.flat()),
    outputShape: [rows[0]!.length],
    targets: Int32Array.from(classes),
    target: { kind: "class", count: rows[0]!.length },
    classes: null,
  });
  const chosen = (decided: readonly number[], count: number) =>
    decided.map((k) => Array.from({ length: count }, (_, j) => Number(j === k)));

  test("matthews: scikit-learn's page (-1/3), and three classes by its matthews_corrcoef", () => {
    expect(measure("matthews", logits(chosen([1, 0, 1, 1], 2), [1, 1, 1, 0]))).toBeCloseTo(-1 / 3, 12);
    const three = logits(chosen([0, 0, 1, 1, 1, 2, 0, 2], 3), [0, 0, 0, 1, 1, 2, 2, 2]);
    expect(measure("matthews", three)).toBeCloseTo(0.6428571428571429, 12);
    expect(measure("matthews", logits(chosen([0, 0], 2), [0, 1]))).toBe(0);
  });

  test("top_k: the example of scikit-learn's page top_k_accuracy_score", () => {
    const rows = [
      [0.5, 0.2, 0.2],
      [0.3, 0.4, 0.2],
      [0.2, 0.4, 0.3],
      [0.7, 0.2, 0.1],
    ];
    expect(measure("top_k", logits(rows, [0, 1, 2, 2]), { k: 2 })).toBe(0.75);
    expect(measure("top_k", logits(rows, [0, 1, 2, 2]), { k: 1 })).toBe(
      measure("accuracy", logits(rows, [0, 1, 2, 2])),
    );
  });
});

describe("images", () => {
  const height = 16;
  const width = 14;
  const pixels = (value: (i: number, j: number) => number) =>
    Array.from({ length: height * width }, (_, p) => value(Math.floor(p / width), p % width));
  const one = pixels((i, j) => ((i * 7 + j * 3) % 11) / 11);
  const other = pixels((i, j) => ((i * 7 + j * 3) % 11) / 11 + ((i * 5 + j * j) % 7) / 20);

  test("psnr and ssim by skimage.metrics (gaussian_weights, sigma 1.5, population covariance)", () => {
    const images = numbers(other, one, [height, width]);
    expect(measure("psnr", images)).toBeCloseTo(14.986839360706742, 5);
    expect(measure("ssim", images)).toBeCloseTo(0.90808392913992, 6);
  });

  test("equal images, the range, channels, several examples", () => {
    expect(measure("ssim", numbers(one, one, [height, width]))).toBeCloseTo(1, 6);
    expect(measure("psnr", numbers(one, one, [height, width]))).toBe(Number.POSITIVE_INFINITY);
    const twice = (values: readonly number[]) => values.map((v) => 2 * v);
    const scaled = numbers(twice(other), twice(one), [height, width]);
    expect(measure("psnr", scaled, { range: 2 })).toBeCloseTo(14.986839360706742, 5);
    expect(measure("ssim", scaled, { range: 2 })).toBeCloseTo(0.90808392913992, 6);
    const channels = numbers(
      other.flatMap((v) => [v, v]),
      one.flatMap((v) => [v, v]),
      [height, width, 2],
    );
    expect(measure("ssim", channels)).toBeCloseTo(0.90808392913992, 6);
    const two = numbers([...other, ...other], [...one, ...one], [height, width]);
    expect(measure("psnr", two)).toBeCloseTo(14.986839360706742, 5);
  });

  test("says what does not fit", () => {
    const check = (name: string, shape: readonly number[]) =>
      operatorOf("metric", name).check(
        { dtype: "f32", shape: ["N", ...shape] },
        { kind: "tensor", dtype: "f32", shape },
        {},
      )?.problem;
    expect(check("psnr", [8, 8, 3])).toBeUndefined();
    expect(check("ssim", [16, 16, 3])).toBeUndefined();
    expect(check("ssim", [8, 16])).toMatchInlineSnapshot(
      `"ssim looks through windows of 11 x 11 pixels, and the images are 8 x 16"`,
    );
    expect(check("ssim", [5])).toMatchInlineSnapshot(
      `"ssim compares images, f32[H, W] or f32[H, W, C], and these are [5]"`,
    );
  });
});

test("errors of numbers, by hand", () => {
  // Errors -0.5, 0.5, 0, 1: mean 0.25, median 0.25, deviations 0.75, 0.25, 0.25, 0.75.
  const one = numbers([2.5, 0, 2, 8], [3, -0.5, 2, 7]);
  expect(measure("mse", one)).toBeCloseTo(0.375, 12);
  // scikit-learn's page median_absolute_error
  expect(measure("median_absolute_error", one)).toBe(0.5);
  expect(measure("bias", one)).toBeCloseTo(0.25, 12);
  expect(measure("scatter", one)).toBeCloseTo(Math.sqrt(0.3125), 12);
  expect(measure("nmad", one)).toBeCloseTo(1.4826 * 0.5, 12);
  const two = numbers([1, 0, 3, 0], [0, 0, 0, 0], [2]);
  expect(measure("bias", two)).toBe(1);
});

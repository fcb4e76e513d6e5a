import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldType } from "../../src/ops/field.ts";
import type { Predicted } from "../../src/ops/metric.ts";
import { reliability } from "../../src/ops/metrics/probability.ts";
import { operatorOf } from "../../src/ops/registry.ts";
import type { Parameters } from "../../src/ops/signature.ts";

function ofClasses(rows: readonly (readonly number[])[], truth: readonly number[], count = rows[0]!.length) {
  return {
    count: truth.length,
    outputs: Float32Array.from(rows.flat()),
    outputShape: [rows[0]!.length],
    targets: Int32Array.from(truth),
    target: { kind: "class", count },
    classes: ["star", "spiral", "elliptical", "irregular"].slice(0, count),
    losses: new Float32Array(truth.length),
  } satisfies Predicted;
}

const oneHot = (chosen: readonly number[], count: number) =>
  chosen.map((k) => Array.from({ length: count }, (_, j) => (j === k ? 3 : 0)));

const fromProbabilities = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map(Math.log));

function ofNumbers(outputs: readonly number[], targets: readonly number[], shape: readonly number[] = []) {
  const size = shape.reduce((a, b) => a * b, 1);
  return {
    count: outputs.length / size,
    outputs: Float32Array.from(outputs),
    outputShape: shape,
    targets: Float32Array.from(targets),
    target: { kind: "tensor", dtype: "f32", shape },
    classes: null,
    losses: new Float32Array(outputs.length / size),
  } satisfies Predicted;
}

const measure = (name: string, predicted: Predicted, parameters: Parameters = {}) =>
  operatorOf("metric", name).measure(predicted, parameters);

test("of outputs that are NaN nothing is measured", () => {
  const nan = Number.NaN;
  const classes = ofClasses(
    [
      [nan, nan],
      [0, 1],
    ],
    [0, 1],
  );
  for (const name of ["accuracy", "macro_f1", "auc", "average_precision", "log_loss", "calibration"])
    expect(measure(name, classes)).toBeNaN();
  for (const name of ["mse", "median_absolute_error", "nmad", "r2"])
    expect(measure(name, ofNumbers([nan, 1, 2], [0, 1, 2]))).toBeNaN();
});

describe("decisions", () => {
  // Confusion matrix (truth by row): 2 1 0 / 0 2 0 / 1 0 2.
  const three = ofClasses(oneHot([0, 0, 1, 1, 1, 2, 0, 2], 3), [0, 0, 0, 1, 1, 2, 2, 2]);

  test("three classes, counted by hand", () => {
    expect(measure("accuracy", three)).toBe(0.75);
    expect(measure("balanced_accuracy", three)).toBeCloseTo((2 / 3 + 1 + 2 / 3) / 3, 14);
    expect(measure("macro_f1", three)).toBeCloseTo((2 / 3 + 0.8 + 0.8) / 3, 14);
    expect(measure("precision", three, { of: "spiral" })).toBeCloseTo(2 / 3, 14);
    expect(measure("recall", three, { of: "spiral" })).toBe(1);
    expect(measure("f1", three, { of: "elliptical" })).toBeCloseTo(0.8, 14);
  });

  test("examples of scikit-learn's pages balanced_accuracy_score and f1_score", () => {
    expect(measure("balanced_accuracy", ofClasses(oneHot([0, 1, 0, 0, 0, 1], 2), [0, 1, 0, 0, 1, 0]))).toBe(
      0.625,
    );
    expect(measure("macro_f1", ofClasses(oneHot([0, 2, 1, 0, 0, 1], 3), [0, 1, 2, 0, 1, 2]))).toBeCloseTo(
      0.26667,
      5,
    );
  });

  test("with two classes the second is positive; a single logit is that of the second", () => {
    const pair = ofClasses(oneHot([1, 1, 0, 0], 2), [1, 0, 0, 0]);
    const single = { ...pair, outputs: Float32Array.from([2, 0.5, -1, -3]), outputShape: [] };
    for (const predicted of [pair, single]) {
      expect(measure("precision", predicted)).toBe(0.5);
      expect(measure("recall", predicted)).toBe(1);
      expect(measure("recall", predicted, { of: "star" })).toBeCloseTo(2 / 3, 14);
    }
  });

  test("a class without examples is left out of means and has no recall", () => {
    const none = ofClasses(oneHot([0, 1, 0, 1], 3), [0, 1, 0, 0]);
    expect(measure("balanced_accuracy", none)).toBeCloseTo((2 / 3 + 1) / 2, 14);
    expect(measure("recall", none, { of: "elliptical" })).toBeNaN();
    expect(measure("precision", none, { of: "spiral" })).toBe(0.5);
  });
});

describe("probabilities", () => {
  test("examples of scikit-learn's pages roc_auc_score, log_loss and brier_score_loss", () => {
    const auc = [0.1, 0.4, 0.35, 0.8].map((p) => [1 - p, p]);
    expect(measure("auc", ofClasses(fromProbabilities(auc), [0, 0, 1, 1]))).toBe(0.75);
    const spam = [
      [0.1, 0.9],
      [0.9, 0.1],
      [0.8, 0.2],
      [0.35, 0.65],
    ];
    expect(measure("log_loss", ofClasses(fromProbabilities(spam), [1, 0, 0, 1]))).toBeCloseTo(0.21616, 5);
    const brier = [0.1, 0.9, 0.8, 0.3].map((p) => [1 - p, p]);
    expect(measure("brier", ofClasses(fromProbabilities(brier), [0, 1, 1, 0]))).toBeCloseTo(0.0375, 6);
  });

  test("three classes: the mean of each against the rest, absent classes left out; of: one of them", () => {
    const rows = [
      [0.6, 0.3, 0.1],
      [0.5, 0.2, 0.3],
      [0.55, 0.35, 0.1],
      [0.28, 0.28, 0.44],
      [0.28, 0.28, 0.44],
    ];
    const predicted = ofClasses(fromProbabilities(rows), [0, 0, 1, 1, 2]);
    // Pairs in the right order: star 5 of 6; spiral 4 and a tie of 6; elliptical 3 and a tie of 4.
    expect(measure("auc", predicted)).toBeCloseTo((5 / 6 + 4.5 / 6 + 3.5 / 4) / 3, 6);
    expect(measure("auc", predicted, { of: "star" })).toBeCloseTo(5 / 6, 14);
    const two = ofClasses(fromProbabilities(rows.slice(0, 4)), [0, 0, 1, 1]);
    expect(measure("auc", two)).toBeCloseTo(0.75, 14);
  });

  test("saturated probabilities still order", () => {
    const sure = ofClasses(
      [
        [0, 60],
        [0, 80],
        [0, 70],
      ],
      [0, 1, 1],
    );
    expect(measure("auc", sure)).toBe(1);
    expect(measure("log_loss", sure)).toBeCloseTo(20, 12);
  });

  test("calibration error by hand: bins (0.5, 0.75] and (0.75, 1]", () => {
    const rows = [0.6, 0.7, 0.9, 0.9].map((p) => [p, 1 - p]);
    const predicted = ofClasses(fromProbabilities(rows), [0, 1, 0, 0]);
    expect(measure("calibration", predicted, { bins: 4 })).toBeCloseTo(0.5 * 0.15 + 0.5 * 0.1, 6);
    expect(reliability(predicted, 4).map((bin) => bin.count)).toEqual([0, 0, 2, 2]);
  });

  test("softmax does not notice a shift of all logits, and large logits stay finite", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
          minLength: 2,
          maxLength: 20,
        }),
        fc.constantFrom(-1024, 512, 4096),
        (rows, shift) => {
          const truth = rows.map((_, i) => i % 2);
          const here = ofClasses(rows, truth);
          const there = ofClasses(
            rows.map((row) => row.map((z) => z + shift)),
            truth,
          );
          for (const name of ["log_loss", "brier", "auc", "accuracy"])
            expect(measure(name, there)).toBeCloseTo(measure(name, here), 10);
        },
      ),
    );
  });
});

describe("numbers", () => {
  test("examples of scikit-learn's pages r2_score and mean_absolute_error", () => {
    const one = ofNumbers([2.5, 0, 2, 8], [3, -0.5, 2, 7]);
    expect(measure("r2", one)).toBeCloseTo(0.94861, 5);
    expect(measure("mae", one)).toBe(0.5);
    expect(measure("rmse", one)).toBeCloseTo(Math.sqrt(0.375), 14);
    const two = ofNumbers([0, 2, -1, 2, 8, -5], [0.5, 1, -1, 1, 7, -6], [2]);
    expect(measure("r2", two)).toBeCloseTo((0.965438 + 0.908163) / 2, 5);
  });

  test("loss is the mean of the losses", () => {
    const losses = Float32Array.from([0.25, 0.5, 1.5]);
    expect(measure("loss", { ...ofNumbers([1, 2, 3], [1, 2, 3]), losses })).toBe(0.75);
  });
});

describe("what a metric is of", () => {
  const galaxy: FieldType = { kind: "class", count: 3 };
  const number: FieldType = { kind: "tensor", dtype: "f32", shape: [] };
  const check = (name: string, shape: number[], target: FieldType, parameters: Parameters = {}) => {
    const found = operatorOf("metric", name).check(
      { dtype: "f32", shape: ["N", ...shape] },
      target,
      parameters,
    );
    return found && [found.problem, found.hint].filter(Boolean).join("; ");
  };

  test("fits", () => {
    expect(check("accuracy", [3], galaxy)).toBeUndefined();
    expect(check("f1", [], { kind: "class", count: 2 })).toBeUndefined();
    expect(check("rmse", [1], number)).toBeUndefined();
  });

  test("says what does not fit", () => {
    expect(check("accuracy", [], number)).toMatchInlineSnapshot(
      `"accuracy is a metric of classes, and the target is f32; use rmse, mae or r2 for a target of numbers"`,
    );
    expect(check("accuracy", [4], galaxy)).toMatchInlineSnapshot(
      `"accuracy needs one logit for each of the 3 classes, f32[N, 3]; the output is f32[N, 4]; end the network in \`dense(3)\`"`,
    );
    expect(check("recall", [3], galaxy)).toMatchInlineSnapshot(
      `"recall is of one class, and there are 3; name it, as in \`recall(of: spiral)\`; \`macro_f1\` and \`balanced_accuracy\` are over all classes"`,
    );
    expect(check("rmse", [3], galaxy)).toMatchInlineSnapshot(
      `"rmse is a metric of numbers, and the target is class[3]; use accuracy, macro_f1 or log_loss for classes"`,
    );
    expect(operatorOf("metric", "recall").checkClasses?.(["star", "galaxy"], { of: "spiral" })).toEqual({
      problem: "there is no class `spiral`",
      hint: "the classes are `star`, `galaxy`",
    });
  });
});

/** Labels of pixels, `class[3][4, 5]`: losses and metrics pixel by pixel, and steps that move them. */
import { describe, expect, test } from "vitest";
import { openReference } from "../../src/engine/reference/open.ts";
import type { FieldType } from "../../src/ops/field.ts";
import { afterStep, asPixels } from "../../src/ops/pixel-labels.ts";
import { operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { call } from "../train/networks.ts";
import { evaluateGraph, f32, i32 } from "./evaluate-graph.ts";

const engines = { reference: openReference(), tensorflow: await tensorflowForTests() };
const labels: FieldType = { kind: "class", count: 3, shape: [2, 2] };
const logits = Array.from({ length: 2 * 4 * 3 }, (_, i) => Math.sin(3 * i));
const truth = [0, 1, 2, 1, 2, 2, 0, 1];

/** -ln p of each pixel. */
const surprises = truth.map((k, pixel) => {
  const z = logits.slice(3 * pixel, 3 * pixel + 3);
  return Math.log(z.reduce((sum, each) => sum + Math.exp(each), 0)) - z[k]!;
});
const meanOf = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;

describe.each(["reference", "tensorflow"] as const)("on %s", (name) => {
  const engine = engines[name];
  const lossOf = async (given: Readonly<Record<string, Json>>) => {
    const { parameters } = call("loss", "cross_entropy", given);
    const inputs = { output: f32([2, 2, 2, 3], logits), target: i32([2, 2, 2], truth) };
    const { losses } = await evaluateGraph(engine!, inputs, (b, { output, target }) => ({
      losses: operatorOf("loss", "cross_entropy").lower(b, output!, target!, parameters),
    }));
    return [...(losses!.data as Float32Array)];
  };
  test.skipIf(!engine)("cross_entropy of an image is the mean over its pixels", async () => {
    const expected = [meanOf(surprises.slice(0, 4)), meanOf(surprises.slice(4))];
    expect(await lossOf({})).toEqual(expected.map((each) => expect.closeTo(each, 5)));
    const weight = [1, 2, 5];
    const weighed = surprises.map((each, pixel) => each * weight[truth[pixel]!]!);
    expect(await lossOf({ weight })).toEqual(
      [meanOf(weighed.slice(0, 4)), meanOf(weighed.slice(4))].map((each) => expect.closeTo(each, 5)),
    );
  });
});

test("losses say what an output must be", () => {
  const check = (loss: string, target: FieldType, ...shape: number[]) =>
    operatorOf("loss", loss).check({ dtype: "f32", shape: ["N", ...shape] }, target, {})?.problem;
  expect(check("cross_entropy", labels, 2, 2, 3)).toBeUndefined();
  expect(check("cross_entropy", labels, 3)).toBe(
    "the output is f32[N, 3], and class[3][2, 2] needs f32[N, 2, 2, 3]: one logit for each class at each pixel",
  );
  const two: FieldType = { kind: "class", count: 2, shape: [2, 2] };
  expect(check("binary_cross_entropy", two, 2, 2, 1)).toBeUndefined();
  expect(check("binary_cross_entropy", two, 1)).toContain("cannot pair the output f32[N, 1]");
});

describe("metrics count pixels", () => {
  const predicted = asPixels({
    count: 2,
    outputs: Float32Array.from(logits),
    outputShape: [2, 2, 3],
    targets: Int32Array.from(truth),
    target: labels,
    classes: ["sky", "star", "galaxy"],
    losses: new Float32Array(2),
  });
  const chosen = truth.map((_, pixel) => {
    const z = logits.slice(3 * pixel, 3 * pixel + 3);
    return z.indexOf(Math.max(...z));
  });
  const measure = (name: string, parameters = {}) =>
    operatorOf("metric", name).measure(predicted, parameters);
  const iou = (k: number) => {
    const both = truth.filter((own, i) => own === k && chosen[i] === k).length;
    return both / truth.filter((own, i) => own === k || chosen[i] === k).length;
  };

  test("accuracy and intersection over union", () => {
    expect(predicted.count).toBe(8);
    expect(measure("accuracy")).toBe(truth.filter((own, i) => own === chosen[i]).length / 8);
    for (const [k, of] of ["sky", "star", "galaxy"].entries()) expect(measure("iou", { of })).toBe(iou(k));
    expect(measure("mean_iou")).toBeCloseTo(meanOf([0, 1, 2].map(iou)), 12);
  });
});

test("steps that move pixels move labels; others are refused", () => {
  const after = (family: "augment" | "prepare", op: string, given: Readonly<Record<string, Json>>) =>
    afterStep(operatorOf(family, op), { ...labels, shape: [8, 8] }, given);
  expect(after("augment", "flip", { horizontal: 0.5, vertical: 0 })).toEqual({ ...labels, shape: [8, 8] });
  expect(after("augment", "random_crop", { size: 6, padding: 0 })).toEqual({ ...labels, shape: [6, 6] });
  expect(after("prepare", "centre_crop", { size: [4, 6] })).toEqual({ ...labels, shape: [4, 6] });
  for (const [family, op] of [
    ["augment", "noise"],
    ["prepare", "pad"],
    ["prepare", "standardize"],
  ] as const)
    expect(after(family, op, { size: 4 })).toMatchObject({
      problem: `\`${op}\` changes what pixels hold, and labels of pixels can only be moved`,
    });
});

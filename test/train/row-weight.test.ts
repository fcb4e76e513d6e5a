/** A field with the role `weight`: its numbers multiply the losses of their rows, in training and in evaluation. */
import { describe, expect, test } from "vitest";
import type { Dataset, FieldData } from "../../src/data/dataset.ts";
import { openReference } from "../../src/engine/reference/open.ts";
import { randomSource } from "../../src/ops/philox.ts";
import type { TrialSpec } from "../../src/study/plan.ts";
import { buildTrial } from "../../src/train/build.ts";
import { trainTrial } from "../../src/train/trial.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { planText } from "../study/files.ts";
import { done } from "./small-trial.ts";

const rows = 24;

function trialOf(weight: string, lr: number, loss = "cross_entropy"): TrialSpec {
  const { plan, told } = planText(`edition 2026
data points {
  source = csv("points.csv")
  input x : f32[4] = source.x
  target label : class[2] = source.label
  ${weight}
  split = random(train: 16 / 24, valid: 4 / 24, test: 4 / 24, seed: 1)
}
model line : f32[N, D] -> f32[N, K] { dense(K) }
recipe plain { loss = ${loss}; optimizer = sgd(lr: ${lr}); batch = 16; length = 1 steps }
experiment asked { data = points; model = line; recipe = plain; report test.loss }
`);
  if (!plan) throw new Error(told);
  return plan.trials[0]!;
}

function dataset(weights: readonly number[], flipped: readonly number[] = []): Dataset {
  const source = randomSource([3, 4]);
  const number = { kind: "tensor", dtype: "f32", shape: [] } as const;
  const field = (name: string, rest: Pick<FieldData, "role" | "type" | "data" | "shape">): FieldData => ({
    name,
    digest: name,
    undo: [],
    classes: null,
    ...rest,
  });
  const x = Float32Array.from({ length: 4 * rows }, () => source.normal());
  const label = Int32Array.from({ length: rows }, (_, i) => (i % 2) ^ (flipped.includes(i) ? 1 : 0));
  const numbers = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    name: "points",
    count: rows,
    fields: {
      x: field("x", { role: "input", type: { ...number, shape: [4] }, shape: [4], data: x }),
      label: field("label", { role: "target", type: { kind: "class", count: 2 }, shape: [], data: label }),
      w: field("w", { role: "weight", type: number, shape: [], data: Float32Array.from(weights) }),
    },
    rows: { train: numbers(0, 16), valid: numbers(16, 20), test: numbers(20, 24) },
    rowDigests: { train: "", valid: "", test: "" },
  };
}

const engines = { reference: openReference(), tensorflow: await tensorflowForTests() };
const weighed = "weight w : f32 = source.w";
const ones = new Array<number>(rows).fill(1);

describe.each(["reference", "tensorflow"] as const)("on %s", (name) => {
  const engine = engines[name];
  const train = async (trial: TrialSpec, data: Dataset) => {
    const program = buildTrial(trial, data.count, { evaluateBatch: 8 });
    return done(await trainTrial({ trial, program, dataset: data, engine: engine!, threads: 1 }));
  };
  const near = (a: Awaited<ReturnType<typeof train>>, b: typeof a) => {
    for (const [weight, { data }] of Object.entries(a.weights))
      for (const [i, value] of (data as Float32Array).entries())
        expect(b.weights[weight]!.data[i]).toBeCloseTo(value, 5);
  };

  test.skipIf(!engine)("weights of 1 are none; twice the weight is twice the gradient", async () => {
    const plain = await train(trialOf("", 0.2), dataset(ones));
    near(plain, await train(trialOf(weighed, 0.2), dataset(ones)));
    const twice = await train(trialOf(weighed, 0.1), dataset(ones.map(() => 2)));
    near(plain, twice);
    expect(twice.epochs[0]!.metrics["train.loss"]).toBeCloseTo(
      2 * plain.epochs[0]!.metrics["train.loss"]!,
      4,
    );
  });

  test.skipIf(!engine)("what a row of weight 0 says does not matter, and it counts in the mean", async () => {
    const half = ones.map((_, i) => (i % 4 < 2 ? 2 : 0));
    const all = [...half.keys()].filter((i) => half[i] === 0);
    const trial = trialOf(weighed, 0.2);
    near(await train(trial, dataset(half)), await train(trial, dataset(half, all)));
    const other = await train(trial, dataset(half, [0]));
    const kept = await train(trial, dataset(half));
    expect(other.weights["dense/bias"]!.data).not.toEqual(kept.weights["dense/bias"]!.data);
  });

  test.skipIf(!engine)("losses that are evaluated are weighted too", async () => {
    const weights = ones.map((_, i) => i / 4);
    const still = { plain: trialOf("", 1e-12), weighed: trialOf(weighed, 1e-12) };
    const plain = (await train(still.plain, dataset(weights))).predictions.test!;
    const found = (await train(still.weighed, dataset(weights))).predictions.test!;
    for (const [i, row] of plain.rows.entries())
      expect(found.losses[""]![i]).toBeCloseTo(plain.losses[""]![i]! * weights[row]!, 5);
  });
});

/** Every metric of the standard library can be asked for in a study, and has the value that its formula gives by hand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { goalOf } from "../../src/study/metric.ts";
import { measure } from "../../src/train/measure.ts";
import { elementCount } from "../../src/types/tensor.ts";
import { planText } from "../study/files.ts";

/** What a network answers, and what is true. */
interface Kind {
  readonly target: string;
  readonly model: string;
  readonly recipe: string;
  /** Of an example. */
  readonly output: readonly number[];
  readonly truth: readonly number[];
}

const redshift: Kind = {
  target: "f32",
  model: "-> f32[N, 1] { flatten; dense(1) }",
  recipe: "regression",
  output: [1],
  truth: [],
};
const pairs: Kind = {
  target: "f32[2]",
  model: "-> f32[N, 2] { flatten; dense(2) }",
  recipe: "regression",
  output: [2],
  truth: [2],
};
const masks: Kind = {
  target: "f32[2, 2, 1]",
  model: "-> f32[N, H, W, C] { conv(C) }",
  recipe: "regression",
  output: [2, 2, 1],
  truth: [2, 2, 1],
};
const three: Kind = {
  target: "class[3]",
  model: "-> f32[N, K] { flatten; dense(K) }",
  recipe: "quick",
  output: [3],
  truth: [],
};
const oneLogit: Kind = {
  target: "class[2]",
  model: "-> f32[N, 1] { flatten; dense(1) }",
  recipe: "binary",
  output: [1],
  truth: [],
};

function measured(call: string, kind: Kind, outputs: readonly number[], truths: readonly number[]) {
  const { plan, told } = planText(`edition 2026
import std.metrics { ${call.split("(")[0]} }
data sky {
  source = numpy("sky.npz")
  input x : f32[2, 2, 1] = source.x
  target t : ${kind.target} = source.t
  split = random(train: 50%, test: 50%, seed: 1)
}
model net : f32[N, H, W, C] ${kind.model}
experiment ask {
  data = sky
  model = net
  recipe = std.recipes.${kind.recipe}
  repeat seed over 1 .. 6
  report test.${call}
}`);
  if (!plan) throw new Error(told);
  const spec = plan.experiments[0]!.reports[0]!.metrics[0]!;
  const isClass = kind.target.startsWith("class");
  const rows = Int32Array.from({ length: outputs.length / elementCount(kind.output) }, (_, i) => i);
  const found = {
    rows,
    outputs: { output: { shape: kind.output, data: Float32Array.from(outputs) } },
    losses: {},
  };
  const t = {
    type: isClass
      ? ({ kind: "class", count: Number(kind.target[6]) } as const)
      : ({ kind: "tensor", dtype: "f32", shape: kind.truth } as const),
    shape: kind.truth,
    data: isClass ? Int32Array.from(truths) : Float32Array.from(truths),
    classes: null,
    undo: [],
  };
  return { value: measure(plan.trials[0]!, spec, found, { t }), goal: goalOf(spec) };
}

const logit = (p: number): number => Math.log(p / (1 - p));

/** (y - t) / (1 + t): 0, 0.25, -0.5, 0.125, 0.0625. Their median is 0.0625, the distances from it 0.0625, 0.1875, 0.5625, 0.0625, 0. */
const redshifts: readonly (readonly number[])[] = [
  [1, 1.5, 0.5, 1.25, 0.0625],
  [1, 1, 2, 1, 0],
];

const probabilities = [
  [0.5, 0.3, 0.2],
  [0.25, 0.7, 0.05],
  [0.1, 0.55, 0.35],
  [0.2, 0.3, 0.5],
];
const logits = probabilities.flat().map(Math.log);
const classes = [0, 1, 2, 1];

/** For 0, 1, 1, 0, 1. */
const sole = [0.3, 0.85, 0.6, 0.9, 0.1].map(logit);
const truth = [0, 1, 1, 0, 1];

/** Found are the first three of eight pixels and the sixth; true are the second, third, fourth. */
const found = [2, 1, 3, -1, -2, 1, -1, -4];
const drawn = [0, 1, 1, 1, 0, 0, 0, 0];

type Row = readonly [
  call: string,
  kind: Kind,
  outputs: readonly number[],
  truths: readonly number[],
  value: number,
  goal: "max" | "min",
];

const rows: readonly Row[] = [
  ["photoz_nmad", redshift, redshifts[0]!, redshifts[1]!, 1.4826 * 0.0625, "min"],
  ["photoz_bias", redshift, redshifts[0]!, redshifts[1]!, 0.0625 / 5, "min"],
  ["photoz_outliers", redshift, redshifts[0]!, redshifts[1]!, 2 / 5, "min"],
  ["photoz_outliers(beyond: 0.1)", redshift, redshifts[0]!, redshifts[1]!, 3 / 5, "min"],
  ["completeness_at", three, logits, classes, 1 / 2, "max"],
  ["completeness_at(threshold: 30%)", three, logits, classes, 1, "max"],
  ["completeness_at(of: 2, threshold: 0.2)", three, logits, classes, 1, "max"],
  ["completeness_at", oneLogit, sole, truth, 2 / 3, "max"],
  ["completeness_at(threshold: 80%)", oneLogit, sole, truth, 1 / 3, "max"],
  ["completeness_at(of: 0)", oneLogit, sole, truth, 1 / 2, "max"],
  ["purity_at", three, logits, classes, 1 / 2, "max"],
  ["purity_at(threshold: 80%)", oneLogit, sole, truth, 1 / 2, "max"],
  ["purity_at(threshold: 99%)", oneLogit, sole, truth, Number.NaN, "max"],
  ["false_alarms_at", three, logits, classes, 1 / 2, "min"],
  ["false_alarms_at(threshold: 95%)", oneLogit, sole, truth, 0, "min"],
  [
    "cross_entropy_bits",
    three,
    logits,
    classes,
    -(Math.log2(0.5) + Math.log2(0.7) + Math.log2(0.35) + Math.log2(0.3)) / 4,
    "min",
  ],
  ["dice", masks, found, drawn, (2 * 2) / (4 + 3), "max"],
  ["dice(threshold: 80%)", masks, found, drawn, (2 * 1) / (2 + 3), "max"],
  ["rmse_of", pairs, [1, 10, 3, 20], [2, 10, 0, 14], Math.sqrt(5), "min"],
  ["rmse_of(index: 1)", pairs, [1, 10, 3, 20], [2, 10, 0, 14], Math.sqrt(18), "min"],
  ["r2_of(index: 1)", pairs, [1, 10, 3, 15], [2, 10, 0, 14], 1 - 0.5 / 4, "max"],
  ["relative_error", pairs, [1, 10, 3, 21], [2, 10, 4, 14], (0.5 + 0 + 0.25 + 0.5) / 4, "min"],
];

describe("std.metrics", () => {
  test.each(rows)("%s, %#", (call, kind, outputs, truths, value, goal) => {
    const got = measured(call, kind, outputs, truths);
    if (Number.isNaN(value)) expect(got.value).toBeNaN();
    else expect(got.value).toBeCloseTo(value, 6);
    expect(got.goal).toBe(goal);
  });

  test("every metric is tested here", () => {
    const text = readFileSync(join(import.meta.dirname, "../../std/metrics.dl"), "utf8");
    const tested = new Set(rows.map(([call]) => call.split("(")[0]));
    expect(
      [...text.matchAll(/^metric (\w+)/gm)].map(([, name]) => name).filter((name) => !tested.has(name)),
    ).toEqual([]);
  });
});

/** Losses of the standard library: what they pair, and their values. */
import { expect, test } from "vitest";
import { measure } from "../../src/train/measure.ts";
import { planText } from "../study/files.ts";

test("googlenet_loss: three outputs with one class each, the sides counted 0.3; their dense layers find K in the label", () => {
  const { plan, told } = planText(`edition 2026
import std.vision { googlenet_loss }
data sky {
  source = numpy("sky.npz")
  input x : f32[4] = source.x
  target kind : class[3] = source.kind
  split = random(train: 50%, test: 50%, seed: 1)
}
model net : f32[N, F] -> (output: f32[N, K], side_4a: f32[N, K], side_4d: f32[N, K]) {
  dense(K)
  out side_4a = it
  dense(K)
  out side_4d = it
  dense(K)
  out output = it
}
metric combined(a: f32[N, K], b: f32[N, K], c: f32[N, K], t: class[K]) { mean(googlenet_loss(a, b, c, t)) }
experiment ask {
  data = sky
  model = net
  recipe = std.recipes.quick with { loss = std.vision.googlenet_loss(output, side_4a, side_4d, kind) }
  repeat seed over 1 .. 6
  report test.combined(output, side_4a, side_4d, kind), test.accuracy(output, kind)
}`);
  if (!plan) throw new Error(told);
  const trial = plan.trials[0]!;
  expect(trial.networks[0]!.network.outputs.map(({ type }) => type.shape)).toEqual([
    ["N", 3],
    ["N", 3],
    ["N", 3],
  ]);
  expect(trial.recipe.objectives[0]!.loss.type.shape).toEqual(["N"]);
  const spec = plan.experiments[0]!.reports[0]!.metrics[0]!;
  const logits = (...p: number[]) => ({ shape: [3], data: Float32Array.from(p, Math.log) });
  const found = {
    rows: Int32Array.of(0, 1),
    outputs: {
      output: logits(0.5, 0.25, 0.25, 0.1, 0.2, 0.7),
      side_4a: logits(0.2, 0.4, 0.4, 0.3, 0.3, 0.4),
      side_4d: logits(0.6, 0.2, 0.2, 0.1, 0.1, 0.8),
    },
    losses: {},
  };
  const kind = {
    type: { kind: "class", count: 3 } as const,
    shape: [],
    data: Int32Array.of(0, 2),
    classes: ["a", "b", "c"],
    undo: [],
  };
  const ln = Math.log;
  const expected = -(ln(0.5) + ln(0.7) + 0.3 * (ln(0.2) + ln(0.4) + ln(0.6) + ln(0.8))) / 2;
  expect(measure(trial, spec, found, { kind })).toBeCloseTo(expected, 6);
});

/** The output of LeNet-5 of 1998: minus the squared distance of 84 values from a drawing of each digit. */
import { expect, test } from "vitest";
import { measure } from "../../src/train/measure.ts";
import { planText } from "../study/files.ts";

/** What the block makes of 84 values, one logit for each digit. */
function logitsOf(values: readonly number[]): number[] {
  const { plan, told } = planText(`edition 2026
import std.vision { digit_drawings }
metric logit(y: f32[N, 84], t: f32[N], of: int = 0) { mean(take(digit_drawings(y), index: of)) }
data digits {
  source = numpy("digits.npz")
  input x : f32[4] = source.x
  target t : f32 = source.t
  split = random(train: 50%, test: 50%, seed: 1)
}
model net : f32[N, A] -> f32[N, 84] { dense(84) }
recipe fit { loss = mean(output) * mean(t); optimizer = adam; batch = 8; length = 1 epoch }
experiment ask {
  data = digits
  model = net
  recipe = fit
  report ${Array.from({ length: 10 }, (_, of) => `test.logit(of: ${of})`).join(", ")}
}`);
  if (!plan) throw new Error(told);
  const found = {
    rows: Int32Array.of(0),
    outputs: { output: { shape: [84], data: Float32Array.from(values) } },
    losses: {},
  };
  const t = {
    type: { kind: "tensor", dtype: "f32", shape: [] } as const,
    shape: [],
    data: Float32Array.of(0),
    classes: null,
    undo: [],
  };
  return plan.experiments[0]!.reports[0]!.metrics.map((metric) =>
    Number(measure(plan.trials[0]!, metric, found, { t })),
  );
}

const four = [
  ".......",
  ".....#.",
  "....##.",
  "...#.#.",
  "..#..#.",
  ".#...#.",
  "#....#.",
  "#######",
  ".....#.",
  ".....#.",
  ".....#.",
  ".......",
];

test("84 zeros are as far from every drawing, as all pixels are -1 or 1", () => {
  expect(logitsOf(new Array(84).fill(0))).toEqual(new Array(10).fill(-84));
});

test("a drawing is at distance 0 from its own digit; each pixel that differs from another adds 4", () => {
  const logits = logitsOf(four.flatMap((row) => [...row].map((pixel) => (pixel === "#" ? 1 : -1))));
  expect(logits[4]).toBeCloseTo(0, 9);
  for (const [digit, logit] of logits.entries()) {
    expect(logit % 4).toBeCloseTo(0, 9);
    if (digit !== 4) expect(logit).toBeLessThanOrEqual(-60);
  }
});

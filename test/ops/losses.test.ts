import { describe, expect, test } from "vitest";
import { differentiate } from "../../src/graph/differentiate.ts";
import type { FieldType } from "../../src/ops/field.ts";
import { operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import type { Dim, Tensor } from "../../src/types/tensor.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { call } from "../train/networks.ts";
import { evaluateGraph, f32, i32 } from "./evaluate-graph.ts";

const engine = await tensorflowForTests();

async function lossOf(op: string, given: Readonly<Record<string, Json>>, output: Tensor, target: Tensor) {
  const { parameters } = call("loss", op, given);
  const { losses, gradient } = await evaluateGraph(engine!, { output, target }, (b, inputs) => {
    const each = operatorOf("loss", op).lower(b, inputs.output!, inputs.target!, parameters);
    const sum = b.emit("Sum", [each, b.ints([0])], { keep_dims: false });
    return { losses: each, gradient: differentiate(b, sum, [inputs.output!])[0]! };
  });
  return { losses: [...(losses!.data as Float32Array)], gradient: [...(gradient!.data as Float32Array)] };
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5) as number);

describe.skipIf(!engine)("losses are their formulas", () => {
  const logits = [2, -1, 0.5, 0, 0, 3];
  const softmax = (z: readonly number[]) => {
    const sum = z.reduce((a, v) => a + Math.exp(v), 0);
    return z.map((v) => Math.exp(v) / sum);
  };
  const rows = [softmax(logits.slice(0, 3)), softmax(logits.slice(3))];
  const truth = [0, 1];

  test("cross_entropy is -ln p of the true class, with gradient p - t", async () => {
    const { losses, gradient } = await lossOf("cross_entropy", {}, f32([2, 3], logits), i32([2], truth));
    expect(losses).toEqual(close(rows.map((p, n) => -Math.log(p[truth[n]!]!))));
    expect(gradient).toEqual(close(rows.flatMap((p, n) => p.map((v, k) => v - Number(k === truth[n])))));
  });

  test("smoothing 0.3 makes the truth 0.8, 0.1, 0.1; probabilities as target give the same", async () => {
    const soft = rows.map((p, n) =>
      p.reduce((sum, v, k) => sum - (k === truth[n] ? 0.8 : 0.1) * Math.log(v), 0),
    );
    const given = { smoothing: 0.3 };
    const hard = f32([2, 3], [1, 0, 0, 0, 1, 0]);
    for (const target of [i32([2], truth), hard]) {
      const { losses } = await lossOf("cross_entropy", given, f32([2, 3], logits), target);
      expect(losses).toEqual(close(soft));
    }
  });

  test("binary_cross_entropy is exact in both tails and has the gradient p - t", async () => {
    const z = [0, 2, -2, 80, -80, 80];
    const t = [1, 0, 0, 1, 0, 0];
    const { losses, gradient } = await lossOf("binary_cross_entropy", {}, f32([6, 1], z), i32([6], t));
    expect(losses).toEqual(close([Math.LN2, Math.log1p(Math.exp(2)), Math.log1p(Math.exp(-2)), 0, 0, 80]));
    expect(gradient).toEqual(close(z.map((v, i) => 1 / (1 + Math.exp(-v)) - t[i]!)));
  });

  test("squared and absolute errors are means over a sample", async () => {
    const output = f32([2, 2], [1, 2, 3, 4]);
    const target = f32([2, 2], [1, 4, 0, 0]);
    expect((await lossOf("mean_squared_error", {}, output, target)).losses).toEqual(close([2, 12.5]));
    expect((await lossOf("mean_absolute_error", {}, output, target)).losses).toEqual(close([1, 3.5]));
    const single = await lossOf("mean_squared_error", {}, f32([2, 1], [1, 2]), f32([2], [3, 3]));
    expect(single.losses).toEqual(close([4, 1]));
  });
});

test("what cannot be paired is said in words", () => {
  const check = (op: string, shape: readonly Dim[], target: FieldType) => {
    const problem = operatorOf("loss", op).check({ dtype: "f32", shape }, target, {});
    return problem ? `${problem.problem}\n${problem.hint ?? ""}` : "fine";
  };
  const classes = (count: number): FieldType => ({ kind: "class", count });
  const numbers = (...shape: number[]): FieldType => ({ kind: "tensor", dtype: "f32", shape });
  expect(
    [
      check("cross_entropy", ["N", 4], classes(4)),
      check("cross_entropy", ["N", 10], classes(4)),
      check("cross_entropy", ["N", 8, 8, 4], classes(4)),
      check("cross_entropy", ["N", 1], numbers()),
      check("binary_cross_entropy", ["N", 1], classes(2)),
      check("binary_cross_entropy", ["N", 2], classes(2)),
      check("binary_cross_entropy", ["N", 3], classes(3)),
      check("mean_squared_error", ["N", 1], numbers()),
      check("mean_squared_error", ["N", 5], numbers(5)),
      check("mean_squared_error", ["N", 4], numbers(5)),
      check("mean_absolute_error", ["N", 4], classes(4)),
      check("mean_absolute_error", ["N", 2, 2], { kind: "tensor", dtype: "u8", shape: [2, 2] }),
    ].join("\n"),
  ).toMatchInlineSnapshot(`
    "fine
    the output is f32[N, 10], and class[4] needs f32[N, 4]: one logit for each class
    end the network with \`dense(4)\`
    the output is f32[N, 8, 8, 4], and class[4] needs f32[N, 4]: one logit for each class
    end the network with \`global_avg_pool\` or \`flatten\`, then \`dense(4)\`
    \`cross_entropy\` needs a class as target, not f32
    for numbers use \`mean_squared_error\` or \`mean_absolute_error\`
    fine
    \`binary_cross_entropy\` cannot pair the output f32[N, 2] with class[2]
    end the network with \`dense(1)\`, or use \`cross_entropy\` with one logit for each class
    \`binary_cross_entropy\` cannot pair the output f32[N, 3] with class[3]
    use \`cross_entropy\`
    fine
    fine
    the output is f32[N, 4], and the target f32[5] needs f32[N, 5]
    end the network with \`dense(5)\`
    \`mean_absolute_error\` needs numbers as target, not class[4]
    for classes use \`cross_entropy\`
    \`mean_absolute_error\` needs an f32 target, not u8[2, 2]
    make numbers of it in \`prepare\`: \`scale(0 .. 1)\`"
  `);
});

import { describe, expect, test } from "vitest";
import { openReference } from "../../src/engine/reference/open.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import type { FieldType } from "../../src/ops/field.ts";
import { operatorNames, operatorOf } from "../../src/ops/registry.ts";
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

/** Each formula in float64, from what a sample's outputs and targets are. */
const formulas: Record<
  string,
  {
    readonly given?: Readonly<Record<string, Json>>;
    readonly of: (y: number, t: number) => number;
    readonly binary?: boolean;
  }
> = {
  mean_squared_error: { of: (y, t) => (y - t) ** 2 },
  mean_absolute_error: { of: (y, t) => Math.abs(y - t) },
  // Half the sum over two elements is their mean square.
  squared_error: { of: (y, t) => (y - t) ** 2 },
  huber: {
    given: { delta: 0.75 },
    of: (y, t) => (Math.abs(y - t) <= 0.75 ? (y - t) ** 2 / 2 : 0.75 * (Math.abs(y - t) - 0.375)),
  },
  log_cosh: { of: (y, t) => Math.log(Math.cosh(y - t)) },
  quantile: { given: { q: 0.9 }, of: (y, t) => (t > y ? 0.9 * (t - y) : 0.1 * (y - t)) },
  poisson: { of: (y, t) => Math.exp(y) - t * y },
  binary_cross_entropy: {
    binary: true,
    given: { positive_weight: 3 },
    // CMU DeepLens: (1 - t) z + (1 + (w - 1) t) (ln(1 + e^-|z|) + max(-z, 0))
    of: (z, t) => (1 - t) * z + (1 + 2 * t) * (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(-z, 0)),
  },
  focal: {
    binary: true,
    given: { gamma: 2, balance: 0.25 },
    of(z, t) {
      const p = 1 / (1 + Math.exp(-z));
      return -0.25 * t * (1 - p) ** 2 * Math.log(p) - 0.75 * (1 - t) * p ** 2 * Math.log(1 - p);
    },
  },
  hinge: { binary: true, of: (z, t) => Math.max(0, 1 - z * (2 * t - 1)) },
  exponential: { binary: true, of: (z, t) => Math.exp(-z * (2 * t - 1)) },
  logistic: { binary: true, of: (z, t) => Math.log2(1 + Math.exp(-z * (2 * t - 1))) },
};

describe("losses and their gradients in float64, by formula and by central differences", () => {
  const reference = openReference();
  const f64 = (shape: readonly number[], values: Iterable<number>): Tensor => ({
    dtype: "f64",
    shape,
    data: Float64Array.from(values),
  });

  async function inDouble(op: string, given: Readonly<Record<string, Json>>, y: Tensor, t: Tensor) {
    const { parameters } = call("loss", op, given);
    const lossAt = async (output: Tensor) => {
      const run = await evaluateGraph(reference, { output, target: t }, (b, inputs) => {
        const each = operatorOf("loss", op).lower(b, inputs.output!, inputs.target!, parameters);
        const sum = b.emit("Sum", [each, b.ints([0])], { keep_dims: false });
        return { losses: each, sum, gradient: differentiate(b, sum, [inputs.output!])[0]! };
      });
      return run as Record<"losses" | "sum" | "gradient", Tensor>;
    };
    const { losses, gradient } = await lossAt(y);
    const differences = await Promise.all(
      Array.from(y.data as Float64Array, async (value, i) => {
        const moved = async (by: number) => {
          const data = Float64Array.from(y.data as Float64Array);
          data[i] = value + by;
          return Number((await lossAt({ ...y, data })).sum.data[0]);
        };
        return ((await moved(1e-5)) - (await moved(-1e-5))) / 2e-5;
      }),
    );
    return {
      losses: [...(losses.data as Float64Array)],
      gradient: [...(gradient.data as Float64Array)],
      differences,
    };
  }
  const near = (values: readonly number[], digits: number) =>
    values.map((value) => expect.closeTo(value, digits) as number);

  const outputs = [0.3, -1.2, 2.1, 0.45, -0.05, 1.4];
  for (const [op, { given = {}, of, binary }] of Object.entries(formulas)) {
    test(op, async () => {
      const targets = binary ? [1, 0, 0, 1, 1, 0] : [1, -0.5, 0.2, 0.5, 3, 1.1];
      const { losses, gradient, differences } = await inDouble(
        op,
        given,
        f64([3, 2], outputs),
        f64([3, 2], targets),
      );
      const means = [0, 1, 2].map((n) =>
        [0, 1].reduce((sum, k) => sum + of(outputs[2 * n + k]!, targets[2 * n + k]!) / 2, 0),
      );
      expect(losses).toEqual(near(means, 10));
      expect(gradient).toEqual(near(differences, 7));
    });
  }

  test("dice: one minus twice the common part over both parts", async () => {
    const t = [1, 0, 1, 1, 0, 0];
    const { losses, gradient, differences } = await inDouble(
      "dice",
      { smooth: 0.5 },
      f64([2, 3], outputs),
      f64([2, 3], t),
    );
    const p = outputs.map((z) => 1 / (1 + Math.exp(-z)));
    const expected = [0, 1].map((n) => {
      const sum = (value: (i: number) => number) => [0, 1, 2].reduce((s, k) => s + value(3 * n + k), 0);
      return 1 - (2 * sum((i) => p[i]! * t[i]!) + 0.5) / (sum((i) => p[i]! + t[i]!) + 0.5);
    });
    expect(losses).toEqual(near(expected, 10));
    expect(gradient).toEqual(near(differences, 7));
  });

  test("cross_entropy with weights: hard, smoothed and given truths", async () => {
    const weight = [1, 3, 0.5];
    const z = [outputs.slice(0, 3), outputs.slice(3)];
    const surprise = z.map((row) => {
      const sum = row.reduce((s, v) => s + Math.exp(v), 0);
      return row.map((v) => Math.log(sum) - v);
    });
    const truth = [1, 2];
    const soft = (smoothing: number) =>
      surprise.map((row, n) =>
        row.reduce(
          (s, v, k) => s + weight[k]! * (smoothing / 3 + (k === truth[n] ? 1 - smoothing : 0)) * v,
          0,
        ),
      );
    const hot = f64([2, 3], [0, 1, 0, 0, 0, 1]);
    for (const [smoothing, target] of [
      [0, i32([2], truth)],
      [0.3, i32([2], truth)],
      [0.3, hot],
    ] as const) {
      const found = await inDouble("cross_entropy", { weight, smoothing }, f64([2, 3], outputs), target);
      expect(found.losses).toEqual(near(soft(smoothing), 7));
      expect(found.gradient).toEqual(near(found.differences, 7));
    }
  });

  test("every loss is tested here", () => {
    expect([...Object.keys(formulas), "dice", "cross_entropy"].sort()).toEqual(
      [...operatorNames("loss")].sort(),
    );
  });

  test("margin losses meet in 1 at the boundary, focal with gamma 0 is the cross entropy", async () => {
    const at = async (op: string, given: Readonly<Record<string, Json>> = {}) =>
      (await inDouble(op, given, f64([2, 1], [0, 0]), f64([2, 1], [0, 1]))).losses;
    for (const op of ["hinge", "exponential", "logistic"]) expect(await at(op)).toEqual(near([1, 1], 12));
    expect(await at("focal", { gamma: 0 })).toEqual(near(await at("binary_cross_entropy"), 12));
  });
});

test("what cannot be paired is said in words", () => {
  const problemOf = (
    op: string,
    shape: readonly Dim[],
    target: FieldType,
    given: Readonly<Record<string, Json>>,
  ) => {
    const problem = operatorOf("loss", op).check({ dtype: "f32", shape }, target, given);
    return problem ? `${problem.problem}\n${problem.hint ?? ""}` : "fine";
  };
  const check = (op: string, shape: readonly Dim[], target: FieldType) => problemOf(op, shape, target, {});
  const classes = (count: number): FieldType => ({ kind: "class", count });
  const numbers = (...shape: number[]): FieldType => ({ kind: "tensor", dtype: "f32", shape });
  expect(
    [
      check("cross_entropy", ["N", 4], classes(4)),
      check("cross_entropy", ["N", 10], classes(4)),
      check("cross_entropy", ["N", 8, 8, 4], classes(4)),
      check("cross_entropy", ["N", 1], numbers()),
      problemOf("cross_entropy", ["N", 4], classes(4), { weight: [1, 2, 3] }),
      problemOf("cross_entropy", ["N", 4], numbers(4), { weight: "balanced" }),
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
    write \`class[10]\` where the numbers 0 to 9 are classes; for others use \`mean_squared_error\` or \`mean_absolute_error\`
    \`weight\` of \`cross_entropy\` has 3 numbers, and class[4] has 4 classes
    give one weight for each class, in their order
    \`weight: balanced\` counts the rows of each class, and f32[4] holds probabilities
    give the weights as a list
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

test("a label that is typed as a number is told to be a class", () => {
  const labels: FieldType = { kind: "tensor", dtype: "i64", shape: [] };
  const problem = operatorOf("loss", "cross_entropy").check({ dtype: "f32", shape: ["N", 10] }, labels, {});
  expect(problem?.hint).toBe("a label is a class: write its type as `class[10]`, with the number of classes");
});

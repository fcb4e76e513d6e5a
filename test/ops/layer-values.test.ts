/** Layers with windows, norms and recurrences: values by ONNX's reference evaluator (`test/fixtures/layers.py`), gradients by central differences. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openReference } from "../../src/engine/reference/open.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import { operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import type { Tensor } from "../../src/types/tensor.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { call } from "../train/networks.ts";
import { evaluateGraph } from "./evaluate-graph.ts";

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly op: string;
  readonly given: Readonly<Record<string, Json>>;
  readonly x: Numbers;
  readonly weights: Readonly<Record<string, Numbers>>;
  readonly y: Numbers;
}

const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, "../fixtures/layers.json"), "utf8"),
) as readonly Case[];
const named = cases.map(
  (one) => [`${one.op} ${JSON.stringify(one.given)} of ${one.x.shape.join(" x ")}`, one] as const,
);

const tensorflow = await tensorflowForTests();

const asTensor = ({ shape, data }: Numbers, dtype: "f32" | "f64"): Tensor => ({
  dtype,
  shape,
  data: dtype === "f32" ? Float32Array.from(data) : Float64Array.from(data),
});

/** The layer's result, the sum of its elements with weights of their own, and that sum's gradients. */
async function run(engine: Engine, { op, given }: Case, tensors: Readonly<Record<string, Tensor>>) {
  const { parameters } = call("layer", op, given);
  return evaluateGraph(engine, tensors, (builder, inputs) => {
    const y = operatorOf("layer", op).lower(
      {
        builder,
        output: [],
        training: false,
        weight: (name) => inputs[name]!,
        update: () => {},
        uniform: () => {
          throw new Error("nothing is drawn here");
        },
      },
      [inputs.x!],
      parameters,
    );
    const { dtype, shape } = y.type;
    const count = shape.reduce((a, b) => a * b, 1);
    const numbers = Array.from({ length: count }, (_, i) => 0.5 + ((i * 7) % 11) / 11);
    const each = builder.constant(asTensor({ shape, data: numbers }, dtype as "f64"));
    const axes = builder.ints(shape.map((_, axis) => axis));
    const sum = builder.emit("Sum", [builder.emit("Mul", [y, each]), axes], { keep_dims: false });
    const names = Object.keys(tensors);
    const gradients = differentiate(
      builder,
      sum,
      names.map((name) => inputs[name]!),
    );
    return { y, sum, ...Object.fromEntries(names.map((name, i) => [`d ${name}`, gradients[i]!])) };
  });
}

const tensorsOf = ({ x, weights }: Case, dtype: "f32" | "f64"): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries({ x, ...weights }).map(([name, numbers]) => [name, asTensor(numbers, dtype)]),
  );

function expectClose(found: Tensor, { shape, data }: Numbers, within: number): void {
  expect(found.shape).toEqual(shape);
  const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(found.data[i]))), 0);
  expect(worst).toBeLessThan(within);
}

test.each(named)("%s has the shape and the weights that it says", (_, { op, given, x, weights, y }) => {
  const inferred = operatorOf("layer", op).infer(
    [{ dtype: "f32", shape: ["N", ...x.shape.slice(1)] }],
    call("layer", op, given).parameters,
  );
  if ("problem" in inferred) throw new Error(inferred.problem);
  expect(inferred.output.shape).toEqual(["N", ...y.shape.slice(1)]);
  expect(Object.fromEntries(inferred.weights.map(({ name, shape }) => [name, shape]))).toEqual(
    Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape])),
  );
});

describe("values in float64, and gradients by central differences", () => {
  const reference = openReference();
  const step = 1e-5;
  test.each(named)("%s", async (_, one) => {
    const tensors = tensorsOf(one, "f64");
    const computed = await run(reference, one, tensors);
    expectClose(computed.y!, one.y, 1e-6);
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      const values = data as Float64Array;
      // A few elements of each: the rules are linear in the rest.
      for (let i = 0; i < values.length; i += Math.max(1, Math.floor(values.length / 5))) {
        const at = async (value: number) => {
          const moved = Float64Array.from(values);
          moved[i] = value;
          const there = await run(reference, one, {
            ...tensors,
            [name]: { dtype: "f64", shape, data: moved },
          });
          return Number(there.sum!.data[0]);
        };
        const difference = ((await at(values[i]! + step)) - (await at(values[i]! - step))) / (2 * step);
        expect(Number(computed[`d ${name}`]!.data[i])).toBeCloseTo(difference, 6);
      }
    }
  });
});

describe.skipIf(!tensorflow)("values and gradients on TensorFlow", () => {
  const reference = openReference();
  test.each(named)("%s", async (_, one) => {
    const here = await run(tensorflow!, one, tensorsOf(one, "f32"));
    expectClose(here.y!, one.y, 2e-5);
    const there = await run(reference, one, tensorsOf(one, "f64"));
    for (const [name, { shape, data }] of Object.entries(there))
      expectClose(here[name]!, { shape, data: [...(data as Float64Array)] }, 1e-3);
  });
});

test("a transposed convolution of a volume does along the depth what it does along the height", async () => {
  const reference = openReference();
  /** With the axes `axis` and `axis + 1` swapped. */
  const swap = ({ shape, data }: Numbers, axis: number): Numbers => {
    const [outer, inner] = [shape.slice(0, axis), shape.slice(axis + 2)];
    const [p, q] = [shape[axis]!, shape[axis + 1]!];
    const each = inner.reduce((a, b) => a * b, 1);
    const all = outer.reduce((a, b) => a * b, 1);
    const swapped: number[] = [];
    for (let o = 0; o < all; o++)
      for (let j = 0; j < q; j++)
        for (let i = 0; i < p; i++) {
          const at = ((o * p + i) * q + j) * each;
          swapped.push(...data.slice(at, at + each));
        }
    return { shape: [...outer, q, p, ...inner], data: swapped };
  };
  const numbers = (shape: readonly number[]): Numbers => ({
    shape,
    data: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 37) % 19) - 9),
  });
  for (const padding of ["same", "valid"])
    for (const size of [1, 2, 3, 4])
      for (const stride of [1, 2, 3]) {
        const [x, kernel] = [numbers([1, 3, 2, 2, 1]), numbers([size, 2, 1, 1, 1])];
        const given = { channels: 1, padding, bias: false };
        const one = (k: Json, s: Json, tensors: Record<string, Numbers>) =>
          run(
            reference,
            { op: "conv_transpose", given: { ...given, kernel: k, stride: s } } as unknown as Case,
            Object.fromEntries(Object.entries(tensors).map(([name, each]) => [name, asTensor(each, "f64")])),
          );
        const deep = (await one([size, 2, 1], [stride, 1, 1], { x, kernel })).y!;
        const high = await one([2, size, 1], [1, stride, 1], { x: swap(x, 1), kernel: swap(kernel, 0) });
        const { shape, data } = high.y!;
        expectClose(deep, swap({ shape, data: [...(data as Float64Array)] }, 1), 1e-9);
      }
});

describe("embedding", () => {
  const kernel = [0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, 0.8];
  const numbers: Tensor = { dtype: "i32", shape: [3, 2], data: Int32Array.of(3, 0, 1, 3, 3, 2) };
  const given = call("layer", "embedding", { units: 2, values: 4 }).parameters;
  /** The vectors, and the gradient of a sum in which each element counts as much as its place. */
  const compute = (engine: Engine, dtype: "f32" | "f64", weights: readonly number[]) =>
    evaluateGraph(
      engine,
      { x: numbers, kernel: asTensor({ shape: [4, 2], data: weights }, dtype) },
      (builder, inputs) => {
        const refuse = () => {
          throw new Error("not here");
        };
        const context = { builder, output: [3, 2, 2], training: true, update: refuse, uniform: refuse };
        const y = operatorOf("layer", "embedding").lower(
          { ...context, weight: () => inputs.kernel! },
          [inputs.x!],
          given,
        );
        const places = Array.from({ length: 12 }, (_, i) => i + 1);
        const each = builder.constant(asTensor({ shape: [3, 2, 2], data: places }, dtype));
        const sum = builder.emit("Sum", [builder.emit("Mul", [y, each]), builder.ints([0, 1, 2])], {
          keep_dims: false,
        });
        const [gradient] = differentiate(builder, sum, [inputs.kernel!]);
        return { y, sum, gradient: gradient! };
      },
    );
  const rows = [3, 0, 1, 3, 3, 2].flatMap((row) => kernel.slice(2 * row, 2 * row + 2));

  test("rows of the kernel; their gradients by central differences in float64", async () => {
    const reference = openReference();
    const { y, gradient } = await compute(reference, "f64", kernel);
    expectClose(y!, { shape: [3, 2, 2], data: rows }, 1e-12);
    for (let i = 0; i < kernel.length; i++) {
      const at = async (step: number) =>
        Number((await compute(reference, "f64", kernel.with(i, kernel[i]! + step))).sum!.data[0]);
      const difference = ((await at(1e-5)) - (await at(-1e-5))) / 2e-5;
      expect(Number(gradient!.data[i])).toBeCloseTo(difference, 6);
    }
  });

  test.skipIf(!tensorflow)("on TensorFlow", async () => {
    const { y, gradient } = await compute(tensorflow!, "f32", kernel);
    expectClose(y!, { shape: [3, 2, 2], data: rows }, 1e-6);
    // Row 3 stands at places 1, 4 and 5.
    expectClose(gradient!, { shape: [4, 2], data: [3, 4, 5, 6, 11, 12, 17, 20] }, 1e-5);
  });
});

describe("activations by their formulas, and their slopes", () => {
  const reference = openReference();
  const formulas: Readonly<Record<string, (x: number) => number>> = {
    relu6: (x) => Math.min(6, Math.max(0, x)),
    scaled_tanh: (x) => 1.7159 * Math.tanh((2 * x) / 3),
    gaussian: (x) => Math.exp(-x * x),
    silu: (x) => x / (1 + Math.exp(-x)),
    softplus: (x) => Math.log1p(Math.exp(x)),
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  };
  const data = [-7.3, -1.2, -0.4, 0.3, 1.1, 2.7, 7.9];
  test.each(Object.entries(formulas))("%s", async (op, formula) => {
    const one: Case = {
      op,
      given: {},
      x: { shape: [1, data.length], data },
      weights: {},
      y: { shape: [1, data.length], data: data.map(formula) },
    };
    const computed = await run(reference, one, tensorsOf(one, "f64"));
    expectClose(computed.y!, one.y, 1e-12);
    for (const [i, x] of data.entries()) {
      const slope = (formula(x + 1e-6) - formula(x - 1e-6)) / 2e-6;
      expect(Number(computed["d x"]!.data[i])).toBeCloseTo(slope * (0.5 + ((i * 7) % 11) / 11), 6);
    }
  });

  test("1.7159 tanh(2 x / 3) maps 1 to 1, as LeCun et al. chose it", () => {
    expect(formulas.scaled_tanh!(1)).toBeCloseTo(1, 4);
  });
});

/** Functions of tensors: their shapes, what they compute, and their gradients against central differences in float64. */
import { describe, expect, test } from "vitest";
import { runOnce } from "../../src/engine/reference/once.ts";
import { createBuilder, type GraphBuilder } from "../../src/graph/builder.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import type { Value } from "../../src/ops/node.ts";
import { randomSource } from "../../src/ops/philox.ts";
import { operatorNames, operatorOf } from "../../src/ops/registry.ts";
import type { Json } from "../../src/ops/signature.ts";
import {
  type Dim,
  type DType,
  elementCount,
  showType,
  type Tensor,
  type TensorType,
} from "../../src/types/tensor.ts";
import { call } from "../train/networks.ts";

type Given = Readonly<Record<string, Json>>;
type Shape = readonly Dim[];

const batch = 4;

function infer(op: string, given: Given, inputs: readonly TensorType[]): string {
  const { parameters } = call("layer", op, given);
  const inferred = operatorOf("layer", op).infer(inputs, parameters);
  return "problem" in inferred ? inferred.problem : showType(inferred.output);
}

const f = (...shape: Shape): TensorType => ({ dtype: "f32", shape });
const of = (dtype: DType, ...shape: Shape): TensorType => ({ dtype, shape });

const shapes: readonly (readonly [
  op: string,
  given: Given,
  inputs: readonly TensorType[],
  expected: string,
])[] = [
  ["sum", {}, [f("N", 5)], "f32[]"],
  ["mean", { axis: -1 }, [f("N", 5)], "f32[N]"],
  ["mean", { axis: [1, 2], keep: true }, [f("N", 5, 6, 3)], "f32[N, 1, 1, 3]"],
  ["mean", { axis: 2 }, [f("N", 5)], "`mean` has no axis 2 to work on: its tensor has 2 axes"],
  ["mean", {}, [of("bool", "N")], "f32[]"],
  ["variance", { axis: 0 }, [f("N", 5)], "f32[5]"],
  ["logsumexp", { axis: -1 }, [f("N", 5)], "f32[N]"],
  ["median", {}, [f("N", 5)], "f32[]"],
  ["quantile", { share: 0.2, axis: [0, 2], keep: true }, [f("N", 5, 3)], "f32[1, 5, 1]"],
  ["min", {}, [f("N", 5), f("N", 5)], "f32[N, 5]"],
  ["min", { axis: -1 }, [f("N", 5)], "f32[N]"],
  ["max", {}, [f("N", 5), f()], "f32[N, 5]"],
  ["max", { axis: 1 }, [f("N", 5), f("N", 5)], "`max` takes an axis with one tensor only, and here are 2"],
  ["multiply", {}, [f("N", 5), f(5)], "f32[N, 5]"],
  ["multiply", {}, [f(3, 5), f("N", 3, 5)], "f32[N, 3, 5]"],
  ["subtract", {}, [f("N", 1), f("N")], "`subtract` needs tensors of one rank, not f32[N, 1] and f32[N]"],
  ["add", {}, [f(32), f("N")], "f32[32] and f32[N] disagree on axis 0"],
  ...[
    "exp",
    "log",
    "log1p",
    "expm1",
    "sqrt",
    "abs",
    "sign",
    "sin",
    "cos",
    "floor",
    "clip",
    "log_softmax",
  ].map((op) => [op, {}, [f("N", 5)], "f32[N, 5]"] as const),
  ["stop_gradient", {}, [f("N", 5)], "f32[N, 5]"],
  ...["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"].map(
    (op) => [op, {}, [f("N", 5), f(5)], "bool[N, 5]"] as const,
  ),
  ["both", {}, [of("bool", "N"), of("bool", "N")], "bool[N]"],
  ["either", {}, [of("bool", "N"), f("N")], "`either` needs truths, such as `x > 0`, not f32[N]"],
  ["negation", {}, [of("bool", "N")], "bool[N]"],
  ["where", {}, [of("bool", "N", 1), f("N", 5), f()], "f32[N, 5]"],
  ["where", {}, [f("N"), f("N"), f("N")], "`where` needs truths, such as `x > 0`, not f32[N]"],
  ["matmul", {}, [f("N", 3, 4), f("N", 4, 5)], "f32[N, 3, 5]"],
  ["matmul", {}, [f("N", 4), f(4, 5)], "f32[N, 5]"],
  [
    "matmul",
    {},
    [f("N", 4), f(5, 4)],
    "`matmul` cannot multiply f32[N, 4] and f32[5, 4]: 4 columns meet 5 rows",
  ],
  ["transpose", {}, [f("N", 3, 4)], "f32[N, 4, 3]"],
  ["transpose", { axes: [1, 0] }, [f("N", 4)], "f32[4, N]"],
  ["take", { index: 2 }, [f("N", 5)], "f32[N]"],
  ["take", { index: [0, -1], axis: 1 }, [f("N", 5, 3)], "f32[N, 2, 3]"],
  ["take", { index: 5 }, [f("N", 5)], "`take` has no element 5: axis 1 of f32[N, 5] has 0 to 4"],
  ["eye", { size: "N" }, [], "f32[N, N]"],
  ["one_hot", { classes: 3 }, [of("i32", "N")], "f32[N, 3]"],
  ["is_class", { number: 2 }, [of("i32", "N")], "bool[N]"],
  ["constant", { values: [1, -1, 2] }, [], "f32[3]"],
  ["constant", { values: [[1, 2], [3]] }, [], "the lists of a tensor are not all of one length"],
  ["reshape", { shape: ["N", 2, 3] }, [f("N", 6)], "f32[N, 2, 3]"],
  ["reshape", { shape: [2, 3] }, [f(6)], "f32[2, 3]"],
  ["standard_normal", {}, [f("N", 8)], "f32[N, 8]"],
  ["learned", { shape: [1, 8], init: "zeros" }, [], "f32[1, 8]"],
];

describe("shapes", () => {
  test.each(shapes)("%s(%j) of %j is %s", (op, given, inputs, expected) => {
    expect(infer(op, given, inputs)).toBe(expected);
  });

  test("every function is tested here", () => {
    const functions = operatorNames("layer").filter((name) => operatorOf("layer", name).functional);
    const tested = new Set(shapes.map(([op]) => op));
    expect(functions.filter((name) => !tested.has(name))).toEqual([]);
  });
});

/** The op on `N = 4`, in the dtype of its inputs. */
function lowered(
  b: GraphBuilder,
  op: string,
  given: Given,
  inputs: readonly Value[],
  types: readonly TensorType[],
): Value {
  const { parameters } = call("layer", op, given);
  const inferred = operatorOf("layer", op).infer(types, parameters);
  if ("problem" in inferred) throw new Error(inferred.problem);
  const refuse = () => {
    throw new Error("not here");
  };
  return operatorOf("layer", op).lower(
    {
      builder: b,
      output: inferred.output.shape.map((dim) => (dim === "N" ? batch : dim)),
      training: true,
      weight: refuse,
      update: refuse,
      uniform: refuse,
    },
    inputs,
    parameters,
  );
}

const compute = (
  op: string,
  given: Given,
  tensors: readonly Tensor[],
  types: readonly TensorType[],
): readonly number[] => {
  const b = createBuilder();
  const inputs = tensors.map((tensor, i) => b.placeholder(`x${i}`, tensor));
  const result = lowered(b, op, given, inputs, types);
  const feeds = Object.fromEntries(tensors.map((tensor, i) => [`x${i}`, tensor]));
  return Array.from(runOnce(result, feeds).data as Float32Array, Number);
};

const f32 = (shape: readonly number[], ...values: number[]): Tensor => ({
  dtype: "f32",
  shape,
  data: Float32Array.from(values),
});

describe("values", () => {
  test("reductions, selections and products", () => {
    const x = f32([4, 2], 1, 2, 3, 4, 5, 6, 7, 9);
    expect(compute("mean", { axis: 0 }, [x], [f("N", 2)])).toEqual([4, 5.25]);
    expect(compute("variance", { axis: -1 }, [x], [f("N", 2)])).toEqual([0.25, 0.25, 0.25, 1]);
    expect(compute("take", { index: [-1, 0] }, [x], [f("N", 2)])).toEqual([2, 1, 4, 3, 6, 5, 9, 7]);
    expect(compute("clip", { low: 2, high: 6 }, [x], [f("N", 2)])).toEqual([2, 2, 3, 4, 5, 6, 6, 6]);
    expect(compute("eye", { size: "N" }, [], [])).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect(compute("logsumexp", {}, [f32([4], 1000, 1000, 1000, 1000)], [f("N")])[0]).toBeCloseTo(
      1000 + Math.log(4),
      3,
    );
    // numpy.quantile(x, 0.3, axis=0) and (x, 0.3) of the same numbers.
    expect(compute("quantile", { share: 0.3, axis: 0 }, [x], [f("N", 2)])[0]).toBeCloseTo(2.8, 6);
    expect(compute("quantile", { share: 0.3, axis: 0 }, [x], [f("N", 2)])[1]).toBeCloseTo(3.8, 6);
    expect(compute("quantile", { share: 0.3 }, [x], [f("N", 2)])[0]).toBeCloseTo(3.1, 6);
    expect(compute("median", {}, [x], [f("N", 2)])).toEqual([4.5]);
    expect(compute("median", { axis: 1, keep: true }, [x], [f("N", 2)])).toEqual([1.5, 3.5, 5.5, 8]);
    expect(compute("quantile", { share: 1 }, [x], [f("N", 2)])).toEqual([9]);
    const m = f32([2, 2], 1, 2, 3, 4);
    expect(compute("matmul", {}, [x, m], [f("N", 2), f(2, 2)])).toEqual([7, 10, 15, 22, 23, 34, 34, 50]);
  });

  test("a batch of one keeps its axis through reshape", () => {
    const b = createBuilder();
    const x = b.placeholder("x", { dtype: "f32", shape: [1, 6] });
    const { parameters } = call("layer", "reshape", { shape: [2, 3] });
    const context = {
      builder: b,
      output: [1, 2, 3],
      training: false,
      weight: () => x,
      update: () => {},
      uniform: () => x,
    };
    expect(operatorOf("layer", "reshape").lower(context, [x], parameters).type.shape).toEqual([1, 2, 3]);
  });
});

const wide: Shape = ["N", 3];
const positive = 0.3;

/** The last number is the least that is drawn; the greatest is 1. */
const differentiable: readonly (readonly [
  op: string,
  given: Given,
  inputs: readonly Shape[],
  from: number,
])[] = [
  ["sum", { axis: -1 }, [wide], -1],
  ["mean", {}, [wide], -1],
  ["variance", { axis: -1 }, [wide], -1],
  ["logsumexp", { axis: -1 }, [wide], -1],
  ["logsumexp", {}, [wide], -1],
  ["min", { axis: -1 }, [wide], -1],
  ["median", {}, [wide], -1],
  ["median", { axis: 0 }, [wide], -1],
  ["quantile", { share: 0.3, axis: [0, 2] }, [["N", 2, 3]], -1],
  ["max", {}, [wide, wide], -1],
  ["min", {}, [wide, [3]], -1],
  ["exp", {}, [wide], -1],
  ["log", {}, [wide], positive],
  ["sqrt", {}, [wide], positive],
  ["abs", {}, [wide], -1],
  ["clip", { low: -0.5, high: 0.5 }, [wide], -1],
  ["log_softmax", {}, [["N", 2, 3]], -1],
  [
    "matmul",
    {},
    [
      ["N", 3, 3],
      ["N", 3, 2],
    ],
    -1,
  ],
  ["matmul", {}, [wide, [3, 2]], -1],
  ["transpose", {}, [["N", 2, 3]], -1],
  ["take", { index: [2, 0] }, [wide], -1],
  ["reshape", { shape: ["N", 3, 2] }, [["N", 6]], -1],
  ["multiply", {}, [wide, [3]], -1],
  ["raise", {}, [wide, wide], positive],
];

describe("gradients equal central differences in float64", () => {
  test.each(differentiable)("%s(%j) of %j", (op, given, shapesOf, from) => {
    const types = shapesOf.map((shape) => f(...shape));
    const source = randomSource([3, 9]);
    const tensors = shapesOf.map((shape): Tensor & { readonly data: Float64Array } => {
      const numbers = shape.map((dim) => (dim === "N" ? batch : dim));
      return {
        dtype: "f64",
        shape: numbers,
        data: Float64Array.from(
          { length: elementCount(numbers) },
          () => from + (1 - from) * source.uniform(),
        ),
      };
    });
    const b = createBuilder();
    const inputs = tensors.map((tensor, i) => b.placeholder(`x${i}`, tensor));
    const result = lowered(b, op, given, inputs, types);
    const weights = b.constant({
      dtype: "f64",
      shape: result.type.shape,
      data: Float64Array.from({ length: elementCount(result.type.shape) }, (_, i) => 0.5 + 0.1 * i),
    });
    const axes = b.ints(result.type.shape.map((_, axis) => axis));
    const loss = b.emit("Sum", [b.emit("Mul", [result, weights]), axes], { keep_dims: false });
    const gradients = differentiate(b, loss, inputs);
    const feeds = Object.fromEntries(tensors.map((tensor, i) => [`x${i}`, tensor]));
    const at = (value: Value) => runOnce(value, feeds).data as Float64Array;
    for (const [i, { data }] of tensors.entries()) {
      const gradient = at(gradients[i]!);
      for (let k = 0; k < data.length; k++) {
        const before = data[k]!;
        data[k] = before + 1e-5;
        const above = at(loss)[0]!;
        data[k] = before - 1e-5;
        const below = at(loss)[0]!;
        data[k] = before;
        expect(gradient[k]).toBeCloseTo((above - below) / 2e-5, 6);
      }
    }
  });
});

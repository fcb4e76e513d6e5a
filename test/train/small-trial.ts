/** A trial that trains in milliseconds: two classes of points, one hidden layer with dropout, SGD with momentum. */
import type { Network } from "../../src/check/network.ts";
import type { Dataset, FieldData } from "../../src/data/dataset.ts";
import { createBuilder } from "../../src/graph/builder.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import type { Value, Variable } from "../../src/ops/node.ts";
import { randomSource } from "../../src/ops/philox.ts";
import type { OpCall } from "../../src/ops/signature.ts";
import type { DataSpec, RecipeSpec, TrialSpec } from "../../src/study/plan.ts";
import type { TrialOutcome } from "../../src/train/outcome.ts";
import type { TrialProgram, WeightVariable } from "../../src/train/program.ts";
import { pairedTrial } from "./networks.ts";

const rows = 150;
const batch = 16;
const evaluateBatch = 32;

export function points(): Dataset {
  const source = randomSource([1, 2]);
  const x = new Float32Array(rows * 4);
  const label = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    label[row] = row % 2;
    for (let i = 0; i < 4; i++) x[row * 4 + i] = source.normal() + (label[row]! ? 0.8 : -0.8);
  }
  const field = (name: string, rest: Pick<FieldData, "role" | "type" | "shape" | "data" | "classes">) => ({
    name,
    digest: name,
    undo: [],
    ...rest,
  });
  const numbers = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    name: "points",
    count: rows,
    fields: {
      x: field("x", {
        role: "input",
        type: { kind: "tensor", dtype: "f32", shape: [4] },
        shape: [4],
        data: x,
        classes: null,
      }),
      label: field("label", {
        role: "target",
        type: { kind: "class", count: 2 },
        shape: [],
        data: label,
        classes: ["low", "high"],
      }),
    },
    rows: { train: numbers(0, 100), valid: numbers(100, 125), test: numbers(125, 150) },
    rowDigests: { train: "", valid: "", test: "" },
  };
}

export function smallProgram(): TrialProgram {
  const b = createBuilder();
  const shapes: Readonly<Record<string, readonly number[]>> = {
    "hidden/kernel": [4, 8],
    "hidden/bias": [8],
    "out/kernel": [8, 2],
  };
  const variable = (name: string, shape: readonly number[], dtype: "f32" | "i32" = "f32"): Variable => ({
    name,
    type: { dtype, shape },
  });
  const weights = Object.entries(shapes).map(([name, shape]) => variable(name, shape));
  const slots = weights.map(({ name, type }) => variable(`${name}/momentum`, type.shape));
  const data = { x: variable("data/x", [rows, 4]), label: variable("data/label", [rows], "i32") };
  const forward = (indices: Value, hidden: (value: Value) => Value) => {
    const [w1, b1, w2] = weights.map((weight) => b.read(weight)) as [Value, Value, Value];
    const x = b.readRows(data.x, indices);
    const h = hidden(b.emit("Relu", [b.emit("BiasAdd", [b.emit("MatMul", [x, w1]), b1])]));
    const outputs = b.emit("MatMul", [h, w2]);
    const losses = b.emit("SparseSoftmaxCrossEntropyWithLogits", [outputs, b.readRows(data.label, indices)]);
    return { "prediction/output": outputs, losses };
  };
  const indices = b.placeholder("indices", { dtype: "i32", shape: [batch] });
  const lr = b.placeholder("lr", { dtype: "f32", shape: [] });
  const counter = b.placeholder("counter", { dtype: "u64", shape: [2] });
  const dropoutKey = b.placeholder("dropoutKey", { dtype: "u64", shape: [1] });
  const { losses } = forward(indices, (h) => {
    const draw = b.emit("StatelessRandomUniformV2", [
      b.ints(h.type.shape),
      dropoutKey,
      counter,
      b.scalar(1, "i32"),
    ]);
    const kept = b.emit("Cast", [b.emit("Less", [draw, b.scalar(0.75)])], { DstT: { dtype: "f32" } });
    return b.emit("Mul", [h, b.emit("RealDiv", [kept, b.scalar(0.75)])]);
  });
  const loss = b.emit("Mean", [losses, b.ints([0])], { keep_dims: false });
  const gradients = differentiate(
    b,
    loss,
    weights.map((weight) => b.read(weight)),
  );
  const targets = weights.map((weight, i) =>
    b.target("ResourceApplyKerasMomentum", [
      b.variable(weight),
      b.variable(slots[i]!),
      lr,
      gradients[i]!,
      b.scalar(0.9),
    ]),
  );
  const rowsAt = b.placeholder("indices", { dtype: "i32", shape: [evaluateBatch] });
  const init = ({ type }: Variable): WeightVariable["init"] =>
    type.shape.length === 2 ? { kind: "he_uniform", fanIn: type.shape[0]! } : { kind: "constant", value: 0 };
  return {
    program: {
      variables: [...weights, ...slots, ...Object.values(data)],
      entries: {
        step: { feeds: { indices, lr, counter, dropoutKey }, fetches: { loss }, targets },
        evaluate: { feeds: { indices: rowsAt }, fetches: forward(rowsAt, (h) => h), targets: [] },
      },
    },
    weights: weights.map((weight) => ({ ...weight, trainable: true, init: init(weight) })),
    slots: slots.map((slot) => ({ ...slot, initial: 0 })),
    data: {
      x: { variable: "data/x", type: data.x.type },
      label: { variable: "data/label", type: data.label.type },
    },
    batch,
    evaluateBatch,
    averages: [],
    objectives: [{ name: "", every: 1 }],
    predictions: { output: [2] },
    losses: [""],
  };
}

const shape = (...sizes: number[]) => ({ dtype: "f32" as const, shape: ["N" as const, ...sizes] });
const nowhere = { file: { path: "small.dl", text: "" }, start: 0, end: 0 };

/** What is read of a network here: its inputs and its output. */
const nothing: Network = {
  model: "small",
  inputs: [{ name: "input", field: "x", type: shape(4) }],
  outputs: [{ name: "output", tensor: 0, type: shape(2) }],
  layers: [
    {
      id: 0,
      op: "dense",
      parameters: {},
      inputs: [-1],
      output: shape(2),
      weights: [],
      macs: 0,
      path: "",
      span: nowhere,
    },
  ],
};

export function smallTrial(
  {
    optimizer = { op: "sgd", parameters: { lr: 0.05 } },
    ...recipe
  }: Partial<RecipeSpec> & { optimizer?: OpCall } = {},
  seed = "3",
): TrialSpec {
  const loss = { op: "cross_entropy", parameters: { smoothing: 0 } };
  const fields = [
    { role: "input", name: "x" },
    { role: "target", name: "label" },
  ];
  const paired = pairedTrial(nothing, { optimizer, loss, batch }, { fields } as unknown as DataSpec);
  return {
    ordinal: 1,
    experiment: "small",
    levels: {},
    replicates: {},
    seed,
    ...paired,
    recipe: { ...paired.recipe, length: { epochs: 4 }, ...recipe },
  };
}

export function done(outcome: TrialOutcome): Extract<TrialOutcome, { state: "done" }> {
  if (outcome.state !== "done") throw new Error(`the trial ended ${outcome.state}`);
  return outcome;
}

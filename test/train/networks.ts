/** Small networks and trials made by the operators' own shape rules, without a `.dl` file. */
import type { Formula, Leaf } from "../../src/check/formula.ts";
import type { Layer, Network } from "../../src/check/network.ts";
import type { FieldType } from "../../src/ops/field.ts";
import { operatorOf } from "../../src/ops/registry.ts";
import type { Family, Json, OpCall } from "../../src/ops/signature.ts";
import type { DataSpec, TrialSpec } from "../../src/study/plan.ts";
import type { TensorType } from "../../src/types/tensor.ts";

type Given = Readonly<Record<string, Json>>;

/** The call with defaults filled in, as the checker makes it. */
export function call(family: Family, op: string, given: Given = {}): OpCall {
  const { parameters } = operatorOf(family, op);
  const known = parameters.map(({ name }) => name);
  for (const name of Object.keys(given))
    if (!known.includes(name)) throw new Error(`${op} has no parameter ${name}`);
  const entries = parameters.flatMap(({ name, default: value }) => {
    const used = given[name] ?? value;
    return used === undefined ? [] : [[name, used] as const];
  });
  return { op, parameters: Object.fromEntries(entries) };
}

/** Applies a layer to the tensors of these ids, or to the last one; gives the layer's id. */
export type Stack = (op: string, given?: Given, inputs?: readonly number[]) => number;

const file = { path: "test.dl", text: "model m\n" };

export function network(input: readonly number[], body: (layer: Stack) => void): Network {
  const type: TensorType = { dtype: "f32", shape: ["N", ...input] };
  const layers: Layer[] = [];
  const counts = new Map<string, number>();
  const typeOf = (ref: number) => (ref < 0 ? type : layers[ref]!.output);
  body((op, given, inputs = [layers.length - 1]) => {
    const { parameters } = call("layer", op, given);
    const inferred = operatorOf("layer", op).infer(inputs.map(typeOf), parameters);
    if ("problem" in inferred) throw new Error(inferred.problem);
    const count = (counts.get(op) ?? 0) + 1;
    counts.set(op, count);
    const path = count === 1 ? op : `${op}_${count}`;
    const span = { file, start: 0, end: 5 };
    layers.push({ id: layers.length, op, parameters, inputs, path, span, ...inferred });
    return layers.length - 1;
  });
  const tensor = layers.length - 1;
  return {
    model: "m",
    inputs: [{ name: "x", field: "x", type }],
    outputs: [{ name: "output", tensor, type: typeOf(tensor) }],
    layers,
  };
}

export function data(input: readonly number[], target: FieldType, augment: readonly OpCall[] = []): DataSpec {
  const x: FieldType = { kind: "tensor", dtype: "f32", shape: input };
  const prepared = { x, y: target };
  return {
    name: "toy",
    source: { op: "toy", parameters: {} },
    fields: [
      { role: "input", name: "x", type: x, value: { source: "x" }, where: null },
      { role: "target", name: "y", type: target, value: { source: "y" }, where: null },
    ],
    split: { op: "random", parameters: {} },
    prepare: [],
    augment: augment.length === 0 ? [] : [{ fields: ["x"], steps: augment }],
    evaluate: [],
    prepared,
    fed: prepared,
  };
}

/** A loss on the sole output of a network that is fed one field, and its target. */
export function pairedLoss(loss: OpCall, network: Network, input: string, target: string): Formula {
  const output = outputOf(network, input);
  const leaves: Leaf[] = [...output.leaves, { field: target }];
  const layer = {
    id: 0,
    ...loss,
    family: "loss" as const,
    inputs: [output.result, -leaves.length],
    output: { dtype: "f32" as const, shape: ["N" as const] },
    weights: [],
    macs: 0,
    path: loss.op,
    span: network.layers[0]!.span,
  };
  return { leaves, layers: [layer], result: 0, type: layer.output, text: loss.op };
}

/** What a network makes of the field that feeds it. */
export function outputOf(network: Network, input: string): Formula {
  const { name: output, type } = network.outputs[0]!;
  const leaves: Leaf[] = [{ field: input }, { network: "model", output, inputs: [-1] }];
  return { leaves, layers: [], result: -2, type, text: "output" };
}

export type PairedTrial = Pick<
  TrialSpec,
  "networks" | "recipe" | "data" | "predictions" | "pair" | "measures"
>;

/** One network, whose sole output is paired with the sole target. */
export function pairedTrial(
  network: Network,
  { optimizer, loss, batch }: { readonly optimizer: OpCall; readonly loss: OpCall; readonly batch: number },
  data: DataSpec,
): PairedTrial {
  const field = (role: string) => data.fields.find((each) => each.role === role)!.name;
  const fed = { ...network, inputs: network.inputs.map((each) => ({ ...each, field: field("input") })) };
  return {
    networks: [{ name: "model", network: fed }],
    recipe: {
      objectives: [
        {
          name: "",
          trains: ["model"],
          loss: pairedLoss(loss, fed, field("input"), field("target")),
          optimizer,
          schedule: null,
          clip: null,
          every: 1,
        },
      ],
      batch,
      length: { steps: 10 },
      stop: null,
      keep: { kind: "last" },
    },
    data,
    predictions: { output: outputOf(fed, field("input")) },
    pair: { prediction: "output", target: field("target") },
    measures: {},
  };
}

export function recipe(optimizer: OpCall, loss: OpCall, batch: number) {
  return { optimizer, loss, batch };
}

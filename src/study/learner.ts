/** A classic learner where a network could stand: what it is fed and what it answers. */
import type { Network } from "../check/network.ts";
import { elementCount, type TensorType } from "../types/tensor.ts";
import type { Settled } from "./objectives.ts";
import type { DataSpec } from "./plan.ts";

/** A trial of a classic learner: nothing is minimised by steps, and its answer is paired with the sole target. */
export function settledLearner(name: string, data: DataSpec): Settled {
  const network = learnerAsNetwork(name, data);
  const [output] = network.outputs;
  const leaves = [
    ...network.inputs.map(({ name: field }) => ({ field })),
    { network: "model", output: output!.name, inputs: network.inputs.map((_, i) => -1 - i) },
  ];
  const formula = { leaves, layers: [], result: -leaves.length, type: output!.type, text: "output" };
  const targets = data.fields.filter(({ role }) => role === "target");
  const fields = new Map(
    data.fields.map(({ name: field, role }) => [field, { role, type: data.fed[field]! }]),
  );
  return {
    stage: {
      data: data.name,
      fields,
      models: new Map(),
      wanted: new Map(),
      built: new Map([["model", { network, span: nowhere }]]),
      build: () => undefined,
    },
    networks: [{ name: "model", network }],
    objectives: [],
    predictions: { output: formula },
    pair: targets.length === 1 ? { prediction: "output", target: targets[0]!.name } : null,
  };
}

const nowhere = { file: { path: "", text: "" }, start: 0, end: 0 };

/** All inputs as evaluation sees them, flattened and joined: f32[N, D]; one value for each class, or those of the target. */
function learnerAsNetwork(name: string, data: DataSpec): Network {
  const inputs = data.fields
    .filter(({ role }) => role === "input")
    .map((field) => {
      const type = data.fed[field.name]!;
      const width = type.kind === "tensor" ? elementCount(type.shape as number[]) : 1;
      return { name: field.name, field: field.name, type: batchOf(width) };
    });
  const target = data.fields.find(({ role }) => role === "target");
  const type = target && data.fed[target.name]!;
  const width = !type ? 1 : type.kind === "class" ? type.count : elementCount(type.shape as number[]);
  return { model: name, inputs, outputs: [{ name: "output", tensor: -1, type: batchOf(width) }], layers: [] };
}

const batchOf = (width: number): TensorType => ({ dtype: "f32", shape: ["N", width] });

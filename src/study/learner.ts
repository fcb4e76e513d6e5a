/** A classic learner where a network could stand: what it is fed and what it answers. */
import type { Network } from "../check/network.ts";
import { elementCount, type TensorType } from "../types/tensor.ts";
import type { DataSpec } from "./plan.ts";

/** All inputs as evaluation sees them, flattened and joined: f32[N, D]; one value for each class, or those of the target. */
export function learnerAsNetwork(name: string, data: DataSpec): Network {
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

import { showField } from "../field.ts";
import type { PrepareOp } from "../prepare.ts";

export const flatten: PrepareOp = {
  name: "flatten",
  family: "prepare",
  version: 1,
  doc: "Lays all values of a row behind one another: `f32[28, 28, 1]` becomes `f32[784]`.",
  example: `data flat = galaxies with { prepare image { flatten : f32[3072] } }
experiment ask = question with {
  data = flat
  model = std.tabular.mlp([32])
}`,
  parameters: [],
  infer(type) {
    if (type.kind !== "tensor")
      return { problem: `\`flatten\` works on tensors, but this field is ${showField(type)}` };
    let length = 1;
    for (const dim of type.shape) {
      if (typeof dim === "string")
        return {
          problem: `\`flatten\` needs one size for all rows, but \`${dim}\` varies from row to row in ${showField(type)}`,
          hint: "add `centre_crop` or `resize` before `flatten`",
        };
      length *= dim;
    }
    return { ...type, shape: [length] };
  },
  apply: (row) => ({ shape: [row.data.length], data: row.data }),
};

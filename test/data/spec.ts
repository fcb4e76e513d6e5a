/** A `DataSpec` as the study would make it, with defaults filled in. */

import type { FieldType } from "../../src/ops/field.ts";
import { operatorOf } from "../../src/ops/registry.ts";
import type { Json, OpCall } from "../../src/ops/signature.ts";
import type { DataSpec, FieldSpec, SectionSpec } from "../../src/study/plan.ts";

export function call(
  family: "reader" | "split" | "prepare",
  op: string,
  given: Readonly<Record<string, Json>> = {},
): OpCall {
  const parameters: Record<string, Json> = {};
  for (const { name, default: value } of operatorOf(family, op).parameters)
    if (value !== undefined) parameters[name] = value;
  return { op, parameters: { ...parameters, ...given } };
}

export const tensor = (dtype: "f32" | "u8", ...shape: (number | string)[]): FieldType => ({
  kind: "tensor",
  dtype,
  shape,
});

export function dataSpec(parts: {
  name?: string;
  source: OpCall;
  fields: readonly (Pick<FieldSpec, "role" | "name" | "type"> & Partial<FieldSpec>)[];
  split: OpCall;
  prepare?: readonly SectionSpec[];
}): DataSpec {
  const prepared: Record<string, FieldType> = {};
  for (const field of parts.fields) {
    let type = field.type;
    for (const section of parts.prepare ?? [])
      if (section.fields.includes(field.name))
        for (const step of section.steps) {
          const next = operatorOf("prepare", step.op).infer(type, step.parameters);
          if ("problem" in next) throw new Error(next.problem);
          type = next;
        }
    prepared[field.name] = type;
  }
  return {
    name: parts.name ?? "sample",
    source: parts.source,
    fields: parts.fields.map((field) => ({ value: { source: field.name }, where: null, ...field })),
    split: parts.split,
    prepare: parts.prepare ?? [],
    augment: [],
    evaluate: [],
    prepared,
    fed: prepared,
  };
}

/** The learned parts of layers that multiply by a kernel, and how they begin. */
import type { Fans } from "../initializer.ts";
import { initOf } from "../initializers/all.ts";
import type { WeightSpec } from "../layer.ts";
import type { Json, Parameter, Parameters, ParameterType } from "../signature.ts";

const begins: ParameterType = {
  kind: "union",
  of: [{ kind: "real" }, { kind: "operator", family: "initializer" }],
};

export const biasParameter = (each: string): Parameter => ({
  name: "bias",
  type: { kind: "bool" },
  default: true,
  doc: `Adds a learned number to each ${each}.`,
});

/** `init: he_normal`, or `init: { kernel: orthogonal, bias: 0.1 }`. */
export const initParameter: Parameter = {
  name: "init",
  type: {
    kind: "union",
    of: [
      { kind: "operator", family: "initializer" },
      {
        kind: "record",
        entries: [
          { name: "kernel", type: begins, optional: true, doc: "How the kernel begins." },
          { name: "bias", type: begins, optional: true, doc: "How the bias begins." },
        ],
      },
    ],
  },
  optional: true,
  doc: "How the kernel begins, as `he_normal`; or a record with `kernel` and `bias`, each an initializer or a number.",
};

function entryOf(init: Json | undefined, name: "kernel" | "bias"): Json | undefined {
  if (init === undefined || init === null || typeof init !== "object") return undefined;
  const record = init as { readonly [key: string]: Json };
  return "op" in record ? (name === "kernel" ? init : undefined) : record[name];
}

/** He-uniform unless `init` says otherwise. */
export function kernelWeight(shape: readonly number[], fans: Fans, parameters: Parameters): WeightSpec {
  const init = initOf(entryOf(parameters.init, "kernel"), fans) ?? {
    kind: "he_uniform" as const,
    fanIn: fans.in,
  };
  return { name: "kernel", shape, trainable: true, decays: true, init };
}

/** Zeros unless `init` says otherwise; none with `bias: false`. */
export function biasWeight(channels: number, fans: Fans, parameters: Parameters): readonly WeightSpec[] {
  if (!parameters.bias) return [];
  const init = initOf(entryOf(parameters.init, "bias"), fans) ?? { kind: "constant" as const, value: 0 };
  return [{ name: "bias", shape: [channels], trainable: true, decays: false, init }];
}

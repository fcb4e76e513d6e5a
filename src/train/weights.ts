/** What variables hold before the first step. */
import { emptyTensor } from "../engine/tensors.ts";
import type { InitSpec } from "../ops/layer.ts";
import { type PhiloxKey, philoxUniform, randomSource, streamKey } from "../ops/philox.ts";
import { elementCount, type Tensor } from "../types/tensor.ts";
import { orthogonal } from "./orthogonal.ts";
import type { TrialProgram, WeightVariable } from "./program.ts";

/** Weights by name, each drawn from its own use of the seed's stream `init`, and slots at what they begin at. */
export function initialVariables(
  { weights, slots, averages }: TrialProgram,
  seed: string,
): Readonly<Record<string, Tensor>> {
  const variables: Record<string, Tensor> = {};
  for (const [index, weight] of weights.entries())
    variables[weight.name] = initialWeight(weight, seed, index);
  for (const { name, type, initial } of slots) {
    const tensor = emptyTensor(type);
    tensor.data.fill(initial as never);
    variables[name] = tensor;
  }
  for (const { name, of } of averages) variables[name] = variables[of]!;
  return variables;
}

function initialWeight({ type, init }: WeightVariable, seed: string, index: number): Tensor {
  const { shape } = type;
  const count = elementCount(shape);
  const key = streamKey(seed, "init", index);
  const f32 = (data: Float32Array): Tensor => ({ dtype: "f32", shape, data });
  switch (init.kind) {
    case "constant": {
      const tensor = emptyTensor(type);
      tensor.data.fill(init.value as never);
      return tensor;
    }
    case "parts": {
      const last = shape.at(-1)!;
      const each = last / init.values.length;
      return f32(Float32Array.from({ length: count }, (_, i) => init.values[Math.floor((i % last) / each)]!));
    }
    case "normal":
      return f32(normals(key, count).map((z) => z * init.deviation));
    case "orthogonal": {
      const columns = shape.at(-1)!;
      return f32(orthogonal(randomSource(key), count / columns, columns).map((x) => x * init.gain));
    }
    default: {
      const limit = uniformLimit(init);
      const data = philoxUniform(key, 0, count);
      for (let i = 0; i < data.length; i++) data[i] = (2 * data[i]! - 1) * limit;
      return f32(data);
    }
  }
}

/** Standard normal numbers of a stream, by Box and Muller. */
function normals(key: PhiloxKey, count: number): Float32Array {
  const source = randomSource(key);
  return Float32Array.from({ length: count }, () => source.normal());
}

/** A uniform distribution in +-limit has the variance limit^2 / 3: He et al. (2015), Glorot and Bengio (2010). */
function uniformLimit(
  init: Extract<InitSpec, { kind: "he_uniform" | "glorot_uniform" | "uniform" }>,
): number {
  if (init.kind === "uniform") return init.limit;
  return init.kind === "he_uniform" ? Math.sqrt(6 / init.fanIn) : Math.sqrt(6 / (init.fanIn + init.fanOut));
}

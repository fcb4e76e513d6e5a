/** What variables hold before the first step. */
import { emptyTensor } from "../engine/tensors.ts";
import type { InitSpec } from "../ops/layer.ts";
import { philoxUniform, streamKey } from "../ops/philox.ts";
import { elementCount, type Tensor } from "../types/tensor.ts";
import type { TrialProgram, WeightVariable } from "./program.ts";

/** Weights by name, each drawn from its own use of the seed's stream `init`, and slots at what they begin at. */
export function initialVariables(
  { weights, slots }: TrialProgram,
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
  return variables;
}

function initialWeight({ type, init }: WeightVariable, seed: string, index: number): Tensor {
  if (init.kind === "constant") {
    const tensor = emptyTensor(type);
    tensor.data.fill(init.value as never);
    return tensor;
  }
  const limit = uniformLimit(init);
  const data = philoxUniform(streamKey(seed, "init", index), 0, elementCount(type.shape));
  for (let i = 0; i < data.length; i++) data[i] = (2 * data[i]! - 1) * limit;
  return { dtype: "f32", shape: type.shape, data };
}

/** A uniform distribution in +-limit has the variance limit^2 / 3: He et al. (2015), Glorot and Bengio (2010). */
function uniformLimit(init: Exclude<InitSpec, { kind: "constant" }>): number {
  return init.kind === "he_uniform" ? Math.sqrt(6 / init.fanIn) : Math.sqrt(6 / (init.fanIn + init.fanOut));
}

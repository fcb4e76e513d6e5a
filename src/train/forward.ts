/** Lowers a checked network, layer by layer, to the graph of its output. */
import type { Network } from "../check/network.ts";
import type { Builder, Value } from "../ops/node.ts";
import { operatorOf } from "../ops/registry.ts";

/** Weights by their full names: `stage0/conv/kernel`. */
export interface WeightTable {
  read(name: string): Value;
  /** What a statistic becomes after the step. */
  update(name: string, value: Value): void;
}

export interface ForwardContext {
  readonly builder: Builder;
  readonly training: boolean;
  uniform(shape: readonly number[]): Value;
  readonly table: WeightTable;
}

/** The network's sole output for batches of its inputs. Every node carries the place of its layer. */
export function lowerNetwork(network: Network, inputs: readonly Value[], context: ForwardContext): Value {
  const { builder, training, uniform, table } = context;
  const values = new Map<number, Value>(inputs.map((value, k) => [-1 - k, value]));
  for (const layer of network.layers) {
    const value = builder.at(layer.span, () =>
      operatorOf("layer", layer.op).lower(
        {
          builder,
          training,
          weight: (name) => table.read(`${layer.path}/${name}`),
          update: (name, next) => table.update(`${layer.path}/${name}`, next),
          uniform,
        },
        layer.inputs.map((ref) => values.get(ref)!),
        layer.parameters,
      ),
    );
    values.set(layer.id, value);
  }
  if (network.outputs.length !== 1)
    throw new Error(`${network.model} has ${network.outputs.length} outputs; a loss pairs with one`);
  return values.get(network.outputs[0]!.tensor)!;
}

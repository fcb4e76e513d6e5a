/** Lowers checked networks and formulas, layer by layer, to the graph. */
import type { Formula } from "../check/formula.ts";
import type { Network, TensorRef } from "../check/network.ts";
import type { Builder, Node, Value } from "../ops/node.ts";
import { operatorOf } from "../ops/registry.ts";
import type { NamedNetwork } from "../study/plan.ts";

/** Weights of one network by their full names: `stage0/conv/kernel`. */
export interface WeightTable {
  read(name: string): Value;
}

/** What a statistic becomes after the step. */
export interface StatisticUpdate {
  readonly name: string;
  readonly value: Value;
}

export interface ForwardContext {
  readonly builder: Builder;
  readonly training: boolean;
  uniform(shape: readonly number[]): Value;
  readonly table: WeightTable;
  /** Parts that stay as they begin run in evaluation mode. */
  isFrozen(path: string): boolean;
}

/** A network on batches of its inputs. Every node carries the place of its layer. */
export function lowerNetwork(
  network: Network,
  inputs: readonly Value[],
  context: ForwardContext,
): { readonly outputs: ReadonlyMap<string, Value>; readonly updates: readonly StatisticUpdate[] } {
  const { builder, training, uniform, table, isFrozen } = context;
  const values = new Map<number, Value>(inputs.map((value, k) => [-1 - k, value]));
  const updates: StatisticUpdate[] = [];
  const batch = inputs[0]!.type.shape[0]!;
  for (const layer of network.layers) {
    const value = builder.at(layer.span, () =>
      operatorOf("layer", layer.op).lower(
        {
          builder,
          training: training && !isFrozen(layer.path),
          output: layer.output.shape.map((dim) => (dim === "N" ? batch : dim)),
          weight: (name) => table.read(`${layer.path}/${name}`),
          update: (name, next) => updates.push({ name: `${layer.path}/${name}`, value: next }),
          uniform,
        },
        layer.inputs.map((ref) => values.get(ref)!),
        layer.parameters,
      ),
    );
    values.set(layer.id, value);
  }
  return {
    outputs: new Map(network.outputs.map(({ name, tensor }) => [name, values.get(tensor)!])),
    updates,
  };
}

/** One network applied to one set of tensors; equal applications within an entry are one. */
export interface Application {
  readonly network: string;
  readonly outputs: ReadonlyMap<string, Value>;
  readonly updates: readonly StatisticUpdate[];
}

export interface FormulaContext extends Omit<ForwardContext, "table" | "isFrozen"> {
  /** Rows of the batch. */
  readonly batch: number;
  readonly networks: readonly NamedNetwork[];
  field(name: string): Value;
  prediction(label: string): Value;
  table(network: string): WeightTable;
  isFrozen(network: string, path: string): boolean;
}

export interface Lowered {
  readonly value: Value;
  /** Of every network that the formula applies. */
  readonly applications: readonly Application[];
}

/** A function that lowers the formulas of one entry; applications that they share are lowered once. */
export function formulaLowering(context: FormulaContext): (formula: Formula) => Lowered {
  const { builder, networks, batch } = context;
  const known = new Map<string, Application>();
  const numbers = new Map<Node, number>();
  const numberOf = ({ node, index }: Value): string => {
    const number = numbers.get(node) ?? numbers.size;
    numbers.set(node, number);
    return `${number}:${index}`;
  };

  function apply(name: string, inputs: readonly Value[]): Application {
    const key = [name, ...inputs.map(numberOf)].join(" ");
    const before = known.get(key);
    if (before) return before;
    const { network } = networks.find((each) => each.name === name)!;
    const lowered = lowerNetwork(network, inputs, {
      ...context,
      table: context.table(name),
      isFrozen: (path) => context.isFrozen(name, path),
    });
    const application = { network: name, ...lowered };
    known.set(key, application);
    return application;
  }

  return (formula) => {
    const values = new Map<TensorRef, Value>();
    const applications = new Set<Application>();
    const reach = (ref: TensorRef): Value => {
      const value = values.get(ref) ?? compute(ref);
      values.set(ref, value);
      return value;
    };
    const compute = (ref: TensorRef): Value => {
      if (ref < 0) {
        const leaf = formula.leaves[-1 - ref]!;
        if ("field" in leaf) return context.field(leaf.field);
        if ("prediction" in leaf) return context.prediction(leaf.prediction);
        const application = apply(leaf.network, leaf.inputs.map(reach));
        applications.add(application);
        return application.outputs.get(leaf.output)!;
      }
      const layer = formula.layers[ref]!;
      const inputs = layer.inputs.map(reach);
      return builder.at(layer.span, () => {
        if (layer.family === "loss") {
          const [output, target] = inputs as [Value, Value];
          return operatorOf("loss", layer.op).lower(
            builder,
            output,
            spread(builder, target, output),
            layer.parameters,
          );
        }
        return operatorOf("layer", layer.op).lower(
          {
            builder,
            training: context.training,
            output: layer.output.shape.map((dim) => (dim === "N" ? batch : dim)),
            weight: refuse("weights"),
            update: refuse("statistics"),
            uniform: context.uniform,
          },
          inputs,
          layer.parameters,
        );
      });
    };
    const value = reach(formula.result);
    return { value, applications: [...applications] };
  };
}

const refuse = (what: string) => (): never => {
  throw new Error(`a formula has no ${what}`);
};

/** A number as target stands for a tensor of it. */
function spread(builder: Builder, target: Value, output: Value): Value {
  if (target.type.shape.length > 0) return target;
  return builder.emit("BroadcastTo", [target, builder.ints(output.type.shape)]);
}

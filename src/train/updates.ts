/** What a step changes: weights by the optimizer, statistics by what a batch says of them, averages by the weights. */
import type { GraphBuilder } from "../graph/builder.ts";
import { differentiate } from "../graph/differentiate.ts";
import type { Entry } from "../graph/program.ts";
import type { Node, Value } from "../ops/node.ts";
import { operatorOf } from "../ops/registry.ts";
import type { OpCall } from "../ops/signature.ts";
import type { Objective } from "../study/plan.ts";
import type { Application } from "./forward.ts";
import type { TrialProgram, WeightVariable } from "./program.ts";

/** A network that an objective trains: where it is applied, and which of its weights change. */
export interface Trained {
  readonly applications: readonly Application[];
  /** The variable of a statistic, by `path/name`. */
  readonly statistic: (path: string) => WeightVariable;
  readonly weights: readonly (WeightVariable & { readonly decays: boolean })[];
}

export interface UpdatesContext {
  readonly builder: GraphBuilder;
  readonly objective: Objective;
  /** f32[] */
  readonly loss: Value;
  readonly own: readonly Trained[];
  readonly lr: Value;
  readonly step: Value;
  /** False leaves gradients and optimizer out, to look at the graph before. */
  readonly trains: boolean;
  readonly addSlot: (slot: TrialProgram["slots"][number]) => void;
}

export function updatesOf({
  builder,
  objective,
  loss,
  own,
  lr,
  step,
  trains,
  addSlot,
}: UpdatesContext): readonly Node[] {
  const targets: Node[] = own.flatMap((each) => statisticUpdates(builder, each));
  if (!trains) return targets;
  const trained = own.flatMap(({ weights }) => weights);
  const values = trained.map((weight) => builder.read(weight));
  const gradients = clipped(builder, differentiate(builder, loss, values), objective.clip);
  const { op, parameters } = objective.optimizer;
  const optimizer = operatorOf("optimizer", op);
  for (const [i, weight] of trained.entries()) {
    // A colon stands in no name of a layer: slots and weights cannot meet.
    for (const { name, initial } of optimizer.slots(parameters))
      addSlot({ name: `${weight.name}:${name}`, type: weight.type, initial });
    targets.push(
      ...optimizer.update(
        {
          builder,
          weight,
          value: values[i]!,
          gradient: gradients[i]!,
          decays: weight.decays,
          lr,
          step,
          slot: (name) => builder.variable({ name: `${weight.name}:${name}`, type: weight.type }),
          handle: builder.variable(weight),
          target: builder.target,
        },
        parameters,
      ),
    );
  }
  return targets;
}

/** A network that is applied several times in a step has the mean of what its applications say. */
function statisticUpdates(builder: GraphBuilder, { applications, statistic }: Trained): readonly Node[] {
  const byName = new Map<string, Value[]>();
  for (const { name, value } of applications.flatMap(({ updates }) => updates))
    byName.set(name, [...(byName.get(name) ?? []), value]);
  return [...byName].map(([name, values]) => {
    const mean =
      values.length === 1
        ? values[0]!
        : builder.emit("Mul", [builder.emit("AddN", values), builder.scalar(1 / values.length)]);
    return builder.assign(statistic(name), mean);
  });
}

/** `norm(most)`: all scaled down together; `value(most)`: each element cut. */
function clipped(b: GraphBuilder, gradients: readonly Value[], clip: OpCall | null): readonly Value[] {
  if (!clip || gradients.length === 0) return gradients;
  const most = b.scalar(clip.parameters.limit as number);
  if (clip.op === "value") {
    const least = b.scalar(-(clip.parameters.limit as number));
    return gradients.map((each) => b.emit("Minimum", [b.emit("Maximum", [each, least]), most]));
  }
  const squares = gradients.map((each) =>
    b.emit("Sum", [b.emit("Square", [each]), b.ints(each.type.shape.map((_, axis) => axis))], {
      keep_dims: false,
    }),
  );
  const norm = b.emit("Sqrt", [squares.length === 1 ? squares[0]! : b.emit("AddN", squares)]);
  // A norm of 0 gives infinity, and so the factor 1.
  const factor = b.emit("Minimum", [b.scalar(1), b.emit("RealDiv", [most, norm])]);
  return gradients.map((each) => b.emit("Mul", [each, factor]));
}

/** One for each weight and statistic. */
export function averagesOf(weights: readonly WeightVariable[]): TrialProgram["averages"] {
  return weights.map(({ name, type }) => ({ name: `${name}:average`, type, of: name }));
}

/** Moves each average by `rate` towards its weight, after the step that changed the weight. */
export function averagingEntry(
  builder: GraphBuilder,
  weights: readonly WeightVariable[],
  averages: TrialProgram["averages"],
): Entry {
  const rate = builder.placeholder("rate", { dtype: "f32", shape: [] });
  const targets = averages.map((average) => {
    const weight = weights.find(({ name }) => name === average.of)!;
    const before = builder.read(average);
    const distance = builder.emit("Sub", [builder.read(weight), before]);
    return builder.assign(average, builder.emit("AddV2", [before, builder.emit("Mul", [distance, rate])]));
  });
  return { feeds: { rate }, fetches: {}, targets };
}

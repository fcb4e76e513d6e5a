/** From a trial of the plan to the program that trains it: entries `step` and `evaluate` (`program.ts` says what they take and give). */
import type { Network } from "../check/network.ts";
import { createBuilder, type GraphBuilder } from "../graph/builder.ts";
import { differentiate } from "../graph/differentiate.ts";
import { passes } from "../graph/passes.ts";
import type { Entry, Program } from "../graph/program.ts";
import type { FieldType } from "../ops/field.ts";
import type { Node, Value, Variable } from "../ops/node.ts";
import { operatorOf } from "../ops/registry.ts";
import type { DataSpec, RecipeSpec, SectionSpec } from "../study/plan.ts";
import type { StaticType } from "../types/tensor.ts";
import { lowerNetwork, type WeightTable } from "./forward.ts";
import type { TrialProgram, WeightVariable } from "./program.ts";
import { drawsOf } from "./random.ts";

/** What of a trial decides its program; a `TrialSpec` has it all. */
export interface TrialParts {
  readonly network: Network;
  readonly recipe: RecipeSpec;
  readonly data: DataSpec;
}

export interface BuildOptions {
  /** Rows of one call of `evaluate`. */
  readonly evaluateBatch: number;
  /** Stops after this stage, to look at the graph; the last one unless given. */
  readonly after?: Stage | undefined;
}

/** `lower` (no gradients yet), `differentiate` (with the optimizer's updates), then the passes of `graph/passes.ts`. */
export const stages = ["lower", "differentiate", ...passes.map(({ name }) => name)] as const;
export type Stage = (typeof stages)[number];

/**
 * `count` is the number of rows of the dataset. The program depends on nothing else: not on the seed, not on the values of the
 * data. Throws a `GraphError` at the `.dl` place of a layer that cannot be lowered or differentiated.
 */
export function buildTrial(trial: TrialParts, count: number, options: BuildOptions): TrialProgram {
  const { network, recipe, data } = trial;
  const last = options.after === undefined ? stages.length - 1 : stages.indexOf(options.after);
  if (last < 0) throw new Error(`there is no stage ${options.after}; there are ${stages.join(", ")}`);
  const builder = createBuilder();
  const target = targetOf(data);
  const columns = dataColumns(data, [...network.inputs.map((input) => input.field), target.name], count);
  const weights = weightsOf(network);
  const slots: TrialProgram["slots"][number][] = [];
  const parts = { builder, trial, columns, weights, target: target.name };

  const step = trainingEntry(parts, last > 0, (slot) => slots.push(slot));
  const evaluate = evaluationEntry(parts, options.evaluateBatch);
  const variables = [...weights, ...slots, ...Object.values(columns)].map(({ name, type }) => ({
    name,
    type,
  }));
  const built: Program = { variables, entries: { step, evaluate } };
  const program = passes.slice(0, Math.max(0, last - 1)).reduce((before, pass) => pass.run(before), built);
  // A network may leave an input unread: its field is not in the program then.
  const read = new Set(program.variables.map(({ name }) => name));
  return {
    program,
    weights,
    slots,
    data: Object.fromEntries(
      Object.entries(columns)
        .filter(([, { name }]) => read.has(name))
        .map(([field, { name, type }]) => [field, { variable: name, type }]),
    ),
    batch: recipe.batch,
    evaluateBatch: options.evaluateBatch,
    outputShape: network.outputs[0]!.type.shape.slice(1) as readonly number[],
  };
}

interface Parts {
  readonly builder: GraphBuilder;
  readonly trial: TrialParts;
  /** Field name to the variable that holds all its rows. */
  readonly columns: Readonly<Record<string, Variable>>;
  readonly weights: readonly WeightVariable[];
  readonly target: string;
}

function targetOf(data: DataSpec): { readonly name: string; readonly type: FieldType } {
  const targets = data.fields.filter((field) => field.role === "target");
  if (targets.length !== 1)
    throw new Error(`the data ${data.name} have ${targets.length} targets; a loss pairs with one`);
  return targets[0]!;
}

/** Rows as they lie in the graph: tensors as they are, classes as i32. */
function columnType(type: FieldType, count: number): StaticType {
  if (type.kind === "class") return { dtype: "i32", shape: [count] };
  return { dtype: type.dtype, shape: [count, ...(type.shape as readonly number[])] };
}

function dataColumns(data: DataSpec, fields: readonly string[], count: number): Record<string, Variable> {
  return Object.fromEntries(
    fields.map((field) => [field, { name: `data/${field}`, type: columnType(data.prepared[field]!, count) }]),
  );
}

function weightsOf(network: Network): WeightVariable[] {
  return network.layers.flatMap((layer) =>
    layer.weights.map(({ name, shape, trainable, init }) => ({
      name: `${layer.path}/${name}`,
      type: { dtype: "f32" as const, shape },
      trainable,
      init,
    })),
  );
}

/** The rows at `indices` of every field that is used. */
function gather({ builder, columns }: Parts, indices: Value): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(columns).map(([field, variable]) => [field, builder.readRows(variable, indices)]),
  );
}

/** Runs the steps of sections on the batches of their fields. Fields named together share their draws. */
function applySections(
  builder: GraphBuilder,
  sections: readonly SectionSpec[],
  batch: Record<string, Value>,
  uniform: (shape: readonly number[]) => Value,
): Record<string, Value> {
  const fields = { ...batch };
  for (const section of sections) {
    const used = section.fields.filter((field) => fields[field]);
    if (used.length === 0) continue;
    const count = fields[used[0]!]!.type.shape[0]!;
    for (const { op, parameters } of section.steps) {
      const step = operatorOf("augment", op);
      const draws = step.draw({ builder, uniform }, count, parameters);
      for (const field of used) {
        const value = fields[field]!;
        const own = step.drawEach?.({ builder, uniform }, value.type.shape, parameters) ?? [];
        fields[field] = step.lower(builder, value, [...draws, ...own], parameters);
      }
    }
  }
  return fields;
}

/** The network on a batch, and the loss of each example. */
function forward(
  { builder, trial, target }: Parts,
  fields: Record<string, Value>,
  table: WeightTable,
  uniform: (shape: readonly number[]) => Value,
  training: boolean,
): { readonly output: Value; readonly losses: Value } {
  const inputs = trial.network.inputs.map((input) => fields[input.field]!);
  const output = lowerNetwork(trial.network, inputs, { builder, training, uniform, table });
  const { op, parameters } = trial.recipe.loss;
  return { output, losses: operatorOf("loss", op).lower(builder, output, fields[target]!, parameters) };
}

/** Gather, augment, forward, loss, gradients, updates. */
function trainingEntry(
  parts: Parts,
  trains: boolean,
  addSlot: (slot: TrialProgram["slots"][number]) => void,
): Entry {
  const { builder, trial, weights } = parts;
  const feed = (name: string, type: StaticType) => builder.placeholder(name, type);
  const indices = feed("indices", { dtype: "i32", shape: [trial.recipe.batch] });
  const lr = feed("lr", { dtype: "f32", shape: [] });
  const step = feed("step", { dtype: "f32", shape: [] });
  const counter = feed("counter", { dtype: "u64", shape: [2] });
  const augmenting = drawsOf(builder, "augmentKey", counter);
  const dropping = drawsOf(builder, "dropoutKey", counter);

  const updates: Node[] = [];
  const table: WeightTable = {
    read: (name) => builder.read(variableOf(weights, name)),
    update: (name, value) => updates.push(builder.assign(variableOf(weights, name), value)),
  };
  const batch = applySections(builder, trial.data.augment, gather(parts, indices), augmenting.uniform);
  const { losses } = forward(parts, batch, table, dropping.uniform, true);
  const loss = builder.emit("Mean", [losses, builder.ints([0])], { keep_dims: false });

  const decays = new Set(
    trial.network.layers.flatMap((layer) =>
      layer.weights.filter((weight) => weight.decays).map((weight) => `${layer.path}/${weight.name}`),
    ),
  );
  const trained = trains ? weights.filter((weight) => weight.trainable) : [];
  const values = trained.map((weight) => builder.read(weight));
  const gradients = differentiate(builder, loss, values);
  const { op, parameters } = trial.recipe.optimizer;
  const optimizer = operatorOf("optimizer", op);
  for (const [i, weight] of trained.entries()) {
    // A colon stands in no name of a layer: slots and weights cannot meet.
    const slots = optimizer
      .slots(parameters)
      .map(({ name, initial }) => ({ name: `${weight.name}:${name}`, type: weight.type, initial }));
    slots.forEach(addSlot);
    updates.push(
      ...optimizer.update(
        {
          builder,
          weight,
          value: values[i]!,
          gradient: gradients[i]!,
          decays: decays.has(weight.name),
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
  const feeds = { indices, lr, step, counter, ...augmenting.feeds(), ...dropping.feeds() };
  return { feeds, fetches: { loss }, targets: updates };
}

/** Gather, the steps of `evaluate`, forward with moving statistics: nothing is drawn, nothing changes. */
function evaluationEntry(parts: Parts, rows: number): Entry {
  const { builder, trial, weights } = parts;
  const indices = builder.placeholder("indices", { dtype: "i32", shape: [rows] });
  const refuse = (what: string) => () => {
    throw new Error(`${what} has no place in an evaluation`);
  };
  const table: WeightTable = {
    read: (name) => builder.read(variableOf(weights, name)),
    update: refuse("an update"),
  };
  const batch = applySections(builder, trial.data.evaluate, gather(parts, indices), refuse("a random step"));
  const { output, losses } = forward(parts, batch, table, refuse("a random layer"), false);
  return { feeds: { indices }, fetches: { outputs: output, losses }, targets: [] };
}

function variableOf(weights: readonly WeightVariable[], name: string): Variable {
  const found = weights.find((weight) => weight.name === name);
  if (!found) throw new Error(`there is no weight ${name}`);
  return { name, type: found.type };
}

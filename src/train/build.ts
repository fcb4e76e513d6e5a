/** From a trial of the plan to the program that trains it: `program.ts` says what its entries take and give. */
import { createBuilder, type GraphBuilder } from "../graph/builder.ts";
import { passes } from "../graph/passes.ts";
import type { Entry, Program } from "../graph/program.ts";
import { dtypeOfField, type FieldType, shapeOfField } from "../ops/field.ts";
import type { Value, Variable } from "../ops/node.ts";
import { fieldsOf } from "../study/keys.ts";
import type { NamedNetwork, TrialSpec } from "../study/plan.ts";
import type { StaticType } from "../types/tensor.ts";
import { applySections, pixelLabels } from "./augment.ts";
import { type FormulaContext, formulaLowering, type WeightTable } from "./forward.ts";
import { dueAt, entryFor, named, type TrialProgram, type WeightVariable } from "./program.ts";
import { drawsOf } from "./random.ts";
import { averagesOf, averagingEntry, updatesOf } from "./updates.ts";

/** What of a trial decides its program; a `TrialSpec` has it all. */
export type TrialParts = Pick<TrialSpec, "networks" | "recipe" | "data" | "predictions">;

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
  const { networks, recipe, data, predictions } = trial;
  const last = options.after === undefined ? stages.length - 1 : stages.indexOf(options.after);
  if (last < 0) throw new Error(`there is no stage ${options.after}; there are ${stages.join(", ")}`);
  const builder = createBuilder();
  const columns: Record<string, Variable> = Object.fromEntries(
    fieldsOf(trial).map((field) => [
      field,
      { name: `data/${field}`, type: columnType(data.prepared[field]!, count) },
    ]),
  );
  const weights = networks.flatMap((each) => weightsOf(each, networks));
  const slots: TrialProgram["slots"][number][] = [];
  const averages = recipe.average ? averagesOf(weights) : [];
  const parts: Parts = { builder, trial, columns, weights, averages };

  const { objectives } = recipe;
  const entries: Record<string, Entry> = {};
  for (const due of dueSets(objectives))
    entries[entryFor(due, objectives.length)] = trainingEntry(parts, due, last > 0, (slot) => {
      if (!slots.some(({ name }) => name === slot.name)) slots.push(slot);
    });
  entries.evaluate = evaluationEntry(parts, options.evaluateBatch);
  if (averages.length > 0) entries.average = averagingEntry(builder, weights, averages);
  const variables = [...weights, ...slots, ...averages, ...Object.values(columns)].map(({ name, type }) => ({
    name,
    type,
  }));
  const built: Program = { variables, entries };
  const program = passes.slice(0, Math.max(0, last - 1)).reduce((before, pass) => pass.run(before), built);
  // A network may leave an input unread: its field is not in the program then.
  const read = new Set(program.variables.map(({ name }) => name));
  return {
    program,
    weights,
    slots,
    averages,
    data: Object.fromEntries(
      Object.entries(columns)
        .filter(([, { name }]) => read.has(name))
        .map(([field, { name, type }]) => [field, { variable: name, type }]),
    ),
    batch: recipe.batch,
    evaluateBatch: options.evaluateBatch,
    objectives: objectives.map(({ name, every }) => ({ name, every })),
    predictions: Object.fromEntries(
      Object.entries(predictions).map(([label, { type }]) => [
        label,
        type.shape.slice(1) as readonly number[],
      ]),
    ),
    losses: objectives.filter(({ loss }) => loss.type.shape.length > 0).map(({ name }) => name),
  };
}

type Objectives = TrialSpec["recipe"]["objectives"];

/** The sets of objectives that are due together at some step, that of all first. */
function dueSets(objectives: Objectives): readonly Objectives[] {
  const sets = new Map<string, Objectives>([["step", objectives]]);
  const period = objectives.reduce((product, { every }) => leastCommonMultiple(product, every), 1);
  for (let step = 1; step <= period && sets.size < 2 ** objectives.length - 1; step++) {
    const due = dueAt(objectives, step);
    if (due.length > 0) sets.set(entryFor(due, objectives.length), due);
  }
  return [...sets.values()];
}

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  return (a / divisor(a, b)) * b;
}

interface Parts {
  readonly builder: GraphBuilder;
  readonly trial: TrialParts;
  /** Field name to the variable that holds all its rows. */
  readonly columns: Readonly<Record<string, Variable>>;
  readonly weights: readonly WeightVariable[];
  readonly averages: TrialProgram["averages"];
}

/** Rows as they lie in the graph: tensors as they are, classes as i32. */
function columnType(type: FieldType, count: number): StaticType {
  const shape = [count, ...(shapeOfField(type) as readonly number[])];
  return { dtype: dtypeOfField(type), shape };
}

/** The weights of a sole network have the names of its layers; those of several stand behind the network's name. */
const prefixOf = (name: string, networks: readonly NamedNetwork[]): string =>
  networks.length > 1 ? `${name}/` : "";

function weightsOf(
  { name: owner, network }: NamedNetwork,
  networks: readonly NamedNetwork[],
): WeightVariable[] {
  return network.layers.flatMap((layer) =>
    layer.weights.map(({ name, shape, trainable, init }) => ({
      name: `${prefixOf(owner, networks)}${layer.path}/${name}`,
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

/** What formulas are lowered with, on a batch of fields. */
function contextFor(
  { builder, trial, weights }: Parts,
  fields: Readonly<Record<string, Value>>,
  how: { readonly batch: number; readonly training: boolean; readonly uniform: FormulaContext["uniform"] },
  read: (weight: WeightVariable) => Value,
): FormulaContext {
  const { networks, recipe } = trial;
  const table = (network: string): WeightTable => ({
    read: (name) => read(weightOf(weights, `${prefixOf(network, networks)}${name}`)),
  });
  return {
    builder,
    networks,
    ...how,
    field: (name) => fields[name]!,
    prediction: (label) => {
      throw new Error(`the prediction ${label} has no place in a training`);
    },
    table,
    isFrozen: (_, path) => isFrozen(path, recipe.freeze ?? []),
  };
}

const isFrozen = (path: string, freeze: string | readonly string[]): boolean =>
  freeze === "all" || [freeze].flat().some((group) => path === group || path.startsWith(`${group}/`));

/** Gather, augment, forward, losses, gradients, updates: of the objectives that are due, which read the same weights. */
function trainingEntry(
  parts: Parts,
  due: Objectives,
  trains: boolean,
  addSlot: (slot: TrialProgram["slots"][number]) => void,
): Entry {
  const { builder, trial, weights } = parts;
  const { networks, recipe } = trial;
  const feed = (name: string, type: StaticType) => builder.placeholder(name, type);
  const indices = feed("indices", { dtype: "i32", shape: [recipe.batch] });
  const counter = feed("counter", { dtype: "u64", shape: [2] });
  const augmenting = drawsOf(builder, "augmentKey", counter);
  const dropping = drawsOf(builder, "dropoutKey", counter);

  const batch = applySections(
    builder,
    trial.data.augment,
    pixelLabels(trial.data),
    gather(parts, indices),
    augmenting.uniform,
  );
  const how = { batch: recipe.batch, training: true, uniform: dropping.uniform };
  const lower = formulaLowering(contextFor(parts, batch, how, (weight) => builder.read(weight)));
  const lowered = due.map(({ loss }) => lower(loss));

  const feeds: Record<string, Value> = { indices };
  const fetches: Record<string, Value> = {};
  const targets: Entry["targets"][number][] = [];
  for (const [i, objective] of due.entries()) {
    const { value, applications } = lowered[i]!;
    const { name, trains: owners } = objective;
    const lr = feed(named("lr", name), { dtype: "f32", shape: [] });
    const step = feed(named("step", name), { dtype: "f32", shape: [] });
    Object.assign(feeds, { [named("lr", name)]: lr, [named("step", name)]: step });
    const loss =
      value.type.shape.length === 0
        ? value
        : builder.emit("Mean", [value, builder.ints([0])], { keep_dims: false });
    fetches[named("loss", name)] = loss;
    const own = owners.map((owner) => {
      const { network } = networks.find((each) => each.name === owner)!;
      const prefix = prefixOf(owner, networks);
      const layers = network.layers.filter(({ path }) => !isFrozen(path, recipe.freeze ?? []));
      return {
        applications: applications.filter((each) => each.network === owner),
        statistic: (path: string) => weightOf(weights, `${prefix}${path}`),
        weights: layers.flatMap(({ path, weights: specs }) =>
          specs
            .filter(({ trainable }) => trainable)
            .map(({ name: weight, decays }) => ({
              ...weightOf(weights, `${prefix}${path}/${weight}`),
              decays,
            })),
        ),
      };
    });
    targets.push(...updatesOf({ builder, objective, loss, own, lr, step, trains, addSlot }));
  }
  Object.assign(feeds, { counter, ...augmenting.feeds(), ...dropping.feeds() });
  return { feeds, fetches, targets };
}

/** Gather, the steps of `evaluate`, forward with moving statistics: nothing changes. */
function evaluationEntry(parts: Parts, rows: number): Entry {
  const { builder, trial, averages } = parts;
  const indices = builder.placeholder("indices", { dtype: "i32", shape: [rows] });
  const counter = builder.placeholder("counter", { dtype: "u64", shape: [2] });
  const drawing = drawsOf(builder, "drawKey", counter);
  const refuse = () => {
    throw new Error("a random step has no place in an evaluation");
  };
  const batch = applySections(
    builder,
    trial.data.evaluate,
    pixelLabels(trial.data),
    gather(parts, indices),
    refuse,
  );
  const averageOf = new Map(averages.map((average) => [average.of, average]));
  const how = { batch: rows, training: false, uniform: drawing.uniform };
  const lower = formulaLowering(
    contextFor(parts, batch, how, (weight) => builder.read(averageOf.get(weight.name) ?? weight)),
  );
  const fetches: Record<string, Value> = {};
  for (const [label, formula] of Object.entries(trial.predictions))
    fetches[`prediction/${label}`] = lower(formula).value;
  for (const { name, loss } of trial.recipe.objectives)
    if (loss.type.shape.length > 0) fetches[named("losses", name)] = lower(loss).value;
  const drawn = drawing.feeds();
  return {
    feeds: { indices, ...(Object.keys(drawn).length > 0 && { counter, ...drawn }) },
    fetches,
    targets: [],
  };
}

function weightOf(weights: readonly WeightVariable[], name: string): WeightVariable {
  const found = weights.find((weight) => weight.name === name);
  if (!found) throw new Error(`there is no weight ${name}`);
  return found;
}

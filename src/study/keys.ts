/** What a trial is, apart from what it is called: the content that its key is a hash of. */
import { type Formula, fieldsIn } from "../check/formula.ts";
import type { Network, TensorRef } from "../check/network.ts";
import { findOperator } from "../ops/registry.ts";
import type { Family, Json, OpCall, ParameterType } from "../ops/signature.ts";
import { fieldPrediction, measureKey, steeringMetrics } from "./metric.ts";
import type { MetricSpec, NamedNetwork, Objective, RecipeSpec, SectionSpec, TrialSpec } from "./plan.ts";

/**
 * Equal for trials that train the same weights on the same data: names, order of declarations, comments, labels, test rows and
 * report metrics are not in it. Fields stand in the order of `trainingFields`; whoever hashes it adds the digests of those decoded
 * fields and of the row lists of train and valid, which stand for source, `where` and split, and the key of the parent whose
 * weights it begins with.
 */
export function trialIdentity(trial: TrialSpec): Json {
  const { networks, recipe, seed, learner } = trial;
  const fields = trainingFields(trial);
  const metric = ({ split, metric, parameters }: MetricSpec): Json => ({
    split,
    metric: callIdentity({ op: metric, parameters }, split === "cost" ? "cost" : "metric"),
  });
  const formula = (each: Formula): Json => formulaIdentity(each, fields, networks);
  const measured = (spec: MetricSpec): Json => {
    const measure = trial.measures[measureKey(spec)];
    if (!measure) return metric(spec);
    const on = measure.kind === "own" ? [measure.value] : [measure.output, measure.target];
    const what =
      measure.kind === "own" ? { split: spec.split } : (metric(spec) as { readonly [key: string]: Json });
    return { ...what, on: on.map(formula) };
  };
  const [first] = networks;
  const bare = bareLoss(trial);
  const more = Object.values(trainingPredictions(trial)).filter((each) => !isDefault(each, networks));
  return {
    meaning: 1,
    seed,
    numerics: "f32",
    data: dataIdentity(trial, fields),
    ...(bare || learner
      ? { network: networkIdentity(first!.network, fields) }
      : { networks: networks.map(({ network }) => networkIdentity(network, fields)) }),
    ...(more.length > 0 && { predictions: more.map(formula) }),
    // Recipe and augmentation do not apply to a classic learner.
    ...(learner
      ? { learner: callIdentity(learner, "learner") }
      : { recipe: recipeIdentity(recipe, bare, networks, formula, measured) }),
  };
}

function dataIdentity({ data, learner }: TrialSpec, fields: readonly string[]): Json {
  const sections = (specs: readonly SectionSpec[], family: Family): Json =>
    specs
      .filter((section) => section.fields.some((field) => fields.includes(field)) && section.steps.length > 0)
      .map((section) => ({
        fields: section.fields.map((field) => fields.indexOf(field)),
        steps: section.steps.map((step) => callIdentity(step, family)),
      }));
  return {
    fields: fields.map((name) => ({
      role: data.fields.find((field) => field.name === name)!.role,
      decoded: data.fields.find((field) => field.name === name)!.type as unknown as Json,
      fed: data.fed[name]! as unknown as Json,
    })),
    prepare: sections(data.prepare, "prepare"),
    augment: learner ? [] : sections(data.augment, "augment"),
    evaluate: sections(data.evaluate, "augment"),
  };
}

/**
 * What is predicted and kept with the weights of a trial: another thing where metrics need other predictions. Labels and names of
 * objectives are in it, as predictions and losses are kept by them. Fields stand in the order of `fieldsOf`.
 */
export function evaluationIdentity(trial: TrialSpec): Json {
  const fields = fieldsOf(trial);
  return {
    data: dataIdentity(trial, fields),
    predictions: Object.fromEntries(
      Object.entries(trial.predictions).map(([label, each]) => [
        label,
        formulaIdentity(each, fields, trial.networks),
      ]),
    ),
    losses: trial.recipe.objectives.map(({ name }) => name),
  };
}

/** What training needs of the predictions: outputs of networks, and what steers it. */
function trainingPredictions({
  networks,
  predictions,
  recipe,
  measures,
  pair,
}: TrialSpec): TrialSpec["predictions"] {
  const target = pair ? fieldPrediction(pair.target, predictions) : undefined;
  const labels = steeringMetrics(recipe).flatMap((metric) => {
    const measure = measures[measureKey(metric)];
    if (!measure) return target !== undefined && metric.metric !== "loss" ? [target] : [];
    const formulas = measure.kind === "own" ? [measure.value] : [measure.output, measure.target];
    return formulas.flatMap(({ leaves }) =>
      leaves.flatMap((leaf) => ("prediction" in leaf ? [leaf.prediction] : [])),
    );
  });
  const entries = Object.entries(predictions);
  return Object.fromEntries(
    entries.filter(([label, each]) => labels.includes(label) || isDefault(each, networks)),
  );
}

/** The fields that training reads, in the order of `fieldsOf`. */
export function trainingFields(trial: TrialSpec): readonly string[] {
  return fieldsOf({ ...trial, predictions: trainingPredictions(trial) });
}

/** How it is trained. What is not there stands for what it was before these lines were in the language. */
function recipeIdentity(
  recipe: RecipeSpec,
  bare: OpCall | undefined,
  networks: readonly NamedNetwork[],
  formula: (each: Formula) => Json,
  measured: (spec: MetricSpec) => Json,
): Json {
  return {
    ...(bare
      ? { loss: callIdentity(bare, "loss"), ...wayIdentity(recipe.objectives[0]!, measured) }
      : {
          objectives: recipe.objectives.map((each) => ({
            trains: each.trains.map((name) => positionOf(name, networks)),
            loss: formula(each.loss),
            every: each.every,
            ...wayIdentity(each, measured),
          })),
        }),
    batch: recipe.batch,
    length: recipe.length as unknown as Json,
    stop: recipe.stop && watchingIdentity(recipe.stop, "stop", measured),
    keep:
      recipe.keep.kind === "last"
        ? { kind: "last" }
        : { kind: "best", metric: measured(recipe.keep.metric), goal: recipe.keep.goal },
    ...(recipe.precision && { precision: recipe.precision }),
    ...(recipe.init && { init: { groups: recipe.init.parameters.groups ?? null } }),
    ...(recipe.freeze && { freeze: recipe.freeze }),
    ...(recipe.average && { average: callIdentity(recipe.average, "average") }),
  };
}

const positionOf = (name: string, networks: readonly NamedNetwork[]): number =>
  networks.findIndex((each) => each.name === name);

const wayIdentity = (
  { optimizer, schedule, clip }: Objective,
  measured: (spec: MetricSpec) => Json,
): Record<string, Json> => ({
  optimizer: callIdentity(optimizer, "optimizer"),
  schedule: schedule && watchingIdentity(schedule, "schedule", measured),
  ...(clip && { clip: callIdentity(clip, "clip") }),
});

/** Of a call that may watch a metric. */
function watchingIdentity(call: OpCall, family: Family, measured: (spec: MetricSpec) => Json): Json {
  const { metric, ...parameters } = call.parameters;
  const rest = callIdentity({ ...call, parameters }, family);
  if (metric === undefined) return rest;
  return { ...rest, parameters: { ...rest.parameters, metric: measured(metric as unknown as MetricSpec) } };
}

/** Fields, networks and outputs by position. */
function formulaIdentity(
  { leaves, layers, result }: Formula,
  fields: readonly string[],
  networks: readonly NamedNetwork[],
): Json {
  return {
    leaves: leaves.map((leaf): Json => {
      if ("field" in leaf) return { field: fields.indexOf(leaf.field) };
      if ("prediction" in leaf) return { prediction: leaf.prediction };
      const network = positionOf(leaf.network, networks);
      const output = networks[network]!.network.outputs.findIndex(({ name }) => name === leaf.output);
      return { network, output, inputs: leaf.inputs };
    }),
    layers: layers.map(({ op, family, parameters, inputs }) => ({
      ...callIdentity({ op, parameters }, family ?? "layer"),
      inputs,
    })),
    result,
  };
}

/** Whether it is what a network makes of the fields that feed it. */
function isDefault({ leaves, result }: Formula, networks: readonly NamedNetwork[]): boolean {
  const leaf = result < 0 ? leaves[-1 - result] : undefined;
  if (!leaf || !("network" in leaf)) return false;
  const { network } = networks.find(({ name }) => name === leaf.network)!;
  return leaf.inputs.every((ref, i) => {
    const input = ref < 0 ? leaves[-1 - ref] : undefined;
    return input && "field" in input && input.field === network.inputs[i]!.field;
  });
}

/**
 * The loss of a trial in which one loss of the language pairs the sole output of the sole network with the sole target, however
 * that is written. Undefined for every other.
 */
export function bareLoss({ networks, recipe, data }: TrialSpec): OpCall | undefined {
  const [objective, ...others] = recipe.objectives;
  const [sole, ...more] = networks;
  if (!objective || !sole || others.length + more.length > 0 || objective.every !== 1) return undefined;
  const { leaves, layers, result } = objective.loss;
  const [loss] = layers;
  const target =
    loss?.inputs[1] !== undefined && loss.inputs[1] < 0 ? leaves[-1 - loss.inputs[1]] : undefined;
  const targets = data.fields.filter(({ role }) => role === "target");
  const isPair =
    layers.length === 1 &&
    result === 0 &&
    loss!.family === "loss" &&
    sole.network.outputs.length === 1 &&
    isDefault({ ...objective.loss, result: loss!.inputs[0]! }, networks) &&
    targets.length === 1 &&
    target !== undefined &&
    "field" in target &&
    target.field === targets[0]!.name;
  return isPair ? { op: loss!.op, parameters: loss!.parameters } : undefined;
}

/**
 * The fields that a trial reads: those of its losses and predictions in the order in which they are met, and what is prepared or
 * augmented together with one of them.
 */
export function fieldsOf({
  data,
  recipe,
  predictions,
  learner,
}: Pick<TrialSpec, "data" | "recipe" | "predictions" | "learner">): readonly string[] {
  const formulas = [...recipe.objectives.map(({ loss }) => loss), ...Object.values(predictions)];
  const targets = learner ? data.fields.filter(({ role }) => role === "target").map(({ name }) => name) : [];
  const fields = [...new Set([...formulas.flatMap(fieldsIn), ...targets])];
  const sections = [...data.prepare, ...data.augment, ...data.evaluate];
  for (let grown = true; grown; ) {
    grown = false;
    for (const section of sections) {
      if (!section.fields.some((field) => fields.includes(field))) continue;
      for (const field of section.fields)
        if (!fields.includes(field)) {
          fields.push(field);
          grown = true;
        }
    }
  }
  return fields;
}

/** Layers by position: paths, names of weights and of the model say nothing about what is computed. */
function networkIdentity(network: Network, fields: readonly string[]): Json {
  const position = new Map(network.layers.map((layer, i) => [layer.id, i]));
  const ref = (tensor: TensorRef): number => (tensor < 0 ? tensor : position.get(tensor)!);
  return {
    inputs: network.inputs.map(({ field }) => (field === null ? -1 : fields.indexOf(field))),
    outputs: network.outputs.map((output) => ref(output.tensor)),
    layers: network.layers.map((layer) => ({
      ...callIdentity({ op: layer.op, parameters: layer.parameters }, "layer"),
      inputs: layer.inputs.map(ref),
      output: layer.output as unknown as Json,
      weights: layer.weights.map(({ shape, trainable, decays, init }) => ({
        shape,
        trainable,
        decays,
        init: init as unknown as Json,
      })),
    })),
  };
}

/** The call with the version of its operator, and of every operator in its parameters. */
function callIdentity(
  { op, parameters }: OpCall,
  family: Family,
): { readonly op: string; readonly version: number; readonly parameters: Readonly<Record<string, Json>> } {
  const signature = findOperator(family, op)!;
  const types = new Map(signature.parameters.map((parameter) => [parameter.name, parameter.type]));
  const entries = Object.entries(parameters).map(([name, value]) => {
    const type = types.get(name);
    return [name, type ? valueIdentity(value, type) : value];
  });
  return { op, version: signature.version, parameters: Object.fromEntries(entries) };
}

function valueIdentity(value: Json, type: ParameterType): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value))
    return type.kind === "list" ? value.map((item) => valueIdentity(item, type.of)) : value;
  if (type.kind === "operator" && "op" in value) return callIdentity(value as unknown as OpCall, type.family);
  if (type.kind === "metric") {
    const { split, metric, parameters } = value as unknown as MetricSpec;
    return { split, metric: callIdentity({ op: metric, parameters }, split === "cost" ? "cost" : "metric") };
  }
  return value;
}

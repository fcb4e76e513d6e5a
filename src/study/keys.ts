/** What a trial is, apart from what it is called: the content that its key is a hash of. */
import type { Network, TensorRef } from "../check/network.ts";
import { findOperator } from "../ops/registry.ts";
import type { Family, Json, OpCall, ParameterType } from "../ops/signature.ts";
import type { MetricSpec, RecipeSpec, SectionSpec, TrialSpec } from "./plan.ts";

/**
 * Equal for trials that train the same weights on the same data: names, order of declarations, comments, labels, test rows and
 * report metrics are not in it. Fields stand in the order of `fieldsOf`; whoever hashes it adds the digests of those decoded
 * fields and of the row lists of train and valid, which stand for source, `where` and split, and the key of the parent whose
 * weights it begins with.
 */
export function trialIdentity(trial: TrialSpec): Json {
  const { data, network, recipe, seed, learner } = trial;
  const fields = fieldsOf(trial);
  const sections = (specs: readonly SectionSpec[], family: Family): Json =>
    specs
      .filter((section) => section.fields.some((field) => fields.includes(field)) && section.steps.length > 0)
      .map((section) => ({
        fields: section.fields.map((field) => fields.indexOf(field)),
        steps: section.steps.map((step) => callIdentity(step, family)),
      }));
  return {
    meaning: 1,
    seed,
    numerics: "f32",
    data: {
      fields: fields.map((name) => ({
        role: data.fields.find((field) => field.name === name)!.role,
        decoded: data.fields.find((field) => field.name === name)!.type as unknown as Json,
        fed: data.fed[name]! as unknown as Json,
      })),
      prepare: sections(data.prepare, "prepare"),
      augment: learner ? [] : sections(data.augment, "augment"),
      evaluate: sections(data.evaluate, "augment"),
    },
    network: networkIdentity(network, fields),
    // Recipe and augmentation do not apply to a classic learner.
    ...(learner ? { learner: callIdentity(learner, "learner") } : { recipe: recipeIdentity(recipe) }),
  };
}

/** How it is trained. What is not there stands for what it was before these lines were in the language. */
function recipeIdentity(recipe: RecipeSpec): Json {
  const metric = ({ split, metric, parameters }: MetricSpec): Json => ({
    split,
    metric: callIdentity({ op: metric, parameters }, split === "cost" ? "cost" : "metric"),
  });
  return {
    loss: callIdentity(recipe.loss, "loss"),
    optimizer: callIdentity(recipe.optimizer, "optimizer"),
    schedule: recipe.schedule && callIdentity(recipe.schedule, "schedule"),
    batch: recipe.batch,
    length: recipe.length as unknown as Json,
    stop: recipe.stop && callIdentity(recipe.stop, "stop"),
    keep:
      recipe.keep.kind === "last"
        ? { kind: "last" }
        : { kind: "best", metric: metric(recipe.keep.metric), goal: recipe.keep.goal },
    ...(recipe.precision && { precision: recipe.precision }),
    ...(recipe.clip && { clip: callIdentity(recipe.clip, "clip") }),
    ...(recipe.init && { init: { groups: recipe.init.parameters.groups ?? null } }),
    ...(recipe.freeze && { freeze: recipe.freeze }),
    ...(recipe.average && { average: callIdentity(recipe.average, "average") }),
  };
}

/**
 * The fields that a trial reads: the network's inputs in their order, the target, and what is prepared or augmented together
 * with one of them.
 */
export function fieldsOf({ data, network }: TrialSpec): readonly string[] {
  const fields = [
    ...network.inputs.map((input) => input.field),
    ...data.fields.filter((field) => field.role === "target").map((field) => field.name),
  ];
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
    inputs: network.inputs.map((input) => fields.indexOf(input.field)),
    outputs: network.outputs.map((output) => ref(output.tensor)),
    layers: network.layers.map((layer) => ({
      ...(callIdentity({ op: layer.op, parameters: layer.parameters }, "layer") as Record<string, Json>),
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
function callIdentity({ op, parameters }: OpCall, family: Family): Json {
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

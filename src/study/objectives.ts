/** From the losses of a recipe, the data and the models of a trial to its networks, and to what trains which of them. */
import { listWords } from "../check/describe.ts";
import { elaborate } from "../check/elaborate.ts";
import { type Formula, networksIn, partOf, walkFormula } from "../check/formula.ts";
import type { Network } from "../check/network.ts";
import { pairingsIn } from "../check/pairings.ts";
import { lossDoesNotFit } from "../check/shape-messages.ts";
import {
  fieldNamed,
  inputFields,
  outputNamed,
  type Stage,
  type StageField,
  silentBinding,
  typeOfField,
  wantedFor,
} from "../check/stage.ts";
import { appliedTo, checkLossType, formulaOf } from "../check/state-formula.ts";
import type { DeclaredValue } from "../check/value.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { unknownNetwork } from "./diagnostics.ts";
import { valueKey } from "./members.ts";
import { fitsWeights } from "./origin.ts";
import type { DataSpec, NamedNetwork, Objective, TrialSpec } from "./plan.ts";
import type { Minimized, Recipe } from "./recipe.ts";
import { weightedByRow } from "./row-weight.ts";
import { suggestion } from "./suggestion.ts";
import type { Trial } from "./trials.ts";

export interface Settled {
  readonly stage: Stage;
  readonly networks: readonly NamedNetwork[];
  readonly objectives: readonly Objective[];
  /** The outputs of each network on the fields that feed it. */
  readonly predictions: TrialSpec["predictions"];
  readonly pair: TrialSpec["pair"];
}

/** The networks of an experiment by name, and of which training those are that are not trained. */
export interface Cast {
  readonly models: ReadonlyMap<string, DeclaredValue>;
  readonly frozen: ReadonlyMap<string, Trial>;
}

/** `networks` are shared by the trials of a study: equal models on equal tensors are one. Undefined after a report. */
export function settle(
  recipe: Recipe,
  data: DataSpec,
  { models, frozen }: Cast,
  networks: Map<string, Network | undefined>,
  context: StudyContext,
): Settled | undefined {
  const stage = stageOf(data, models, networks, context);
  for (const [name, { settled }] of frozen) {
    const [theirs] = settled.stage.wanted.values();
    if (theirs) stage.wanted.set(name, theirs);
  }
  const objectives: Objective[] = [];
  for (const { value, ...rest } of recipe.minimized) readWanted({ value, ...rest }, stage, context);
  let sound = true;
  for (const minimized of recipe.minimized) {
    // A network under another name is missed in every block: it is told once.
    if (!isKnown(minimized, stage, context)) return undefined;
    const objective = readObjective(minimized, frozen, stage, context);
    if (objective) objectives.push(objective);
    else sound = false;
  }
  if (!sound) return undefined;
  const built = [...models.keys()].flatMap((name): NamedNetwork[] => {
    const network = stage.built.get(name)?.network;
    return network ? [{ name, network }] : [];
  });
  for (const { name, network } of built) {
    const trial = frozen.get(name);
    if (trial && !fitsWeights(name, network, trial, stage.built.get(name)!.span, context)) return undefined;
  }
  const predictions = predictionsOf(
    built.filter(({ name }) => !frozen.has(name)),
    stage,
    context,
  );
  const targets = data.fields.filter(({ role }) => role === "target");
  const [label, ...others] = Object.keys(predictions);
  const isPair = label !== undefined && others.length === 0 && targets.length === 1;
  return {
    stage,
    networks: built,
    objectives,
    predictions,
    pair: isPair ? { prediction: label, target: targets[0]!.name } : null,
  };
}

function stageOf(
  data: DataSpec,
  models: ReadonlyMap<string, DeclaredValue>,
  networks: Map<string, Network | undefined>,
  context: StudyContext,
): Stage {
  const fields = new Map(
    data.fields.map(({ name, role }): [string, StageField] => [name, { role, type: data.fed[name]! }]),
  );
  return {
    data: data.name,
    fields,
    models,
    wanted: new Map(),
    built: new Map(),
    build(model, feeds, wanted) {
      const key = `${valueKey(model)} ${JSON.stringify([feeds, [...wanted]])}`;
      if (!networks.has(key)) networks.set(key, elaborate(model, feeds, wanted, context));
      return networks.get(key);
    },
  };
}

interface Pairing {
  readonly output: string;
  readonly field: string;
}

/** What is wanted of outputs, from the fields that this loss pairs them with. */
function readWanted({ value }: Minimized, stage: Stage, context: StudyContext): void {
  const pairings =
    value.kind === "expression" ? pairingsIn(value.expr, value.scope, context) : [solePair(stage)];
  for (const pairing of pairings) {
    if (!pairing) continue;
    noteWanted(pairing, stage);
    // The other way round is a mistake, which is told where the loss is read; what is wanted is known all the same.
    noteWanted({ output: pairing.field, field: pairing.output }, stage);
  }
}

function noteWanted({ output, field }: Pairing, stage: Stage): void {
  const found = outputNamed(output, stage);
  const name = fieldNamed(field, stage);
  if (!found || name === undefined) return;
  const of = stage.wanted.get(found.network) ?? new Map();
  stage.wanted.set(found.network, of);
  if (!of.has(found.output)) of.set(found.output, wantedFor(stage.fields.get(name)!.type));
}

/** A sole network on the data where there is no recipe to say how it is used: its layers have shapes all the same. */
export function sketch(
  data: DataSpec,
  models: ReadonlyMap<string, DeclaredValue>,
  networks: Map<string, Network | undefined>,
  context: StudyContext,
): void {
  const stage = stageOf(data, models, networks, context);
  const [sole, ...more] = models;
  const bound = sole && more.length === 0 ? silentBinding(sole[1], stage, context) : undefined;
  if (!sole || !bound) return;
  const pair = solePair(stage);
  if (pair) noteWanted(pair, stage);
  const feeds = bound.map((field) => ({ field, type: typeOfField(stage.fields.get(field)!.type) }));
  stage.build(sole[1], feeds, stage.wanted.get(sole[0]) ?? new Map());
}

/** The sole output and the sole target, by names that mean nothing else. */
function solePair(stage: Stage): Pairing | undefined {
  const targets = targetsOf(stage);
  const [model, ...more] = stage.models;
  const outputs = model?.[1].declaration.outputs ?? [];
  if (!model || more.length > 0 || outputs.length !== 1 || targets.length !== 1) return undefined;
  return { output: `${model[0]}.${outputs[0]!.name?.text ?? "output"}`, field: `data.${targets[0]}` };
}

const targetsOf = (stage: Stage): readonly string[] =>
  [...stage.fields].filter(([, { role }]) => role === "target").map(([name]) => name);

/** Whether a `train` block is called as one of the networks is. False after a report. */
function isKnown({ name, place }: Minimized, { models }: Stage, context: StudyContext): boolean {
  if (name === "" || models.has(name)) return true;
  const names = [...models.keys()];
  const details = suggestion({ text: name, span: place }, names);
  const all = listWords(
    names.map((each) => `\`${each}\``),
    "and",
  );
  context.reporter.report(unknownNetwork, { name }, place, {
    ...details,
    // Another arm may have a network of this name.
    fixes: details.fixes?.map((fix) => ({ ...fix, safety: "review" })),
    labels: [...models.values()].slice(0, 1).map(({ span }) => ({ span, text: `with ${all}` })),
    hint: details.hint ?? `the experiment has ${all}`,
  });
  return false;
}

function readObjective(
  minimized: Minimized,
  frozen: Cast["frozen"],
  stage: Stage,
  context: StudyContext,
): Objective | undefined {
  const { name, value, how, place } = minimized;
  const left = frozen.get(name);
  if (left) {
    const problem = `\`${name}\` is not trained: it has the weights that \`${left.spec.experiment}\` left`;
    context.reporter.report(lossDoesNotFit, { problem }, place, {
      hint: "take this block away; to go on training it, give it a model and write `init = from(...)`",
    });
    return undefined;
  }
  const plain = readLoss(minimized, stage, context);
  if (!plain || !checkLossType(plain, value.span, context) || !checkEnds(plain, value.span, stage, context))
    return undefined;
  const loss = weightedByRow(plain, value.span, stage, context);
  if (!loss) return undefined;
  const reached = networksIn(loss);
  const learning = reached.filter((each) => !frozen.has(each));
  const trains = name === "" ? learning : learning.filter((each) => each === name);
  if (trains.length > 0) return { name, trains, loss, ...how };
  const problem =
    name === ""
      ? `this loss uses no network${reached.length > 0 ? " that is trained" : ""}: nothing is learned from it`
      : `this loss does not use \`${name}\`, which it should train`;
  context.reporter.report(lossDoesNotFit, { problem }, value.span, {
    hint: `let it depend on ${name === "" ? "a network's output" : `\`${name}(...)\``}`,
  });
  return undefined;
}

function readLoss({ value }: Minimized, stage: Stage, context: StudyContext): Formula | undefined {
  const { span } = value;
  if (value.kind === "expression") {
    const where = { what: "loss", isMetric: false, scope: value.scope, span };
    return formulaOf(value.expr, where, stage, context);
  }
  const pair = solePair(stage);
  if (pair) {
    const [model] = stage.models.values();
    const where = {
      what: "loss",
      isMetric: false,
      scope: { module: model!.module, has: () => false, lookup: () => undefined, names: () => [] },
      span,
    };
    return appliedTo(value, [pair.output, pair.field], where, stage, context);
  }
  const name = value.kind === "operator" ? value.signature.name : value.declaration.name.text;
  const outputs = [...stage.models.values()].flatMap(({ declaration }) => declaration.outputs);
  const targets = targetsOf(stage);
  const several =
    stage.models.size > 1
      ? `the experiment has ${stage.models.size} networks`
      : outputs.length > 1
        ? `the network has ${outputs.length} outputs`
        : targets.length === 0
          ? `\`${stage.data}\` has no target`
          : `\`${stage.data}\` has ${targets.length} targets`;
  const problem = `\`${name}\` alone pairs the sole output with the sole target, and ${several}`;
  context.reporter.report(lossDoesNotFit, { problem }, span, {
    hint: `write what is compared: \`${exampleOf(name, stage)}\``,
  });
  return undefined;
}

function exampleOf(name: string, stage: Stage): string {
  const [[network, model] = ["model", undefined], ...more] = stage.models;
  const output = model?.declaration.outputs[0]?.name?.text ?? "output";
  const field = targetsOf(stage)[0] ?? inputFields(stage)[0] ?? "field";
  return `${name}(${more.length > 0 ? `${network}(${inputFields(stage)[0] ?? "x"})` : output}, ${field})`;
}

/** Cross entropies take the values before softmax or sigmoid. */
function checkEnds(loss: Formula, span: Span, stage: Stage, context: StudyContext): boolean {
  let sound = true;
  walkFormula(loss, {
    layer({ family, op, inputs }) {
      const leaf = inputs[0]! < 0 ? loss.leaves[-1 - inputs[0]!] : undefined;
      if (family !== "loss" || !op.endsWith("cross_entropy") || !leaf || !("network" in leaf)) return;
      const { network } = stage.built.get(leaf.network)!;
      const output = network!.outputs.find(({ name }) => name === leaf.output);
      const end = network!.layers.find(({ id }) => id === output?.tensor);
      if (end?.op !== "softmax" && end?.op !== "sigmoid") return;
      sound = false;
      const problem = `\`${op}\` takes the values before \`${end.op}\`, and makes the probabilities itself`;
      context.reporter.report(lossDoesNotFit, { problem }, end.span, {
        text: `\`${network!.model}\` ends in this`,
        labels: [{ span, text: "the loss" }],
        hint: `take \`${end.op}\` out of \`${network!.model}\``,
        fixes: [{ title: `take \`${end.op}\` out`, edits: [{ span: end.span, text: "" }], safety: "review" }],
      });
    },
  });
  return sound;
}

/** Of every network that fields feed where nothing is written. */
function predictionsOf(
  networks: readonly NamedNetwork[],
  stage: Stage,
  context: StudyContext,
): Record<string, Formula> {
  const predictions: Record<string, Formula> = {};
  for (const { name, network } of networks) {
    const bound = silentBinding(stage.models.get(name)!, stage, context);
    if (!bound || network.inputs.some(({ field }, i) => field !== bound[i])) continue;
    for (const { name: output, type } of network.outputs) {
      const inputs = bound.map((_, i) => -1 - i);
      const leaves = [...bound.map((field) => ({ field })), { network: name, output, inputs }];
      const whole = { leaves, layers: [], result: -leaves.length, type, text: "" };
      const label = labelOf(whole, whole.result, stage, context);
      predictions[label] = partOf(whole, whole.result, type, label);
    }
  }
  return predictions;
}

/**
 * What a prediction is known by: `output` for what the sole network makes of the fields that feed it, else as it is written,
 * `generator(blurred)`.
 */
export function labelOf(formula: Formula, ref: number, stage: Stage, context: StudyContext): string {
  if (ref >= 0) {
    const { op, inputs, parameters } = formula.layers[ref]!;
    const given = Object.entries(parameters).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    return `${op}(${[...inputs.map((input) => labelOf(formula, input, stage, context)), ...given].join(", ")})`;
  }
  const leaf = formula.leaves[-1 - ref]!;
  if ("field" in leaf) return leaf.field;
  if ("prediction" in leaf) return leaf.prediction;
  const model = stage.models.get(leaf.network)!;
  const outputs = model.declaration.outputs.length;
  const inputs = leaf.inputs.map((input) => labelOf(formula, input, stage, context));
  const isSole = stage.models.size === 1 && silentBinding(model, stage, context)?.join() === inputs.join();
  if (isSole) return leaf.output;
  return `${leaf.network}(${inputs.join(", ")})${outputs > 1 ? `.${leaf.output}` : ""}`;
}

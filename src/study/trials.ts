/** From the points of a sweep to trials: data, network and recipe of each, checked against one another. */
import { describeValue } from "../check/describe.ts";
import { elaborate, type Surroundings } from "../check/elaborate.ts";
import { complete, toJson } from "../check/evaluate.ts";
import type { Network } from "../check/network.ts";
import type { DeclaredValue, OperatorValue, Value } from "../check/value.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { operatorOf } from "../ops/registry.ts";
import type { Span } from "../text/source.ts";
import type { TensorType } from "../types/tensor.ts";
import { levelValue } from "./axis.ts";
import { checkBatch } from "./batch.ts";
import type { Override, Replacement, StudyContext } from "./context.ts";
import { type DataDraft, dataKind } from "./data.ts";
import {
  lossDoesNotFit,
  missingInData,
  missingLine,
  notInThisVersion,
  unknownPath,
  wrongKind,
} from "./diagnostics.ts";
import {
  type Axis,
  describeAxis,
  type Expansion,
  type Part,
  type Point,
  parts,
  reportUnusedName,
} from "./expand.ts";
import type { PlannedExperiment } from "./experiment.ts";
import { finishData } from "./finish-data.ts";
import { withFold } from "./fold.ts";
import { notYet } from "./later.ts";
import { learnerAsNetwork } from "./learner.ts";
import { replaceMember, reportReplaced, valueKey } from "./members.ts";
import { checkFreeze, originTrial } from "./origin.ts";
import type { DataSpec, TrialSpec } from "./plan.ts";
import { finishRecipe, type Recipe, type RecipeDraft, recipeKind } from "./recipe.ts";
import { type Draft, resolveSection, type SectionKind, sectionOf } from "./sections.ts";

/** Trials with what the checks of the design need to point at lines. */
export interface Trial {
  readonly spec: TrialSpec;
  readonly recipe: Recipe;
  /** Where the experiment names its data. */
  readonly spanOfData: Span;
}

export interface TrialMaker {
  /** Undefined after a report. */
  make(point: Point, ordinal: number): Trial | undefined;
}

export function trialMaker(
  experiment: { readonly name: string; readonly span: Span },
  expansion: Expansion,
  overrides: readonly Override[],
  networks: Map<string, Network | undefined>,
  planned: ReadonlyMap<string, PlannedExperiment>,
  context: StudyContext,
): TrialMaker {
  const axisKeys = new Set(expansion.axes.map((axis) => axis.key));
  const fixedOverrides = overrides.filter((each) => !axisKeys.has(keyOf(each)));
  const data = new Map<string, DataSpec | undefined>();
  const recipes = new Map<string, Recipe | undefined>();
  const models = new Map<string, DeclaredValue | OperatorValue | undefined>();
  const names = expansion.axes.filter((axis) => axis.isName).map((axis) => axis.key);
  const used = new Map<string, Network | undefined>();

  /** Levels on which a part of the trial depends: points that agree on them share it. */
  function levelsFor(part: Part, point: Point): string {
    return point.at
      .filter(
        ({ axis }) =>
          axis.path[0]!.text === part || names.includes(axis.key) || (part === "data" && axis.key === "fold"),
      )
      .map(({ axis, level }) => `${axis.key}=${level.label}`)
      .join("\n");
  }

  /** What replaces a part or something in it, short paths first. */
  function replacementsOf(part: Part | "seed", point: Point): readonly Replacement[] {
    const ofAxes = point.at
      .filter(({ axis }) => axis.path[0]!.text === part)
      .map(({ axis, level }): Replacement & { readonly axis: Axis } => ({
        axis,
        path: axis.path,
        by: describeAxis(axis),
        value: (expected) => levelValue(level.of, expected, context),
      }));
    const set = fixedOverrides.filter((each) => each.path[0]!.text === part);
    return [...set, ...ofAxes].sort((a, b) => a.path.length - b.path.length);
  }

  function section<D extends Draft>(kind: SectionKind<D>, point: Point): D | undefined {
    const whole = wholeOf(kind.what, point);
    if (!whole) return undefined;
    let draft =
      "value" in whole.of
        ? sectionOf(kind, whole.of.value, whole.span, context)
        : resolveSection(kind, whole.of.expr, whole.of.scope, context);
    for (const replacement of replacementsOf(kind.what, point))
      if (replacement.path.length > 1) draft = draft && kind.replace(draft, replacement, 1, context);
    return draft;
  }

  /** The expression of a part: from an axis, from `--set`, or from its own line. */
  function wholeOf(part: Part, point: Point) {
    const fixed = point.fixed[part];
    const level = point.at.find(({ axis }) => axis.key === part);
    const override = fixedOverrides.find((each) => keyOf(each) === part);
    if (level) {
      if (fixed)
        reportReplaced(
          `\`${part}\``,
          fixed,
          { path: level.axis.path, by: describeAxis(level.axis), value: () => undefined },
          context,
        );
      return { of: level.level.of, span: level.level.span };
    }
    const replaced = override?.expression(context);
    if (override) return replaced && { of: replaced, span: replaced.expr.span };
    if (fixed) return { of: fixed, span: fixed.expr.span };
    // `vary dataset over` stands for it.
    const misspelt = point.at.find(({ axis }) => axis.isName && suggest(axis.key, parts) === part)?.axis;
    if (misspelt) {
      reportUnusedName(misspelt, context);
      return undefined;
    }
    context.reporter.report(missingLine, { where: experiment.name, what: part }, experiment.span, {
      hint: `add a line such as \`${examples[part]}\``,
    });
    return undefined;
  }

  /** A declared model, or a classic learner. */
  function model(point: Point): DeclaredValue | OperatorValue | undefined {
    const whole = wholeOf("model", point);
    if (!whole) return undefined;
    const value = "value" in whole.of ? whole.of.value : levelValue(whole.of, undefined, context);
    if (!value) return undefined;
    if (value.kind === "record") {
      context.reporter.report(notInThisVersion, { what: "an experiment with several networks" }, whole.span);
      return undefined;
    }
    let changed: Value | undefined = value;
    for (const replacement of replacementsOf("model", point))
      if (replacement.path.length > 1) changed = changed && replaceMember(changed, replacement, 1, context);
    if (!changed) return undefined;
    if (changed.kind === "declared" && changed.declaration.what === "model") return changed;
    if (changed.kind === "operator" && changed.signature.family === "learner") {
      notYet("a classic learner (`classic.*`)", changed.span, context);
      return changed;
    }
    context.reporter.report(wrongKind, { what: "a model", found: describeValue(changed) }, whole.span, {
      hint: changed.kind === "declared" ? "declare it as a `model`" : undefined,
    });
    return undefined;
  }

  function seedOf(point: Point): string | undefined {
    const [replacement] = replacementsOf("seed", point).slice(-1);
    if (!replacement) return "1";
    if (replacement.path.length > 1) {
      const [, name] = replacement.path;
      context.reporter.report(unknownPath, { problem: `a seed has no \`${name!.text}\`` }, name!.span);
      return undefined;
    }
    const value = replacement.value({ kind: "seed" }, context);
    return value && (toJson(value, { kind: "seed" }, context, "`seed`") as string | undefined);
  }

  function cached<T>(cache: Map<string, T>, key: string, make: () => T): T {
    if (!cache.has(key)) cache.set(key, make());
    return cache.get(key)!;
  }

  return {
    make(point, ordinal) {
      const dataKey = levelsFor("data", point);
      const recipeKey = levelsFor("recipe", point);
      const modelKey = levelsFor("model", point);
      const dataSpec = cached(data, dataKey, () => {
        const draft = section<DataDraft>(dataKind, point);
        const whole = draft && finishData(draft, context);
        const spec = whole && withFold(whole, point, point.fixed.data?.span ?? experiment.span, context);
        return spec && checkRoles(spec, draft!.name.span, context) ? spec : undefined;
      });
      const recipe = cached(recipes, recipeKey, () => {
        const draft = section<RecipeDraft>(recipeKind, point);
        return draft && finishRecipe(draft, context);
      });
      const declared = cached(models, modelKey, () => model(point));
      const seed = seedOf(point);
      if (!dataSpec || !declared) return undefined;
      const learner = declared.kind === "operator" ? complete(declared, context) : undefined;
      if (declared.kind === "operator" && !learner) return undefined;
      const network = cached(used, `${dataKey}\n\n${modelKey}`, () => {
        if (declared.kind === "operator") return learnerAsNetwork(declared.signature.name, dataSpec);
        const surroundings = surroundingsOf(dataSpec);
        const key = `${valueKey(declared)} ${JSON.stringify(surroundings)}`;
        return cached(networks, key, () => elaborate(declared, surroundings, context));
      });
      if (!network || !recipe || seed === undefined) return undefined;
      if (!learner && !checkLoss(recipe, dataSpec, network, context)) return undefined;
      if (!learner && !checkBatch(recipe.spec.batch, dataSpec, recipe.batch, context)) return undefined;
      if (!learner && !checkFreeze(recipe, network, context)) return undefined;
      const origin = { point, recipe, data: dataSpec, network, seed };
      const parent = recipe.init && originTrial(recipe.init, origin, planned, context);
      if (recipe.init && !parent) return undefined;
      const labels = (kind: Axis["kind"]) =>
        Object.fromEntries(
          point.at
            .filter(({ axis }) => axis.kind === kind && !axis.searched)
            .map(({ axis, level }) => [axis.key, level.label]),
        );
      return {
        recipe,
        spanOfData: point.fixed.data?.span ?? experiment.span,
        spec: {
          ordinal,
          experiment: experiment.name,
          levels: labels("factor"),
          replicates: labels("replicate"),
          seed,
          data: dataSpec,
          network,
          recipe: recipe.spec,
          ...(learner && { learner }),
          ...(parent && { parent: parent.ordinal }),
        },
      };
    },
  };
}

const keyOf = (override: Override): string => override.path.map((name) => name.text).join(".");

const examples: Readonly<Record<Part, string>> = {
  data: "data = galaxies",
  model: "model = vgg([32, 64])",
  recipe: "recipe = baseline",
};

/** The fields that networks of this version can be given and asked for. */
function checkRoles(data: DataSpec, span: Span, context: StudyContext): boolean {
  const targets = data.fields.filter((field) => field.role === "target");
  const inputs = data.fields.filter((field) => field.role === "input");
  const missing = inputs.length === 0 ? "`input` field" : targets.length === 0 ? "`target` field" : undefined;
  if (missing) {
    context.reporter.report(missingInData, { data: data.name, what: missing }, span, {
      hint:
        inputs.length === 0
          ? "say what the network sees: `input image : f32[64, 64, 3] = source.image`"
          : "say what the network should answer: `target label : class[3] = source.class`",
    });
    return false;
  }
  if (targets.length === 1) return true;
  context.reporter.report(notInThisVersion, { what: "an experiment on data with several targets" }, span);
  return false;
}

/** What a network is fed, with N in front, and what it must answer. */
function surroundingsOf(data: DataSpec): Surroundings {
  const inputs: Record<string, TensorType> = {};
  let output: TensorType | undefined;
  for (const { name, role } of data.fields) {
    const type = data.fed[name]!;
    if (role === "input" && type.kind === "tensor")
      inputs[name] = { dtype: type.dtype, shape: ["N", ...(type.shape as number[])] };
    if (role === "target")
      output =
        type.kind === "class"
          ? { dtype: "f32", shape: ["N", type.count] }
          : { dtype: "f32", shape: ["N", ...(type.shape.length > 0 ? (type.shape as number[]) : [1])] };
  }
  return { inputs, output };
}

function checkLoss(recipe: Recipe, data: DataSpec, network: Network, context: StudyContext): boolean {
  const target = data.fields.find((field) => field.role === "target")!;
  const [output, ...others] = network.outputs;
  const problem = (text: string, hint?: string): false => {
    context.reporter.report(lossDoesNotFit, { problem: text }, recipe.loss, { hint });
    return false;
  };
  if (!output || others.length > 0) {
    context.reporter.report(notInThisVersion, { what: "a network with several outputs" }, recipe.loss);
    return false;
  }
  const { loss } = recipe.spec;
  const mismatch = operatorOf("loss", loss.op).check(output.type, data.fed[target.name]!, loss.parameters);
  if (mismatch) return problem(mismatch.problem, mismatch.hint);
  const end = network.layers.find((layer) => layer.id === output.tensor);
  if (loss.op.endsWith("cross_entropy") && (end?.op === "softmax" || end?.op === "sigmoid")) {
    context.reporter.report(
      lossDoesNotFit,
      { problem: `\`${loss.op}\` takes the values before \`${end.op}\`, and makes the probabilities itself` },
      end.span,
      {
        text: `\`${network.model}\` ends in this`,
        labels: [{ span: recipe.loss, text: "the loss" }],
        hint: `take \`${end.op}\` out of \`${network.model}\``,
        fixes: [{ title: `take \`${end.op}\` out`, edits: [{ span: end.span, text: "" }], safety: "review" }],
      },
    );
    return false;
  }
  return true;
}

/** From the points of a sweep to trials: data, network and recipe of each, checked against one another. */
import { describeValue } from "../check/describe.ts";
import { complete, toJson } from "../check/evaluate.ts";
import type { Network } from "../check/network.ts";
import type { Stage } from "../check/stage.ts";
import type { DeclaredValue, OperatorValue, Value } from "../check/value.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { Span } from "../text/source.ts";
import { levelValue } from "./axis.ts";
import { checkBatch } from "./batch.ts";
import type { Override, Replacement, StudyContext } from "./context.ts";
import { type DataDraft, dataKind } from "./data.ts";
import { missingInData, missingLine, unknownPath, wrongKind } from "./diagnostics.ts";
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
import { settledLearner } from "./learner.ts";
import { replaceMember, reportReplaced } from "./members.ts";
import { type Settled, settle, sketch } from "./objectives.ts";
import { checkFreeze, frozenTrial, originTrial } from "./origin.ts";
import type { DataSpec, TrialSpec } from "./plan.ts";
import { finishRecipe, type Recipe, type RecipeDraft, recipeKind } from "./recipe.ts";
import { type Draft, resolveSection, type SectionKind, sectionOf } from "./sections.ts";

/** Trials with what the checks of the design need to point at lines. */
export interface Trial {
  readonly spec: TrialSpec;
  readonly recipe: Recipe;
  readonly settled: Settled;
  /** The lines of its data. */
  readonly draft: DataDraft;
  /** Whose weights it begins with, or has in a network that is not trained; the line that says so. */
  readonly origins: readonly { readonly trial: Trial; readonly span: Span }[];
}

/** What a trial is made of: networks, and those that another training leaves (`teacher: from(e)`), in the order written. */
type Models = ReadonlyMap<string, DeclaredValue | OperatorValue>;

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
  const data = new Map<string, FoundData | undefined>();
  const recipes = new Map<string, Recipe | undefined>();
  const models = new Map<string, Models | OperatorValue | undefined>();
  const settled = new Map<string, Settled | undefined>();
  /** Numbers for what other trainings leave, to tell them apart. */
  const left = new Map<Settled, number>();
  /** Names of axes that were looked up for each part so far. */
  const used: Record<Part, Set<string>> = { data: new Set(), model: new Set(), recipe: new Set() };

  /** Levels on which a part of the trial depends: points that agree on them share it. */
  function levelsFor(part: Part, point: Point): string {
    return point.at
      .filter(
        ({ axis }) =>
          axis.path[0]!.text === part ||
          axis.isName ||
          used[part].has(axis.key) ||
          (part === "data" && axis.key === "fold"),
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

  /** By the names that the experiment gives them; a sole one without a name is `model`. Or a classic learner. */
  function modelsAt(point: Point): Models | OperatorValue | undefined {
    const whole = wholeOf("model", point);
    if (!whole) return undefined;
    const value = levelValue(whole.of, undefined, context);
    if (!value) return undefined;
    let changed: Value | undefined = value;
    for (const replacement of replacementsOf("model", point))
      if (replacement.path.length > 1) changed = changed && replaceMember(changed, replacement, 1, context);
    if (!changed) return undefined;
    if (changed.kind === "operator" && changed.signature.family === "learner") {
      notYet("a classic learner (`classic.*`)", changed.span, context);
      return changed;
    }
    const named: readonly (readonly [string, Value])[] =
      changed.kind === "record"
        ? changed.entries.map((entry) => [entry.label, entry.value])
        : [["model", changed]];
    const models = new Map<string, DeclaredValue | OperatorValue>();
    for (const [name, each] of named) {
      if (each.kind === "declared" && each.declaration.what === "model") models.set(name, each);
      else if (isOrigin(each) && changed.kind === "record") {
        notYet("a network with the weights of another training (`from`)", each.span, context);
        models.set(name, each);
      } else
        context.reporter.report(
          wrongKind,
          { what: "a model", found: describeValue(each) },
          changed.kind === "record" ? each.span : whole.span,
          {
            hint:
              each.kind === "declared" && each.declaration.what === "block"
                ? "declare it as a `model`"
                : isOrigin(each)
                  ? "to begin with its weights, write `init = from(...)` in the recipe"
                  : undefined,
          },
        );
    }
    return models.size === named.length ? models : undefined;
  }

  /** The trainings that leave the networks which are not trained. Undefined after a report. */
  function frozenAt(models: Models, point: Point, seed: string): ReadonlyMap<string, Trial> | undefined {
    const frozen = new Map<string, Trial>();
    let sound = true;
    for (const [name, from] of models) {
      if (from.kind === "declared") continue;
      const trial = frozenTrial(from, { point, seed }, planned, context);
      if (trial) frozen.set(name, trial);
      else sound = false;
    }
    return sound ? frozen : undefined;
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

  /** `part` is where the names that it looks up come from. */
  function cached<T>(cache: Map<string, T>, part: Part, key: string, make: () => T): T {
    if (!cache.has(key)) cache.set(key, expansion.noting(used[part], make));
    return cache.get(key)!;
  }

  return {
    make(point, ordinal) {
      const dataKey = levelsFor("data", point);
      const recipeKey = levelsFor("recipe", point);
      const modelKey = levelsFor("model", point);
      const found = cached(data, "data", dataKey, () => {
        const draft = section<DataDraft>(dataKind, point);
        const whole = draft && finishData(draft, context);
        const spec = whole && withFold(whole, point, point.fixed.data?.span ?? experiment.span, context);
        return spec && checkRoles(spec, draft!.name.span, context)
          ? { spec, draft: draft!, stage: stageKey(spec) }
          : undefined;
      });
      const dataSpec = found?.spec;
      const recipe = cached(recipes, "recipe", recipeKey, () => {
        const draft = section<RecipeDraft>(recipeKind, point);
        return draft && finishRecipe(draft, context);
      });
      const declared = cached(models, "model", modelKey, () => modelsAt(point));
      const seed = seedOf(point);
      const frozen =
        declared && !("kind" in declared) && seed !== undefined ? frozenAt(declared, point, seed) : noTrials;
      const networksAt = declared && !("kind" in declared) && frozen ? withLeft(declared, frozen) : undefined;
      if (dataSpec && networksAt && !recipe) sketch(dataSpec, networksAt, networks, context);
      if (!found || !dataSpec || !declared || !recipe || seed === undefined || !frozen) return undefined;
      const learner = "kind" in declared ? complete(declared, context) : undefined;
      if ("kind" in declared && !learner) return undefined;
      const leftKey = [...frozen.values()].map((trial) => numberIn(left, trial.settled)).join();
      const made = cached(settled, "recipe", [found.stage, modelKey, recipeKey, leftKey].join("\n\n"), () => {
        if ("kind" in declared) return settledLearner(declared.signature.name, dataSpec);
        const all = settle(recipe, dataSpec, { models: networksAt!, frozen }, networks, context);
        return all && checkFreeze(recipe, all.networks, context) ? all : undefined;
      });
      if (!made) return undefined;
      if (!learner && !checkBatch(recipe.spec.batch, dataSpec, recipe.batch, context)) return undefined;
      const origin = { point, network: made.networks[0]!.network, seed };
      const parent = recipe.init && originTrial(recipe.init, origin, planned, context);
      if (recipe.init && !parent) return undefined;
      const origins = [
        ...(parent ? [{ trial: parent, span: recipe.init!.span }] : []),
        ...[...frozen].map(([name, trial]) => ({ trial, span: (declared as Models).get(name)!.span })),
      ];
      const labels = (kind: Axis["kind"]) =>
        Object.fromEntries(
          point.at
            .filter(({ axis }) => axis.kind === kind && !axis.searched)
            .map(({ axis, level }) => [axis.key, level.label]),
        );
      return {
        recipe,
        settled: made,
        draft: found.draft,
        origins,
        spec: {
          ordinal,
          experiment: experiment.name,
          levels: labels("factor"),
          replicates: labels("replicate"),
          seed,
          data: dataSpec,
          networks: made.networks,
          recipe: { objectives: made.objectives, ...recipe.spec },
          predictions: made.predictions,
          pair: made.pair,
          measures: {},
          ...(learner && { learner }),
          ...(parent && { parent: parent.spec.ordinal }),
          ...(frozen.size > 0 && {
            frozen: Object.fromEntries([...frozen].map(([name, { spec }]) => [name, spec.ordinal])),
          }),
        },
      };
    },
  };
}

const noTrials: ReadonlyMap<string, Trial> = new Map();

const isOrigin = (value: Value): value is OperatorValue =>
  value.kind === "operator" && value.signature.family === "start" && value.signature.name === "from";

/** The networks with those that other trainings leave among them. */
function withLeft(models: Models, frozen: ReadonlyMap<string, Trial>): ReadonlyMap<string, DeclaredValue> {
  return new Map(
    [...models].map(([name, each]) => [
      name,
      each.kind === "declared" ? each : soleModel(frozen.get(name)!.settled.stage),
    ]),
  );
}

const soleModel = ({ models }: Stage): DeclaredValue => models.values().next().value!;

function numberIn<T>(numbers: Map<T, number>, value: T): number {
  if (!numbers.has(value)) numbers.set(value, numbers.size);
  return numbers.get(value)!;
}

interface FoundData {
  readonly spec: DataSpec;
  readonly draft: DataDraft;
  readonly stage: string;
}

/** What losses and networks see of data: those that differ in their split alone share these. */
const stageKey = ({ name, fields, fed }: DataSpec): string =>
  JSON.stringify([name, fields.map((field) => [field.name, field.role]), fed]);

const keyOf = (override: Override): string => override.path.map((name) => name.text).join(".");

const examples: Readonly<Record<Part, string>> = {
  data: "data = galaxies",
  model: "model = vgg([32, 64])",
  recipe: "recipe = baseline",
};

/** A network needs something to see; whether there is something to answer is the matter of its loss. */
function checkRoles(data: DataSpec, span: Span, context: StudyContext): boolean {
  if (data.fields.some((field) => field.role === "input")) return true;
  context.reporter.report(missingInData, { data: data.name, what: "`input` field" }, span, {
    hint: "say what the network sees: `input image : f32[64, 64, 3] = source.image`",
  });
  return false;
}

/** `recipe`: how to train. From its lines to what of it can be settled without data and networks. */
import { describeValue } from "../check/describe.ts";
import { toJson } from "../check/evaluate.ts";
import { outOfRange } from "../check/messages.ts";
import type { DeclaredValue, ExpressionValue, MetricValue, OperatorValue, Value } from "../check/value.ts";
import type { Json, OpCall } from "../ops/signature.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { definedTwice, wrongKind } from "./diagnostics.ts";
import { goalOf, metricSpec } from "./metric.ts";
import type { Duration, MetricSpec, Objective, RecipeSpec } from "./plan.ts";
import { type RecipeDraft, recipeLines, reportMissing } from "./recipe-lines.ts";
import { originOf, weightSettings } from "./weights.ts";

export { type RecipeDraft, recipeKind, recipeLines } from "./recipe-lines.ts";

/** A loss with its place: alone (`cross_entropy`, an own one), to be paired, or an expression that names all it needs. */
export interface Minimized {
  readonly name: string;
  /** Of the `train` block, or of the line. */
  readonly place: Span;
  readonly value: OperatorValue | DeclaredValue | ExpressionValue;
  readonly how: Pick<Objective, "optimizer" | "schedule" | "clip" | "every">;
}

export interface Watched {
  readonly what: string;
  readonly value: MetricValue;
  readonly metric: MetricSpec;
  readonly span: Span;
}

export interface Recipe {
  readonly spec: Omit<RecipeSpec, "objectives">;
  readonly minimized: readonly Minimized[];
  /** Metrics that `stop`, `keep` and schedules watch. */
  readonly watched: readonly Watched[];
  readonly batch: Span;
  /** Where `init` names another experiment. */
  readonly init: OperatorValue | undefined;
  readonly freeze: Value | undefined;
}

/** Checks that everything is there, and fills defaults in. Undefined after a report. */
export function finishRecipe(draft: RecipeDraft, context: StudyContext): Recipe | undefined {
  const blocks = draft.trains.size > 0 ? [...draft.trains.values()] : [draft];
  let sound = true;
  for (const what of ["batch", "length"])
    if (!draft.settings.has(what)) {
      reportMissing(draft, what, draft.name.span, context);
      sound = false;
    }
  const written = draft.settings.get("loss");
  if (draft.trains.size > 0 && written) {
    context.reporter.report(definedTwice, { name: "loss" }, written.span, {
      labels: [...draft.trains.values()].map(({ name }) => ({
        span: name.span,
        text: "minimizes a loss of its own",
      })),
      hint: "keep the `loss`, or the `train` blocks",
    });
    sound = false;
  }
  const json: Record<string, Json> = {};
  for (const [name, { value }] of draft.settings) {
    if (name === "loss") continue;
    const plain = value && (isNone(value) ? null : toJson(value, recipeLines[name]!, context, `\`${name}\``));
    if (plain === undefined) sound = false;
    else if (plain !== null) json[name] = plain;
  }
  const minimized = blocks.map((block) => finishBlock(block, draft, context));
  if (!sound || minimized.some((each) => !each)) return undefined;

  const watched: Watched[] = [];
  const watch = (what: string, { settings } = draft): MetricSpec | undefined => {
    const call = settings.get(what)?.value;
    const value =
      call?.kind === "operator" ? (call.arguments.get("metric") as MetricValue | undefined) : undefined;
    const metric = value && metricSpec(value, context);
    if (!metric) return undefined;
    watched.push({ what, value, metric, span: value.span });
    return metric;
  };
  const stopMetric = watch("stop");
  const best = json.keep === undefined ? stopMetric : watch("keep");
  for (const each of new Set([draft, ...blocks])) watch("schedule", each);
  const stop = (json.stop as unknown as OpCall | undefined) ?? null;

  const length = json.length as unknown as Duration;
  if (Object.values(length).some((amount) => amount <= 0)) {
    const { value } = draft.settings.get("length")!;
    context.reporter.report(
      outOfRange,
      { what: "`length`", limit: "more than 0", got: describeValue(value!) },
      value!.span,
    );
    return undefined;
  }
  return {
    spec: {
      batch: json.batch as number,
      length,
      stop,
      keep: best ? { kind: "best", metric: best, goal: goalOf(best) } : { kind: "last" },
      ...weightSettings(draft, json, context),
    },
    minimized: minimized.map((each) => each!),
    watched,
    batch: draft.settings.get("batch")!.value!.span,
    init: originOf(draft),
    freeze: draft.settings.get("freeze")?.value,
  };
}

const isNone = (value: Value): boolean => value.kind === "word" && value.value === "none";

/** The loss of a `train` block or of the recipe, and how it is gone down. What a block does not say the recipe says. */
function finishBlock(block: RecipeDraft, recipe: RecipeDraft, context: StudyContext): Minimized | undefined {
  const setting = (name: string) => block.settings.get(name) ?? recipe.settings.get(name);
  const own = block === recipe ? "loss" : "minimize";
  let sound = true;
  const loss = block.settings.get("loss");
  const missing = [...(loss ? [] : [own]), ...(setting("optimizer") ? [] : ["optimizer"])];
  for (const what of missing) reportMissing(block, what, block.name.span, context);
  const call = (name: string): OpCall | null => {
    const value = setting(name)?.value;
    if (!setting(name) || (value && isNone(value))) return null;
    const json = value && toJson(value, recipeLines[name]!, context, `\`${name}\``);
    if (json === undefined) sound = false;
    return (json as unknown as OpCall | undefined) ?? null;
  };
  const how = {
    optimizer: call("optimizer")!,
    schedule: call("schedule"),
    clip: call("clip"),
    every: everyOf(block, context),
  };
  const value = loss?.value && checkLoss(loss.value, context);
  if (missing.length > 0 || !sound || !value || how.every === undefined) return undefined;
  const name = block === recipe ? "" : block.name.text;
  return {
    name,
    place: block === recipe ? value.span : block.name.span,
    value,
    how: { ...how, every: how.every },
  };
}

function everyOf(block: RecipeDraft, context: StudyContext): number | undefined {
  const every = block.settings.get("every");
  if (!every) return 1;
  const json = every.value && toJson(every.value, { kind: "duration", in: ["steps"] }, context, "`every`");
  const steps = (json as { readonly steps?: number } | undefined)?.steps;
  if (steps === undefined || steps >= 1) return steps;
  context.reporter.report(
    outOfRange,
    { what: "`every`", limit: "1 step or more", got: describeValue(every.value!) },
    every.value!.span,
  );
  return undefined;
}

function checkLoss(value: Value, context: StudyContext): Minimized["value"] | undefined {
  if (value.kind === "expression") return value;
  if (value.kind === "operator" && value.signature.family === "loss")
    return toJson(value, { kind: "operator", family: "loss" }, context, "`loss`") === undefined
      ? undefined
      : value;
  if (value.kind === "declared" && value.declaration.what === "loss") return value;
  if (value.kind === "declared" || value.kind === "section")
    context.reporter.report(wrongKind, { what: "a loss", found: describeValue(value) }, value.span);
  else toJson(value, { kind: "operator", family: "loss" }, context, "`loss`");
  return undefined;
}

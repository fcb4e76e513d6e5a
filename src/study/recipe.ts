/** `recipe`: how to train. From its lines to a `RecipeSpec`. */
import { describeValue } from "../check/describe.ts";
import { evaluate, reportUnknownMember, toJson } from "../check/evaluate.ts";
import { outOfRange } from "../check/messages.ts";
import { nest, type Scope } from "../check/scope.ts";
import type { MetricValue, OperatorValue, Value } from "../check/value.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { operatorOf } from "../ops/registry.ts";
import type { Json, OpCall, ParameterType } from "../ops/signature.ts";
import type { AssignStatement, Expr } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { Replacement, StudyContext } from "./context.ts";
import { definedTwice, missingLine, notInThisVersion, outOfPlace } from "./diagnostics.ts";
import { pathSpan, replaceMember, reportReplaced } from "./members.ts";
import { metricSpec } from "./metric.ts";
import type { Duration, MetricSpec, RecipeSpec } from "./plan.ts";
import type { Draft, SectionKind } from "./sections.ts";
import { originOf, weightLines, weightSettings } from "./weights.ts";

export type RecipeDraft = Draft;

export const recipeLines: Readonly<Record<string, ParameterType>> = {
  loss: { kind: "operator", family: "loss" },
  optimizer: { kind: "operator", family: "optimizer" },
  schedule: { kind: "operator", family: "schedule" },
  batch: { kind: "int", min: 1 },
  length: { kind: "duration" },
  stop: { kind: "operator", family: "stop" },
  keep: { kind: "operator", family: "keep" },
  ...weightLines,
};

/** Lines that may be taken away again: `stop = none`. */
const removable = new Set(["schedule", "stop", "keep", "clip", "average"]);

export const recipeKind: SectionKind<RecipeDraft> = {
  what: "recipe",
  empty: (name) => ({ name, settings: new Map() }),
  apply(draft, statements, outer, how, context) {
    const settings = new Map(draft.settings);
    const locals = new Map<string, Value | undefined>();
    const scope = nest(outer, locals);
    const written = new Map<string, Span>();
    let changed: RecipeDraft = { ...draft, settings };
    for (const statement of statements)
      if (statement.kind === "let")
        locals.set(statement.name.text, evaluate(statement.value, scope, context));
      else if (statement.kind === "assign") {
        const key = statement.path.map((name) => name.text).join(".");
        const before = written.get(key);
        if (before)
          context.reporter.report(definedTwice, { name: key }, statement.span, {
            labels: [{ span: before, text: "here" }],
            hint: "keep one of the two lines",
          });
        written.set(key, statement.span);
        changed = assign(changed, statement, scope, context) ?? changed;
      } else if (statement.kind === "train" || statement.kind === "minimize") {
        context.reporter.report(
          notInThisVersion,
          { what: "`train` blocks (several networks with a loss each)" },
          statement.span,
        );
        // They would bring both: that these lines are missing is no second mistake.
        changed = mistaken(mistaken(changed, "loss", statement.span), "optimizer", statement.span);
      } else
        context.reporter.report(outOfPlace, { kind: "a recipe" }, statement.span, {
          hint: `a recipe has lines such as \`batch = 32\`${how === "with" ? ", separated by commas" : ""}`,
        });
    return changed;
  },
  replace: (draft, replacement, at, context) => replaceLine(draft, replacement, at, context),
};

function assign(
  draft: RecipeDraft,
  { path, value, span }: AssignStatement,
  scope: Scope,
  context: StudyContext,
): RecipeDraft | undefined {
  const name = path[0]!.text;
  if (path.length === 1 && removable.has(name) && isNone(value)) {
    const settings = new Map(draft.settings);
    settings.delete(name);
    return { ...draft, settings };
  }
  if (path.length === 1 && name === "loss" && pairsByHand(value)) {
    context.reporter.report(
      notInThisVersion,
      { what: "a loss that names its output and field" },
      value.span,
      {
        hint: "write the loss alone, as `loss = cross_entropy`: it pairs the network's output with the sole target",
      },
    );
    return mistaken(draft, name, span);
  }
  const replacement: Replacement = {
    path,
    by: undefined,
    value: (expected) => evaluate(value, scope, context, expected),
  };
  // A misspelt line stands for the one that is meant: that it is missing is no second mistake.
  const meant = recipeLines[name] ? name : suggest(name, Object.keys(recipeLines));
  return (
    replaceLine(draft, replacement, 0, context) ??
    (meant === undefined || draft.settings.has(meant) ? undefined : mistaken(draft, meant, span)) ??
    mistaken(draft, name, span)
  );
}

const isNone = (expr: Expr): boolean => expr.kind === "name" && expr.name.text === "none";

/** `mean_squared_error(output, image)`: positional arguments that are names or applied networks. */
const pairsByHand = (expr: Expr): boolean =>
  expr.kind === "binary" ||
  (expr.kind === "call" &&
    expr.arguments.some(
      (argument) => !argument.name && (argument.value.kind === "name" || argument.value.kind === "call"),
    ));

function mistaken(draft: RecipeDraft, name: string, span: Span): RecipeDraft {
  return { ...draft, settings: new Map(draft.settings).set(name, { value: undefined, span }) };
}

function replaceLine(
  draft: RecipeDraft,
  replacement: Replacement,
  at: number,
  context: StudyContext,
): RecipeDraft | undefined {
  const name = replacement.path[at]!;
  const expected = recipeLines[name.text];
  if (!expected) {
    reportUnknownMember(name, "a recipe", Object.keys(recipeLines), context);
    return undefined;
  }
  const span = pathSpan(replacement.path);
  const old = draft.settings.get(name.text);
  let value: Value | undefined;
  if (at === replacement.path.length - 1) {
    if (old?.value) reportReplaced(`\`${name.text}\``, old, replacement, context);
    value = replacement.value(expected, context);
  } else if (old?.value) value = replaceMember(old.value, replacement, at + 1, context);
  else if (!old) reportMissing(draft, name.text, span, context);
  return value && { ...draft, settings: new Map(draft.settings).set(name.text, { value, span }) };
}

function reportMissing(draft: RecipeDraft, what: string, span: Span, context: StudyContext): void {
  context.reporter.report(missingLine, { where: draft.name.text, what }, span, {
    hint: examples[what] && `add \`${examples[what]}\``,
  });
}

const examples: Readonly<Record<string, string>> = {
  loss: "loss = cross_entropy",
  optimizer: "optimizer = adam(lr: 1e-3)",
  batch: "batch = 32",
  length: "length = 10 epochs",
};

export interface Recipe {
  readonly spec: RecipeSpec;
  readonly loss: Span;
  readonly batch: Span;
  /** Where `init` names another experiment. */
  readonly init: OperatorValue | undefined;
  readonly freeze: Value | undefined;
  /** Metrics that `stop` and `keep` watch. */
  readonly watched: readonly { readonly what: string; readonly metric: MetricSpec; readonly span: Span }[];
}

/** Checks that everything is there, and fills defaults in. Undefined after a report. */
export function finishRecipe(draft: RecipeDraft, context: StudyContext): Recipe | undefined {
  const json: Record<string, Json> = {};
  let sound = true;
  for (const what of Object.keys(examples))
    if (!draft.settings.has(what)) {
      reportMissing(draft, what, draft.name.span, context);
      sound = false;
    }
  for (const [name, { value }] of draft.settings) {
    const plain = value && toJson(value, recipeLines[name]!, context, `\`${name}\``);
    if (plain === undefined) sound = false;
    else json[name] = plain;
  }
  if (!sound) return undefined;

  const watched: { what: string; metric: MetricSpec; span: Span }[] = [];
  const watch = (what: string): MetricSpec | undefined => {
    const call = draft.settings.get(what)?.value as OperatorValue | undefined;
    const value = call?.arguments.get("metric") as MetricValue | undefined;
    const metric = value && metricSpec(value, context);
    if (metric) watched.push({ what, metric, span: value.span });
    return metric;
  };
  const stopMetric = watch("stop");
  const best = json.keep === undefined ? stopMetric : watch("keep");
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
      loss: json.loss as unknown as OpCall,
      optimizer: json.optimizer as unknown as OpCall,
      schedule: (json.schedule as unknown as OpCall | undefined) ?? null,
      batch: json.batch as number,
      length,
      stop: stop && { ...stop, parameters: { ...stop.parameters, metric: stopMetric as unknown as Json } },
      keep: best ? { kind: "best", metric: best, goal: goalOf(best) } : { kind: "last" },
      ...weightSettings(draft, json, context),
    },
    batch: draft.settings.get("batch")!.value!.span,
    init: originOf(draft),
    freeze: draft.settings.get("freeze")?.value,
    loss: draft.settings.get("loss")!.value!.span,
    watched,
  };
}

export function goalOf(metric: MetricSpec): "max" | "min" {
  return operatorOf(metric.split === "cost" ? "cost" : "metric", metric.metric).goal;
}

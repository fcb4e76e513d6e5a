/** The lines of a recipe and of its `train` blocks, before anything is known of data and networks. */

import { evaluate, reportUnknownMember } from "../check/evaluate.ts";
import { unknownMember } from "../check/messages.ts";
import { nest, type Scope } from "../check/scope.ts";
import type { Value } from "../check/value.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { ParameterType } from "../ops/signature.ts";
import type {
  AssignStatement,
  Expr,
  MinimizeStatement,
  Name,
  Statement,
  TrainStatement,
} from "../syntax/ast.ts";
import { type Span, textOf } from "../text/source.ts";
import type { Replacement, StudyContext } from "./context.ts";
import { missingLine, outOfPlace } from "./diagnostics.ts";
import { onceEach } from "./once.ts";
import { type Draft, replaceSetting, type SectionKind, type Setting, withSetting } from "./sections.ts";
import { weightLines } from "./weights.ts";

/** A recipe, or one of its `train` blocks, which has none of its own. */
export interface RecipeDraft extends Draft {
  readonly trains: ReadonlyMap<string, RecipeDraft>;
}

type Lines = Readonly<Record<string, ParameterType>>;

const loss: ParameterType = { kind: "operator", family: "loss" };

/** What a `train` block may have, and a recipe without blocks too. */
const blockLines: Lines = {
  loss,
  optimizer: { kind: "operator", family: "optimizer" },
  schedule: { kind: "operator", family: "schedule" },
  clip: { kind: "operator", family: "clip" },
  every: { kind: "duration", in: ["steps"] },
};

const { every: _, ...shared } = blockLines;

export const recipeLines: Lines = {
  ...shared,
  batch: { kind: "int", min: 1 },
  length: { kind: "duration" },
  stop: { kind: "operator", family: "stop" },
  keep: { kind: "operator", family: "keep" },
  ...weightLines,
};

/** Lines that may be taken away again: `stop = none`. */
const removable = new Set(["schedule", "stop", "keep", "clip", "average"]);

interface Kind {
  readonly what: string;
  readonly lines: Lines;
}

const recipe: Kind = { what: "a recipe", lines: recipeLines };
const block: Kind = { what: "a `train` block", lines: blockLines };

export const recipeKind: SectionKind<RecipeDraft> = {
  what: "recipe",
  empty: (name) => ({ name, settings: new Map(), trains: new Map() }),
  apply: (draft, statements, outer, how, context) =>
    applyLines(draft, statements, recipe, outer, how, context),
  replace: (draft, replacement, at, context) => replaceLine(draft, replacement, at, recipe, context),
};

function applyLines(
  draft: RecipeDraft,
  statements: readonly Statement[],
  kind: Kind,
  outer: Scope,
  how: "body" | "with",
  context: StudyContext,
): RecipeDraft {
  const locals = new Map<string, Value | undefined>();
  const scope = nest(outer, locals);
  const once = onceEach(context);
  let changed = draft;
  for (const statement of statements)
    if (statement.kind === "let") locals.set(statement.name.text, evaluate(statement.value, scope, context));
    else if (statement.kind === "assign") {
      once(statement.path.map((name) => name.text).join("."), statement.span);
      changed = assign(changed, statement, kind, scope, context);
    } else if (statement.kind === "train" && kind === recipe) {
      once(statement.name.text, statement.name.span);
      changed = applyTrain(changed, statement, scope, how, context);
    } else if (statement.kind === "minimize" && kind === block) {
      once("minimize", statement.span);
      changed = withSetting(changed, "loss", minimized(statement, scope));
    } else
      context.reporter.report(outOfPlace, { kind: kind.what }, statement.span, {
        hint: hintFor(statement, kind, how),
      });
  return changed;
}

function hintFor(statement: Statement, kind: Kind, how: "body" | "with"): string {
  if (statement.kind === "minimize") return "write `loss = ...`, or put it into `train name { ... }`";
  if (kind === block) return "a `train` block has `minimize ...` and `optimizer = ...`";
  return `a recipe has lines such as \`batch = 32\`${how === "with" ? ", separated by commas" : ""}`;
}

const minimized = ({ value: expr }: MinimizeStatement, scope: Scope): Setting => ({
  value: { kind: "expression", expr, scope, span: expr.span },
  span: expr.span,
});

/** After `with`, a block that is there already has its lines replaced. */
function applyTrain(
  draft: RecipeDraft,
  { name, body }: TrainStatement,
  scope: Scope,
  how: "body" | "with",
  context: StudyContext,
): RecipeDraft {
  const before = draft.trains.get(name.text) ?? { name, settings: new Map(), trains: new Map() };
  const train = applyLines(before, body.statements, block, scope, how, context);
  return { ...draft, trains: new Map(draft.trains).set(name.text, train) };
}

function assign(
  draft: RecipeDraft,
  { path, value, span }: AssignStatement,
  kind: Kind,
  scope: Scope,
  context: StudyContext,
): RecipeDraft {
  const name = path[0]!.text;
  const written =
    path.length === 1 && kind === recipe && !draft.settings.has("length") && asLength(name, value);
  if (written) {
    context.reporter.report(unknownMember, { name, of: kind.what }, path[0]!.span, {
      text: "it is a `length` here",
      fixes: [{ title: `write \`${written}\``, edits: [{ span, text: written }], safety: "safe" }],
    });
    return withSetting(draft, "length", { value: undefined, span });
  }
  if (path.length === 1 && removable.has(name) && isNone(value)) {
    const settings = new Map(draft.settings);
    settings.delete(name);
    return { ...draft, settings };
  }
  const replacement: Replacement = {
    path,
    by: undefined,
    value: (expected) => evaluate(value, scope, context, expected),
  };
  // A misspelt line stands for the one that is meant: that it is missing is no second mistake.
  const meant = kind.lines[name] ? name : suggest(name, Object.keys(kind.lines));
  const mistaken: Setting = { value: undefined, span };
  return (
    replaceLine(draft, replacement, 0, kind, context) ??
    withSetting(draft, meant !== undefined && !draft.settings.has(meant) ? meant : name, mistaken)
  );
}

/** `length = 3 epochs` for `epochs = 3`. */
function asLength(name: string, value: Expr): string | undefined {
  const unit = durations[name.toLowerCase().replaceAll("_", "")];
  if (unit === undefined || value.kind !== "number") return undefined;
  const text = textOf(value.span);
  return `length = ${/[a-z]$/i.test(text) ? text : `${text} ${unit}`}`;
}

/** What the length of a training is called elsewhere, with its unit. */
const durations: Readonly<Record<string, string>> = {
  epochs: "epochs",
  epoch: "epochs",
  numepochs: "epochs",
  nepochs: "epochs",
  maxepochs: "epochs",
  steps: "steps",
  maxsteps: "steps",
  iterations: "steps",
  trainsteps: "steps",
};

const isNone = (expr: Expr): boolean => expr.kind === "name" && expr.name.text === "none";

function replaceLine(
  draft: RecipeDraft,
  replacement: Replacement,
  at: number,
  kind: Kind,
  context: StudyContext,
): RecipeDraft | undefined {
  const name = replacement.path[at]!;
  const train = draft.trains.get(name.text);
  if (train && at < replacement.path.length - 1) {
    const changed = replaceLine(train, replacement, at + 1, block, context);
    return changed && { ...draft, trains: new Map(draft.trains).set(name.text, changed) };
  }
  const expected = kind.lines[name.text];
  if (!expected) {
    reportUnknownLine(name, [...Object.keys(kind.lines), ...draft.trains.keys()], draft, kind, context);
    return undefined;
  }
  const missing = (line: string, span: Span) => reportMissing(draft, line, span, context);
  const setting = replaceSetting(draft, expected, replacement, at, missing, context);
  return setting && withSetting(draft, name.text, setting);
}

/** `lr = 0.1`: what is no line may be a parameter of one. */
function reportUnknownLine(
  name: Name,
  lines: readonly string[],
  { settings }: RecipeDraft,
  kind: Kind,
  context: StudyContext,
): void {
  for (const [line, { value }] of settings) {
    if (value?.kind !== "operator" || suggest(name.text, lines) !== undefined) continue;
    const names = value.signature.parameters.map((parameter) => parameter.name);
    const meant = names.includes(name.text) ? name.text : suggest(name.text, names);
    if (meant === undefined) continue;
    context.reporter.report(unknownMember, { name: name.text, of: kind.what }, name.span, {
      text: `it belongs to \`${line}\``,
      hint: `write \`${line} = ${value.signature.name}(${meant}: ...)\`, or \`${line}.${meant}\` where a recipe is changed`,
    });
    return;
  }
  reportUnknownMember(name, kind.what, lines, context);
}

export function reportMissing(draft: RecipeDraft, what: string, span: Span, context: StudyContext): void {
  context.reporter.report(missingLine, { where: draft.name.text, what }, span, {
    hint: examples[what] && `add \`${examples[what]}\``,
  });
}

const examples: Readonly<Record<string, string>> = {
  loss: "loss = cross_entropy",
  minimize: "minimize mean_absolute_error(generator(image), sharp)",
  optimizer: "optimizer = adam(lr: 1e-3)",
  batch: "batch = 32",
  length: "length = 10 epochs",
};

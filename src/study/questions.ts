/** `choose`, `compare`, `allow`, and what all questions of an experiment share. */
import { listWords } from "../check/describe.ts";
import { evaluate, toJson } from "../check/evaluate.ts";
import { unknownName } from "../check/messages.ts";
import { isNamed, type Scope } from "../check/scope.ts";
import { metricDoesNotFit } from "../check/shape-messages.ts";
import type { Details } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { operatorNames } from "../ops/registry.ts";
import type { AllowStatement, ChooseStatement, CompareStatement, Expr, Name } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { testLeak } from "./design/diagnostics.ts";
import { readMargin } from "./design/margin.ts";
import { badChoice, badComparison, badReport, notAnAxis, unknownLevel, wrongGoal } from "./diagnostics.ts";
import { type Axis, pathWords, reportUnusedName } from "./expand.ts";
import type { Extras } from "./extras.ts";
import type { AskedMetric } from "./measures.ts";
import { pathSpan } from "./members.ts";
import { goalOf, metricName, metricSpec } from "./metric.ts";
import type { ChooseSpec, CompareSpec, DataSpec, ReportSpec, SearchSpec } from "./plan.ts";
import { suggestion } from "./suggestion.ts";

/** A spec with the line that it comes from. */
export interface Asked<S> {
  readonly spec: S;
  readonly span: Span;
}

export interface Questions {
  readonly choose: readonly Asked<ChooseSpec>[];
  readonly reports: readonly (Asked<ReportSpec> & { readonly as: Span | undefined })[];
  readonly comparisons: readonly Asked<CompareSpec>[];
  readonly searches: readonly Asked<SearchSpec>[];
  readonly extras: Extras;
  readonly allowed: readonly { readonly code: string; readonly because: string; readonly span: Span }[];
  /** Every metric that is asked for, to be checked against data and networks. */
  readonly metrics: readonly AskedMetric[];
}

export interface QuestionContext {
  readonly scope: Scope;
  readonly axes: readonly Axis[];
  /** Names of their own that lines below use. */
  readonly used: ReadonlySet<string>;
  /** Axes whose path is an error that has been reported. */
  readonly mistaken: readonly Axis[];
  /** Undefined where the data are mistaken. */
  readonly data: DataSpec | undefined;
  readonly study: StudyContext;
}

/** `split` is the one that is meant where none is written. */
export function readMetric(
  expr: Expr,
  split: "valid" | "test",
  context: QuestionContext,
): AskedMetric | undefined {
  if (expr.kind === "name" && reportRunTogether(expr.name, context)) return undefined;
  const value = evaluate(expr, context.scope, context.study, { kind: "metric" });
  if (!value) return undefined;
  if (value.kind === "operator" && value.signature.family === "metric") {
    const name = value.signature.name;
    const problem = `say on which split \`${name}\` is measured`;
    context.study.reporter.report(metricDoesNotFit, { problem }, expr.span, {
      hint: `write \`${split}.${name}\``,
    });
    return undefined;
  }
  if (value.kind !== "metric") {
    // Reports at the value's place, with the way to write a metric.
    toJson(value, { kind: "metric" }, context.study, "what is measured");
    return undefined;
  }
  const metric = metricSpec(value, context.study);
  return metric && { metric, value, span: expr.span };
}

/** `test_accuracy`, as logs of other tools call it. False where the name is not of that kind. */
function reportRunTogether({ text, span }: Name, { scope, study }: QuestionContext): boolean {
  const [, split, metric] = /^(train|valid|val|test|cost)_(\w+)$/.exec(text) ?? [];
  if (!split || !metric || isNamed(scope, text)) return false;
  const known = operatorNames(split === "cost" ? "cost" : "metric");
  const meant = known.includes(metric) ? metric : suggest(metric, known);
  if (!meant) return false;
  const way = `${split === "val" ? "valid" : split}.${meant}`;
  study.reporter.report(unknownName, { name: text }, span, {
    text: `did you mean \`${way}\`?`,
    fixes: [{ title: `write \`${way}\``, edits: [{ span, text: way }], safety: "safe" }],
  });
  return true;
}

const pathKey = (path: readonly Name[]): string => path.map((name) => name.text).join(".");

export function findAxis(
  path: readonly Name[],
  kinds: readonly Axis["kind"][],
  context: QuestionContext,
): Axis | undefined {
  const key = pathKey(path);
  const axes = context.axes.filter((axis) => kinds.includes(axis.kind) && !axis.searched);
  const axis = axes.find((each) => each.key === key);
  if (axis || isToldElsewhere(path, context)) return axis;
  const span = pathSpan(path);
  const other = context.axes.find((each) => each.key === key && ["seed", "fold"].includes(key));
  context.study.reporter.report(
    notAnAxis,
    { path: key, want: kinds.length > 1 ? "an axis" : `a ${kinds[0]}` },
    span,
    (other?.kind === "factor" ? varied(other) : undefined) ??
      axisMeant(path, axes) ??
      suggestion(
        { text: key, span },
        axes.map((each) => each.key),
      ),
  );
  return undefined;
}

/** Whether the axis that is meant is there with a mistake in its path: that has been told, or is now. */
function isToldElsewhere(path: readonly Name[], { axes, used, mistaken, study }: QuestionContext): boolean {
  const key = pathKey(path);
  const [last] = path.slice(-1);
  const before = (other: readonly Name[]) => pathKey(other.slice(0, -1));
  const isMeant = (axis: Axis) =>
    path.length > 1 && (axis.path.at(-1)!.text === last!.text || before(axis.path) === before(path));
  if (mistaken.some(isMeant)) return true;
  const misspelt = axes.find(
    (axis) => axis.isName && !used.has(axis.key) && suggest(axis.key, pathWords) === key,
  );
  if (misspelt) reportUnusedName(misspelt, study);
  return misspelt !== undefined;
}

/** `vary seed over`, where what is paired or averaged is meant. */
function varied({ key, path }: Axis): Details {
  return {
    labels: [{ span: pathSpan(path), text: "a factor here" }],
    hint: `\`repeat ${key} over ...\` makes it a replicate`,
  };
}

/** `lr` or `recipe.lr` for `recipe.optimizer.lr`, `model` for `model.width`, and an axis `lr` of its own where the path was meant. */
function axisMeant(path: readonly Name[], axes: readonly Axis[]): Details | undefined {
  const span = pathSpan(path);
  const key = pathKey(path);
  const last = path.at(-1)!.text;
  const longer = axes.filter(
    (axis) => axis.path.length > 1 && (axis.path.at(-1)!.text === last || axis.key.startsWith(`${key}.`)),
  );
  if (longer.length === 1) {
    const meant = longer[0]!.key;
    return {
      text: `did you mean \`${meant}\`?`,
      fixes: [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "safe" }],
    };
  }
  const own = axes.find((axis) => axis.isName && path.length > 1 && axis.key === last);
  if (!own) return undefined;
  const place = pathSpan(own.path);
  return {
    labels: [{ span: place, text: "this is a name of its own" }],
    fixes: [{ title: `vary \`${key}\``, edits: [{ span: place, text: key }], safety: "review" }],
  };
}

/** Keys of the axes after `per`. Undefined after a report. */
export function readPer(
  per: readonly (readonly Name[])[],
  context: QuestionContext,
): readonly string[] | undefined {
  const axes = per.map((each) => findAxis(each, ["factor", "replicate"], context));
  return axes.every((axis) => axis !== undefined) ? axes.map((axis) => axis!.key) : undefined;
}

/** `max(valid.accuracy)`, never on test. `what` is decided by it: `` `lr` is chosen ``. Undefined after a report. */
export function readGoal(
  by: Expr,
  what: string,
  context: QuestionContext,
): { readonly goal: "max" | "min"; readonly metric: AskedMetric } | undefined {
  const { reporter } = context.study;
  const call =
    by.kind === "call" && by.callee.kind === "name" && by.arguments.length === 1 ? by.callee.name.text : "";
  if (call !== "max" && call !== "min") {
    if (by.kind !== "error")
      reporter.report(badChoice, { problem: "say whether the most or the least is chosen" }, by.span, {
        hint: "write `max(valid.accuracy)` or `min(valid.loss)`",
      });
    return undefined;
  }
  const metric = readMetric((by as Extract<Expr, { kind: "call" }>).arguments[0]!.value, "valid", context);
  if (!metric) return undefined;
  const name = metricName(metric.metric);
  if (metric.metric.split === "test") {
    reporter.report(testLeak, { what }, metric.span, {
      text: "the test split",
      hint: `choose on the validation split: \`valid.${metric.metric.metric}\``,
      fixes: [
        {
          title: `choose by \`valid.${metric.metric.metric}\``,
          edits: [{ span: { ...metric.span, end: metric.span.start + "test".length }, text: "valid" }],
          safety: "review",
        },
      ],
    });
    return undefined;
  }
  const goal = goalOf(metric.metric);
  if (goal !== call)
    reporter.report(wrongGoal, { metric: name, written: `${call}(${name})`, goal }, by.span, {
      hint: `write \`${goal}(${name})\``,
    });
  return { goal: call, metric };
}

export function readChoose(
  statement: ChooseStatement,
  context: QuestionContext,
): (Asked<ChooseSpec> & { readonly metric: AskedMetric }) | undefined {
  const { path, by, per, span } = statement;
  const axis = findAxis(path, ["factor"], context);
  const pers = readPer(per, context);
  const goal = readGoal(by, `\`${pathKey(path)}\` is chosen`, context);
  if (!goal || !axis || !pers) return undefined;
  return {
    spec: { path: axis.key, by: goal.metric.metric, goal: goal.goal, per: pers },
    span,
    metric: goal.metric,
  };
}

export function readCompare(
  statement: CompareStatement,
  chosen: readonly string[],
  context: QuestionContext,
): (Asked<CompareSpec> & { readonly metric: AskedMetric }) | undefined {
  const { reporter } = context.study;
  const { left, right, span } = statement;
  const metric = readMetric(statement.on, "test", context);
  const paired = statement.paired.map((name) => findAxis([name], ["replicate"], context));
  const factors = context.axes.filter((axis) => axis.kind === "factor" && !axis.searched);
  const withLabel = (name: Name) =>
    factors.filter((axis) => axis.levels.some((level) => level.label === name.text));
  let known = true;
  for (const name of [left, right])
    if (withLabel(name).length === 0) {
      known = false;
      const labels = factors.flatMap((axis) => axis.levels.map((level) => level.label));
      reporter.report(unknownLevel, { label: name.text }, name.span, suggestion(name, labels));
    }
  let margin: number | null = null;
  if (statement.margin) {
    const value = evaluate(statement.margin, context.scope, context.study);
    const read = value && metric && readMargin(value, metric.metric, context.study);
    if (read === undefined) known = false;
    else margin = read;
  }
  if (!known) return undefined;
  const problem = (text: string, hint: string): undefined => {
    const both = { file: left.span.file, start: left.span.start, end: right.span.end };
    reporter.report(badComparison, { problem: text }, both, { hint });
    return undefined;
  };
  if (left.text === right.text)
    return problem(`\`${left.text}\` is compared with itself`, "name two levels of one factor");
  const shared = withLabel(left).filter((axis) => withLabel(right).includes(axis));
  const factor = shared[0];
  if (!factor)
    return problem(
      `\`${left.text}\` and \`${right.text}\` are levels of different factors`,
      `\`${withLabel(left)[0]!.key}\` has ${words(withLabel(left)[0]!)}`,
    );
  if (shared.length > 1)
    return problem(
      `both ${listWords(
        shared.map((axis) => `\`${axis.key}\``),
        "and",
      )} have levels with these names`,
      "give the levels of one factor other names: `{ a: ..., b: ... }`",
    );
  if (chosen.includes(factor.key))
    return problem(
      `one level of \`${factor.key}\` is chosen, so its levels are not compared`,
      "take the `choose` or the `compare` away",
    );
  if (!metric || paired.some((each) => !each)) return undefined;
  return {
    spec: {
      factor: factor.key,
      left: left.text,
      right: right.text,
      on: metric.metric,
      paired: paired.map((each) => each!.key),
      margin,
    },
    span,
    metric,
  };
}

const words = (axis: Axis): string =>
  listWords(
    axis.levels.map((level) => `\`${level.label}\``),
    "and",
  );

/** Undefined after a report. */
export function readAllow(
  statement: AllowStatement,
  context: QuestionContext,
): Questions["allowed"][number] | undefined {
  if (statement.because)
    return { code: statement.code.text, because: statement.because.value, span: statement.span };
  context.study.reporter.report(
    badReport,
    { problem: `say why \`${statement.code.text}\` is accepted: the report prints it` },
    statement.span,
    { hint: `write \`allow ${statement.code.text} because "..."\`` },
  );
  return undefined;
}

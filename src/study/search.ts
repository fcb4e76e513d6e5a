/** `search tpe(trials: 50) over { recipe.optimizer.lr: 1e-4 .. 1e-1 log } by max(valid.accuracy) per model`. */
import { evaluate, toJson } from "../check/evaluate.ts";
import type { Scope } from "../check/scope.ts";
import type { OpCall } from "../ops/signature.ts";
import type { Name, RangeExpr, SearchStatement } from "../syntax/ast.ts";
import { type Span, textOf } from "../text/source.ts";
import { type Level, levelsOf } from "./axis.ts";
import type { StudyContext } from "./context.ts";
import { badSearch } from "./diagnostics.ts";
import { inverseOf } from "./draw.ts";
import { notYet } from "./later.ts";
import type { AskedMetric } from "./measures.ts";
import { pathSpan } from "./members.ts";
import type { SearchSpec } from "./plan.ts";
import { type Asked, type QuestionContext, readGoal, readPer } from "./questions.ts";

/** What may be searched at one path: values to try the study with, the first of them in place of what will be found. */
export interface Searched {
  readonly path: readonly Name[];
  readonly key: string;
  readonly levels: readonly Level[];
  readonly span: Span;
}

/** Undefined after a report. */
export function searchedPaths(
  { space, span }: SearchStatement,
  scope: Scope,
  context: StudyContext,
): readonly Searched[] | undefined {
  if (space.kind !== "record" || space.entries.length === 0) {
    if (space.kind !== "error")
      context.reporter.report(badSearch, { problem: "a search goes over a record of axes" }, space.span, {
        hint: "write `over { recipe.optimizer.lr: 1e-4 .. 1e-1 log, recipe.batch: [16, 32] }`",
      });
    return undefined;
  }
  notYet("`search`", span, context);
  const found = space.entries.map((entry): Searched | undefined => {
    const { path, labelled, value } = entry;
    if (!labelled) {
      context.reporter.report(badSearch, { problem: "say what is searched here" }, entry.span, {
        hint: `write its path before it: \`recipe.optimizer.lr: ${textOf(entry.span)}\``,
      });
      return undefined;
    }
    const key = path.map((name) => name.text).join(".");
    const levels = value.kind === "range" ? endsOf(value, scope, context) : levelsOf(value, scope, context);
    return levels && { path, key, levels, span: pathSpan(path) };
  });
  return found.every((each) => each !== undefined) ? (found as Searched[]) : undefined;
}

/** The ends of an interval and its middle: what holds for them holds for all that is proposed between. */
function endsOf(range: RangeExpr, scope: Scope, context: StudyContext): readonly Level[] | undefined {
  const value = evaluate(range, scope, context);
  const inverse = value && inverseOf(value, context);
  return (
    inverse &&
    [0.5, 0, 1 - 2 ** -32].map((u, i) => ({
      label: ["middle", "least", "greatest"][i]!,
      span: range.span,
      of: { value: inverse(u) },
    }))
  );
}

/** `trainings` is how many one proposal takes, at the first value of each replicate. Undefined after a report. */
export function readSearch(
  statement: SearchStatement,
  trainings: number,
  context: QuestionContext,
): (Asked<SearchSpec> & { readonly metric: AskedMetric }) | undefined {
  const { method, by, per, space, span } = statement;
  const { study, scope } = context;
  const expected = { kind: "operator", family: "search" } as const;
  const value = evaluate(method, scope, study, expected);
  const call = value && (toJson(value, expected, study, "what stands after `search`") as OpCall | undefined);
  const pers = readPer(per, context);
  if (!by) {
    study.reporter.report(badSearch, { problem: "say what the search should make large or small" }, span, {
      hint: "add `by max(valid.accuracy)`",
    });
    return undefined;
  }
  const goal = readGoal(by, "a search goes by it", context);
  if (!call || !goal || !pers || space.kind !== "record") return undefined;
  return {
    spec: {
      method: call,
      space: space.entries.map(({ path, value: over }) => ({
        path: path.map((name) => name.text).join("."),
        over: textOf(over.span),
      })),
      by: goal.metric.metric,
      goal: goal.goal,
      per: pers,
      trainings: (call.parameters.trials as number) * trainings,
    },
    span,
    metric: goal.metric,
  };
}

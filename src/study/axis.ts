/** Axes: what stands after `over`. From an expression to levels, each with a label and a value. */
import { describeValue, listWords, showValue } from "../check/describe.ts";
import { evaluate, rangeItems, toJson } from "../check/evaluate.ts";
import { numberValue } from "../check/quantity.ts";
import type { Scope } from "../check/scope.ts";
import type { OperatorValue, RangeValue, Value } from "../check/value.ts";
import type { OpCall, ParameterType } from "../ops/signature.ts";
import type { Expr } from "../syntax/ast.ts";
import { type Span, textOf } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { badAxis } from "./diagnostics.ts";
import { drawnValues } from "./draw.ts";

/** One level: an expression that is evaluated where it is known what is expected there, or a value. */
export interface Level {
  readonly label: string;
  readonly span: Span;
  readonly of: { readonly expr: Expr; readonly scope: Scope } | { readonly value: Value };
}

/** Of a level or a line, once it is known what is expected there. Undefined after a report. */
export function levelValue(
  of: Level["of"],
  expected: ParameterType | undefined,
  context: StudyContext,
): Value | undefined {
  return "value" in of ? of.value : evaluate(of.expr, of.scope, context, expected);
}

/** Undefined after a report. */
export function levelsOf(axis: Expr, scope: Scope, context: StudyContext): readonly Level[] | undefined {
  const levels = writtenLevels(axis, scope) ?? evaluatedLevels(axis, scope, context);
  if (!levels) return undefined;
  const problem = (text: string, span: Span, hint?: string, first?: Span) =>
    context.reporter.report(badAxis, { problem: text }, span, {
      hint,
      labels: first ? [{ span: first, text: "first here" }] : [],
    });
  if (levels.length === 0) {
    problem("this axis has no level", axis.span, "give it at least one value");
    return undefined;
  }
  const seen = new Map<string, Span>();
  for (const level of levels) {
    const before = seen.get(level.label);
    seen.set(level.label, level.span);
    if (!before) continue;
    const hint = "give each level a label of its own: `{ a: ..., b: ... }`";
    problem(`two levels are called \`${level.label}\``, level.span, hint, before);
    return undefined;
  }
  return levels;
}

/** A record, a list or `grid(...)` as it stands in the file: labels are texts, and items keep their places. */
function writtenLevels(axis: Expr, scope: Scope): readonly Level[] | undefined {
  const item = (expr: Expr): Level => ({ label: textOf(expr.span), span: expr.span, of: { expr, scope } });
  if (axis.kind === "list") return axis.items.map(item);
  if (axis.kind === "record")
    return axis.entries.map(({ path, labelled, value, span }) => ({
      label: labelled ? path.map((name) => name.text).join(".") : textOf(value.span),
      span,
      of: { expr: value, scope },
    }));
  const isGrid = axis.kind === "call" && axis.callee.kind === "name" && axis.callee.name.text === "grid";
  if (isGrid && axis.arguments.every((argument) => !argument.name))
    return axis.arguments.map((argument) => item(argument.value));
  return undefined;
}

function evaluatedLevels(axis: Expr, scope: Scope, context: StudyContext): readonly Level[] | undefined {
  const expected = { kind: "operator", family: "axis" } as const;
  const value = evaluate(axis, scope, context, axis.kind === "call" ? expected : undefined);
  return value && levelsOfValue(value, axis.span, context);
}

function levelsOfValue(value: Value, span: Span, context: StudyContext): readonly Level[] | undefined {
  const item = (of: Value): Level => ({ label: showValue(of), span: of.span, of: { value: of } });
  if (value.kind === "list") return value.items.map(item);
  if (value.kind === "record")
    return value.entries.map((entry) => ({
      label: entry.label,
      span: entry.span,
      of: { value: entry.value },
    }));
  if (value.kind === "range") {
    const items = rangeItems(value);
    if (!items)
      context.reporter.report(
        badAxis,
        { problem: "a range of numbers that are not whole is an axis only with a step" },
        span,
        {
          hint: `add one, as \`${showValue(value)} step ...\`, or use \`grid(...)\` or \`log_grid(..., 4)\``,
        },
      );
    return items?.map(item);
  }
  if (value.kind !== "operator" || value.signature.family !== "axis") {
    const range = rangeMeant(textOf(span));
    context.reporter.report(
      badAxis,
      { problem: `${value.kind === "number" ? textOf(span) : describeValue(value)} is not an axis` },
      span,
      {
        fixes: range
          ? [{ title: `write \`${range}\``, edits: [{ span, text: range }], safety: "review" }]
          : [],
        hint: "after `over` stands a list, a record of alternatives, a range, `grid(...)` or `log_grid(...)`",
      },
    );
    return undefined;
  }
  switch (value.signature.name) {
    case "grid": {
      const values = value.arguments.get("values");
      return values?.kind === "list" ? values.items.map(item) : undefined;
    }
    case "log_grid": {
      const json = toJson(value, { kind: "operator", family: "axis" }, context, "an axis");
      const range = value.arguments.get("range");
      if (json === undefined || range?.kind !== "range") return undefined;
      const { n } = (json as unknown as OpCall).parameters;
      return logGrid(range, n as number, context)?.map((number) =>
        item(numberValue(number, Number.isInteger(number), range.to.unit, span)),
      );
    }
    case "zip":
      return zipped(value, context);
    default:
      return drawnValues(value, context)?.map((of) => ({
        label: shortLabel(of),
        span: of.span,
        of: { value: of },
      }));
  }
}

/** `32, 0.1` of a list, `width 32, lr 0.1` of a record; else the value's text. */
function shortLabel(value: Value): string {
  if (value.kind === "list") return value.items.map(showValue).join(", ");
  if (value.kind === "record")
    return value.entries.map((entry) => `${entry.label} ${showValue(entry.value)}`).join(", ");
  return showValue(value);
}

/** The levels of axes of equal length, side by side: lists, or records where the axes stand in a record. */
function zipped(value: OperatorValue, context: StudyContext): readonly Level[] | undefined {
  const axes = value.arguments.get("axes");
  const items = axes?.kind === "list" ? axes.items : [];
  const record = items.length === 1 && items[0]!.kind === "record" ? items[0]! : undefined;
  const parts = record ? record.entries.map((entry) => entry.value) : items;
  const levels = parts.map((part) => levelsOfValue(part, part.span, context));
  if (levels.some((each) => !each)) return undefined;
  const problem = (text: string, hint: string): undefined => {
    context.reporter.report(badAxis, { problem: text }, value.span, { hint });
    return undefined;
  };
  if (parts.length < 2)
    return problem("`zip` puts two or more axes side by side", "write `zip([32, 64], [0.1, 0.05])`");
  const lengths = levels.map((each) => each!.length);
  if (new Set(lengths).size > 1)
    return problem(
      `these axes have ${listWords(lengths.map(String), "and")} levels: they cannot stand side by side`,
      "give them equally many",
    );
  return levels[0]!.map((_, i) => {
    const each = levels.map((part) => part![i]!);
    const values = each.map(({ of }) => (of as { readonly value: Value }).value);
    const names = record?.entries.map((entry) => entry.label);
    return {
      label: each.map(({ label }, k) => (names ? `${names[k]} ${label}` : label)).join(", "),
      span: each[0]!.span,
      of: {
        value: names
          ? {
              kind: "record",
              span: value.span,
              entries: values.map((of, k) => ({ label: names[k]!, value: of, span: of.span })),
            }
          : { kind: "list", items: values, span: value.span },
      },
    };
  });
}

/** Twelve digits: `log_grid(2 .. 32, 5)` holds 8, not 7.999999999999998. */
const rounded = (value: number): number => Number(value.toPrecision(12));

function logGrid(range: RangeValue, n: number, context: StudyContext): readonly number[] | undefined {
  const low = range.from.value;
  const high = range.to.value;
  if (!(low > 0 && high > 0)) {
    context.reporter.report(badAxis, { problem: "a logarithmic grid needs ends above 0" }, range.span);
    return undefined;
  }
  return Array.from({ length: n }, (_, i) => rounded(n === 1 ? low : low * (high / low) ** (i / (n - 1))));
}

/** `1-6`, and `6` where there are to be six. */
function rangeMeant(text: string): string | undefined {
  const [, low = "1", high] = /^(?:(\d+) *[-,:] *)?(\d+)$/.exec(text) ?? [];
  return high === undefined || Number(high) <= Number(low) ? undefined : `${low} .. ${high}`;
}

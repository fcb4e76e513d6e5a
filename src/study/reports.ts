/** `report metrics as interval by field in bins`: the tables that an experiment asks for. */
import { evaluate, rangeItems, toJson } from "../check/evaluate.ts";
import type { Value } from "../check/value.ts";
import { shapeOfField, showField } from "../ops/field.ts";
import type { ReportStatement } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { DType } from "../types/tensor.ts";
import { badReport, unknownField } from "./diagnostics.ts";
import type { AskedMetric } from "./measures.ts";
import { metricName } from "./metric.ts";
import type { ReportSpec } from "./plan.ts";
import { type QuestionContext, type Questions, readMetric } from "./questions.ts";
import { suggestion } from "./suggestion.ts";

export function readReport(
  statement: ReportStatement,
  context: QuestionContext,
): (Questions["reports"][number] & { readonly metrics: readonly AskedMetric[] }) | undefined {
  const metrics = statement.metrics.map((expr) => readMetric(expr, "test", context));
  const interval = { kind: "operator", family: "interval" } as const;
  const as = statement.as && evaluate(statement.as, context.scope, context.study, interval);
  const call = as && toJson(as, interval, context.study, "what stands after `as`");
  const found = metrics.flatMap((each) => each ?? []);
  const by = statement.by && checkResolved(found, context) ? readBins(statement.by, context) : undefined;
  if (metrics.some((each) => !each) || (statement.as && call === undefined) || (statement.by && !by))
    return undefined;
  return {
    spec: {
      metrics: metrics.map((each) => each!.metric),
      as: (call as unknown as ReportSpec["as"]) ?? null,
      by: by ?? null,
    },
    span: statement.span,
    as: statement.as?.span,
    metrics: metrics.map((each) => each!),
  };
}

/** Rows of one split are put into bins. False after a report. */
function checkResolved(metrics: readonly AskedMetric[], { study }: QuestionContext): boolean {
  const problem = (text: string, at: AskedMetric, hint: string): false => {
    study.reporter.report(badReport, { problem: text }, at.span, { hint });
    return false;
  };
  const whole = metrics.find(({ metric }) => metric.split !== "test" && metric.split !== "valid");
  if (whole)
    return problem(
      `\`${metricName(whole.metric)}\` is not measured row by row, so nothing resolves it`,
      whole,
      "report it in a line without `by`",
    );
  const [first] = metrics;
  const other = metrics.find(({ metric }) => metric.split !== first!.metric.split);
  return (
    !other ||
    problem(
      `\`${metricName(first!.metric)}\` and \`${metricName(other.metric)}\` are of different rows`,
      other,
      "report each split in a line of its own",
    )
  );
}

function readBins(
  by: NonNullable<ReportStatement["by"]>,
  context: QuestionContext,
): NonNullable<ReportSpec["by"]> | undefined {
  const { reporter } = context.study;
  const { data } = context;
  const bins = by.bins && evaluate(by.bins, context.scope, context.study);
  if (!data) return undefined;
  const field = data.fields.find((each) => each.name === by.field.text);
  if (!field) {
    const names = data.fields.map((each) => each.name);
    reporter.report(
      unknownField,
      { field: by.field.text, data: data.name },
      by.field.span,
      suggestion(by.field, names),
    );
    return undefined;
  }
  const problem = (text: string, span: Span, hint: string): undefined => {
    reporter.report(badReport, { problem: text }, span, { hint });
    return undefined;
  };
  if (shapeOfField(field.type).length > 0)
    return problem(`\`${field.name}\` is not one number a row`, by.field.span, "name a number or a class");
  if (field.role === "input")
    return problem(
      `\`${field.name}\` is an \`input\`, and inputs are not kept with the results`,
      by.field.span,
      `keep it as well, under another name: \`keep ${field.name}_value : ${showField(field.type)} = ...\``,
    );
  if (!by.bins) {
    if (field.type.kind !== "tensor" || !isReal(field.type.dtype)) return { field: field.name, bins: null };
    return problem(
      `\`${field.name}\` is a number, so it needs bins`,
      by.field.span,
      `write \`by ${field.name} in [5, 10, 20]\``,
    );
  }
  if (!bins) return undefined;
  const edges = edgesOf(bins);
  if (edges && edges.length >= 2 && edges.every((edge, i) => i === 0 || edge > edges[i - 1]!))
    return { field: field.name, bins: edges };
  return problem(
    "bins are two or more numbers that ascend",
    by.bins.span,
    "write `in [5, 10, 20]` or `in 14 .. 23 step 1`",
  );
}

/** Truths and whole numbers have values that may stand for themselves. */
const isReal = (dtype: DType): boolean => dtype === "f32" || dtype === "f64";

function edgesOf(bins: Value): readonly number[] | undefined {
  const items = bins.kind === "list" ? bins.items : bins.kind === "range" ? rangeItems(bins) : undefined;
  return items?.every((item) => item.kind === "number")
    ? items.map((item) => (item.kind === "number" ? item.value : Number.NaN))
    : undefined;
}

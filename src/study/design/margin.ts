/** `margin 1%`: a difference that matters, in the unit of the metric that is compared. */
import { toJson } from "../../check/evaluate.ts";
import type { NumberValue, Value } from "../../check/value.ts";
import type { Details } from "../../diagnostics/diagnostic.ts";
import { findOperator } from "../../ops/registry.ts";
import { textOf } from "../../text/source.ts";
import type { StudyContext } from "../context.ts";
import { metricName } from "../metric.ts";
import type { MetricSpec } from "../plan.ts";
import { marginWithoutMeaning } from "./diagnostics.ts";

/** In the metric's unit; undefined after a report. */
export function readMargin(value: Value, metric: MetricSpec, context: StudyContext): number | undefined {
  const unit = findOperator(metric.split === "cost" ? "cost" : "metric", metric.metric)?.unit;
  const margin =
    unit === "seconds"
      ? (
          toJson(value, { kind: "duration", in: ["seconds"] }, context, "the margin") as
            | { seconds: number }
            | undefined
        )?.seconds
      : (toJson(value, { kind: "real", min: 0 }, context, "the margin") as number | undefined);
  if (margin === undefined) return undefined;
  const found = problemOf(margin, value as NumberValue, unit, metricName(metric));
  if (!found) return margin;
  context.reporter.report(marginWithoutMeaning, { problem: found.problem }, value.span, found);
  return undefined;
}

/** Why the verdict could not depend on it. */
function problemOf(
  margin: number,
  { span }: NumberValue,
  unit: string | undefined,
  metric: string,
): (Details & { readonly problem: string }) | undefined {
  const percent = textOf(span).endsWith("%");
  if (margin === 0)
    return {
      problem: "a margin of 0 asks for nothing: every difference is beyond it",
      hint: "take it away, or write the difference that matters",
    };
  if (unit === "fraction" && margin >= 1) {
    const written = percent || margin > 100 ? undefined : `${margin}%`;
    return {
      problem: `no two arms can differ by ${textOf(span)}: \`${metric}\` is a part of 1`,
      ...(written
        ? { fixes: [{ title: `write \`${written}\``, edits: [{ span, text: written }], safety: "review" }] }
        : { hint: "write the difference that matters, as `margin 1%`" }),
    };
  }
  if (unit === "number" && percent)
    return {
      problem: `\`${metric}\` is no part of 1: ${textOf(span)} stands for ${margin}, whatever its value is`,
      hint: "write the difference that matters, in the metric's own unit",
    };
  return undefined;
}

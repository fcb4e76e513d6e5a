/** Metrics of a study: which there are, and whether they can be measured on the data and the network. */
import { complete } from "../check/evaluate.ts";
import type { Network } from "../check/network.ts";
import type { MetricValue } from "../check/value.ts";
import { operatorOf } from "../ops/registry.ts";
import type { SplitOp } from "../ops/split.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { metricDoesNotFit, splitIsEmpty } from "./diagnostics.ts";
import type { DataSpec, MetricSpec } from "./plan.ts";

/** With the metric's parameters filled in. Undefined after a report. */
export function metricSpec(value: MetricValue, context: StudyContext): MetricSpec | undefined {
  const call = complete(value.metric, context);
  return call && { split: value.split, metric: call.op, parameters: call.parameters };
}

/** `test.accuracy` */
export function metricName({ split, metric }: MetricSpec): string {
  return `${split}.${metric}`;
}

/** Reports a split that the data do not have, and a metric that the output or target does not fit. */
export function checkMetric(
  metric: MetricSpec,
  data: DataSpec,
  network: Network,
  span: Span,
  context: StudyContext,
): void {
  if (metric.split === "cost") return;
  if (!hasSplit(data, metric.split)) {
    context.reporter.report(splitIsEmpty, { data: data.name, split: metric.split }, span, {
      hint:
        metric.split === "valid"
          ? `give the split of \`${data.name}\` a \`valid: 15%\``
          : `give the split of \`${data.name}\` a \`${metric.split}\` share`,
    });
    return;
  }
  const target = data.fields.find((field) => field.role === "target");
  if (!target) return;
  const problem = operatorOf("metric", metric.metric).check(
    network.outputs[0]!.type,
    data.fed[target.name]!,
    metric.parameters,
  );
  if (problem)
    context.reporter.report(metricDoesNotFit, { problem: problem.problem }, span, { hint: problem.hint });
}

function hasSplit(data: DataSpec, split: "train" | "valid" | "test"): boolean {
  const { op, parameters } = data.split;
  if (split === "valid") return (operatorOf("split", op) as SplitOp).hasValid(parameters);
  return parameters[split] !== 0;
}

/** Metrics of a study: which there are, and whether they can be measured on the data and the networks. */
import { metricToJson } from "../check/evaluate.ts";
import type { MetricValue } from "../check/value.ts";
import { findOperator, operatorOf } from "../ops/registry.ts";
import type { SplitOp } from "../ops/split.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { splitIsEmpty } from "./diagnostics.ts";
import type { DataSpec, MetricSpec, RecipeSpec, TrialSpec } from "./plan.ts";

/** With the metric's parameters filled in. Undefined after a report. */
export function metricSpec(value: MetricValue, context: StudyContext): MetricSpec | undefined {
  return metricToJson(value, context) as unknown as MetricSpec | undefined;
}

/** `test.accuracy` */
export function metricName({ split, metric }: MetricSpec): string {
  return `${split}.${metric}`;
}

/**
 * What a metric is known by, without its split: `recall(of: "star")`, `psnr(generator(blurred), sharp)`. Parameters that have
 * their defaults are left out.
 */
export function measureKey({ metric, parameters, on = [] }: MetricSpec): string {
  const defaults = new Map(
    findOperator("metric", metric)?.parameters.map((parameter) => [parameter.name, parameter.default]),
  );
  const given = Object.entries(parameters)
    .filter(([name]) => defaults.size > 0 || name !== "goal")
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults.get(name) ?? null))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const inner = [...on, ...given];
  return `${metric}${inner.length > 0 ? `(${inner.join(", ")})` : ""}`;
}

/** The label of the prediction that is a field as evaluation sees it: kept of inputs, and where `evaluate` changes the field. */
export function fieldPrediction(field: string, predictions: TrialSpec["predictions"]): string | undefined {
  return Object.keys(predictions).find((label) => {
    const { leaves, result } = predictions[label]!;
    const leaf = result < 0 ? leaves[-1 - result]! : undefined;
    return leaf !== undefined && "field" in leaf && leaf.field === field;
  });
}

/** What steers a training: which checkpoint counts, when it ends, when the learning rate falls. */
export function steeringMetrics({ keep, stop, objectives }: RecipeSpec): readonly MetricSpec[] {
  const calls = [stop, ...objectives.map(({ schedule }) => schedule)];
  const watched = calls.flatMap(
    (call) => (call?.parameters.metric as unknown as MetricSpec | undefined) ?? [],
  );
  return [...(keep.kind === "best" ? [keep.metric] : []), ...watched];
}

/** Is more of it better? An own metric says so with a parameter, `goal: word = max`; else less of it is better, as of an error. */
export function goalOf({ split, metric, parameters }: MetricSpec): "max" | "min" {
  const op = findOperator(split === "cost" ? "cost" : "metric", metric);
  return op?.goal ?? (parameters.goal === "max" ? "max" : "min");
}

/** False, after a report, where the data do not have the split that is measured. */
export function checkSplitOf(metric: MetricSpec, data: DataSpec, span: Span, context: StudyContext): boolean {
  if (metric.split === "cost" || hasSplit(data, metric.split)) return true;
  context.reporter.report(splitIsEmpty, { data: data.name, split: metric.split }, span, {
    hint:
      metric.split === "valid"
        ? `give the split of \`${data.name}\` a \`valid: 15%\``
        : `give the split of \`${data.name}\` a \`${metric.split}\` share`,
  });
  return false;
}

function hasSplit(data: DataSpec, split: "train" | "valid" | "test"): boolean {
  const { op, parameters } = data.split;
  if (split === "valid") return (operatorOf("split", op) as SplitOp).hasValid(parameters);
  return parameters[split] !== 0;
}

/** What of a study's metrics can be checked only when the data are read. */
import type { Formula } from "../check/formula.ts";
import type { Dataset } from "../data/dataset.ts";
import { findOperator } from "../ops/registry.ts";
import { measureKey, steeringMetrics } from "../study/metric.ts";
import type { DataSpec, Measure, MetricSpec, Plan, TrialSpec } from "../study/plan.ts";
import { noSuchClass, withClasses, withClassNumbers } from "../train/class-names.ts";
import { askedMetrics } from "./jobs.ts";

/** Throws a `Problem` for a metric or loss of a class that the data do not have: before anything is trained, not after it. */
export function checkMetrics(plan: Plan, datasetOf: (data: DataSpec) => Dataset): void {
  for (const trial of plan.trials) {
    const dataset = datasetOf(trial.data);
    withClasses(trial, dataset);
    for (const metric of metricsOf(plan, trial)) {
      const measure = trial.measures[measureKey(metric)];
      const field = measure ? measure.field : trial.pair?.target;
      for (const formula of formulasOf(measure))
        withClassNumbers(formula, (name) => dataset.fields[name]?.classes);
      const classes = dataset.fields[field ?? ""]?.classes ?? null;
      const operator = findOperator("metric", metric.metric);
      if (!classes || !operator?.checkClasses?.(classes, metric.parameters)) continue;
      const places = plan.places?.metrics[trial.experiment]?.[measureKey(metric)];
      throw noSuchClass(String(metric.parameters.of), field!, classes, places ?? []);
    }
  }
}

const formulasOf = (measure: Measure | undefined): readonly Formula[] => {
  if (!measure) return [];
  return measure.kind === "own" ? [measure.value] : [measure.output, measure.target];
};

/** All that are measured of a trial: those of its experiment, and those that steer its training. */
const metricsOf = (plan: Plan, trial: TrialSpec): readonly MetricSpec[] => [
  ...askedMetrics(plan, trial),
  ...steeringMetrics(trial.recipe),
];

import type { MetricOp } from "../metric.ts";
import { decisionMetrics } from "./classification.ts";
import { costMetrics } from "./cost.ts";
import { imageMetrics } from "./images.ts";
import { lossMetric } from "./loss.ts";
import { operatingPointMetrics } from "./operating-point.ts";
import { probabilityMetrics } from "./probability.ts";
import { numberMetrics } from "./regression.ts";

/** Of outputs that are NaN nothing is measured: the largest of them would be the first class, and their order is any. */
const ofFiniteOutputs = (metric: MetricOp): MetricOp => ({
  ...metric,
  measure: (predicted, parameters) =>
    predicted.outputs.some((value) => Number.isNaN(value))
      ? Number.NaN
      : metric.measure(predicted, parameters),
});

/** Every operator of the family; `../registry.ts` makes the table. */
export const metrics: readonly MetricOp[] = [
  ...[
    ...decisionMetrics,
    ...probabilityMetrics,
    ...operatingPointMetrics,
    ...numberMetrics,
    ...imageMetrics,
  ].map(ofFiniteOutputs),
  lossMetric,
  ...costMetrics,
];

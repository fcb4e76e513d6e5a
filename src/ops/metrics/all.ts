import type { MetricOp } from "../metric.ts";
import { decisionMetrics } from "./classification.ts";
import { costMetrics } from "./cost.ts";
import { imageMetrics } from "./images.ts";
import { lossMetric } from "./loss.ts";
import { operatingPointMetrics } from "./operating-point.ts";
import { probabilityMetrics } from "./probability.ts";
import { numberMetrics } from "./regression.ts";

/** Every operator of the family; `../registry.ts` makes the table. */
export const metrics: readonly MetricOp[] = [
  ...decisionMetrics,
  ...probabilityMetrics,
  ...operatingPointMetrics,
  ...numberMetrics,
  ...imageMetrics,
  lossMetric,
  ...costMetrics,
];

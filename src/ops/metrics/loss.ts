import type { MetricOp } from "../metric.ts";

export const lossMetric: MetricOp = {
  name: "loss",
  family: "metric",
  example: "report train.loss, test.loss",
  doc: "The mean of the recipe's loss over the examples of the split, smoothing and weights included.",
  parameters: [
    {
      name: "of",
      type: { kind: "label" },
      optional: true,
      doc: "Of which `train` block, where there are several: `train.loss(of: generator)`.",
    },
  ],
  version: 1,
  goal: "min",
  unit: "number",
  check: () => undefined,
  measure(predicted) {
    let sum = 0;
    for (const loss of predicted.losses) sum += loss;
    return sum / predicted.losses.length;
  },
};

import type { MetricOp } from "../metric.ts";

/** What a training costs. Read from a trial's record and its network, never measured on predictions. */
function cost(name: string, doc: string, unit: MetricOp["unit"]): MetricOp {
  return {
    name,
    family: "cost",
    doc,
    parameters: [],
    version: 1,
    goal: "min",
    unit,
    check: () => undefined,
    measure() {
      throw new Error(`cost.${name} is read from the trial's record`);
    },
  };
}

export const costMetrics: readonly MetricOp[] = [
  cost("time", "The wall time of one training, evaluation included.", "seconds"),
  cost("parameters", "The number of trained parameters of the network.", "count"),
  cost("macs", "Multiply-accumulates of the network for one sample, forward.", "count"),
];

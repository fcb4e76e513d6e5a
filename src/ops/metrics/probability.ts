/** Metrics of probabilities, which are made here from logits by softmax. */
import type { MetricOp, Predicted } from "../metric.ts";
import type { Parameters } from "../signature.ts";
import {
  checkLogits,
  checkOfClasses,
  logits,
  ofParameter,
  positiveClass,
  predictedClasses,
  probabilities,
} from "./classes.ts";

/**
 * Log odds of class k of each row, z_k - log sum of exp z over the others: orders rows as the probability does, without
 * the ties that rounding to 1 would make.
 */
function scores(predicted: Predicted, k: number): Float64Array {
  const { classes, values } = logits(predicted);
  const out = new Float64Array(predicted.count);
  for (let i = 0; i < predicted.count; i++) {
    let top = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) if (j !== k) top = Math.max(top, values[i * classes + j]!);
    let sum = 0;
    for (let j = 0; j < classes; j++) if (j !== k) sum += Math.exp(values[i * classes + j]! - top);
    out[i] = values[i * classes + k]! - top - Math.log(sum);
  }
  return out;
}

/** Area under the ROC curve of class k against the rest: the Mann-Whitney statistic, ties count one half. NaN with one sort only. */
function areaUnderCurve(predicted: Predicted, k: number): number {
  const score = scores(predicted, k);
  const order = Array.from(score.keys()).sort((a, b) => score[a]! - score[b]!);
  let positives = 0;
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && score[order[to]!] === score[order[from]!]) to++;
    const rank = (from + 1 + to) / 2;
    for (let at = from; at < to; at++) {
      if (Number(predicted.targets[order[at]!]!) !== k) continue;
      positives++;
      ranks += rank;
    }
    from = to;
  }
  const negatives = predicted.count - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function auc(predicted: Predicted, parameters: Parameters): number {
  const { classes } = logits(predicted);
  if (classes === 2 || typeof parameters.of === "string")
    return areaUnderCurve(predicted, positiveClass(predicted, parameters));
  const areas = Array.from({ length: classes }, (_, k) => areaUnderCurve(predicted, k)).filter(
    (area) => !Number.isNaN(area),
  );
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

function logLoss(predicted: Predicted): number {
  const { classes, values } = logits(predicted);
  let total = 0;
  for (let i = 0; i < predicted.count; i++) {
    const row = values.subarray(i * classes, (i + 1) * classes);
    const top = Math.max(...row);
    let sum = 0;
    for (const z of row) sum += Math.exp(z - top);
    total += Math.log(sum) + top - row[Number(predicted.targets[i]!)]!;
  }
  return total / predicted.count;
}

function brier(predicted: Predicted): number {
  const p = probabilities(predicted);
  const classes = p.length / predicted.count;
  let total = 0;
  for (let i = 0; i < predicted.count; i++) {
    const truth = Number(predicted.targets[i]!);
    for (let k = 0; k < classes; k++) total += (p[i * classes + k]! - (k === truth ? 1 : 0)) ** 2;
  }
  return total / predicted.count / (classes === 2 ? 2 : 1);
}

/** One bin of a reliability diagram: confidences in (from, to]. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability of the class that was chosen; NaN in an empty bin. */
  readonly confidence: number;
  /** Share of right answers; NaN in an empty bin. */
  readonly accuracy: number;
}

/** The probability of the chosen class against how often it is right, in `bins` bins of equal width. */
export function reliability(predicted: Predicted, bins: number): ReliabilityBin[] {
  const p = probabilities(predicted);
  const classes = p.length / predicted.count;
  const chosen = predictedClasses(predicted);
  const count = new Float64Array(bins);
  const confidence = new Float64Array(bins);
  const right = new Float64Array(bins);
  for (let i = 0; i < predicted.count; i++) {
    const probability = p[i * classes + chosen[i]!]!;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1));
    count[bin]! += 1;
    confidence[bin]! += probability;
    if (Number(predicted.targets[i]!) === chosen[i]) right[bin]! += 1;
  }
  return Array.from(count, (n, b) => ({
    from: b / bins,
    to: (b + 1) / bins,
    count: n,
    confidence: confidence[b]! / n,
    accuracy: right[b]! / n,
  }));
}

function calibration(predicted: Predicted, parameters: Parameters): number {
  return reliability(predicted, parameters.bins as number).reduce(
    (sum, bin) =>
      bin.count === 0 ? sum : sum + (bin.count / predicted.count) * Math.abs(bin.accuracy - bin.confidence),
    0,
  );
}

export const probabilityMetrics: readonly MetricOp[] = [
  {
    name: "auc",
    family: "metric",
    doc: "The area under the ROC curve: how probably an example of the class scores above one that is not of it. With more than two classes the mean over all of each class against the rest, unless `of` names one.",
    parameters: [ofParameter],
    version: 1,
    goal: "max",
    unit: "fraction",
    check: (output, target) => checkLogits("auc", output, target),
    checkClasses: checkOfClasses,
    measure: auc,
  },
  {
    name: "log_loss",
    family: "metric",
    doc: "The mean of minus the natural logarithm of the probability of the true class (cross entropy without smoothing).",
    parameters: [],
    version: 1,
    goal: "min",
    unit: "number",
    check: (output, target) => checkLogits("log_loss", output, target),
    measure: logLoss,
  },
  {
    name: "brier",
    family: "metric",
    doc: "The mean squared distance between the probabilities and the truth, summed over classes (Brier 1950); of two classes one is counted.",
    parameters: [],
    version: 1,
    goal: "min",
    unit: "number",
    check: (output, target) => checkLogits("brier", output, target),
    measure: brier,
  },
  {
    name: "calibration",
    family: "metric",
    doc: "The expected calibration error (Guo et al. 2017): the mean distance between the probability of the chosen class and how often it is right, over bins of that probability, weighted by the examples in them.",
    parameters: [
      { name: "bins", type: { kind: "int", min: 1 }, default: 15, doc: "Number of bins of equal width." },
    ],
    version: 1,
    goal: "min",
    unit: "fraction",
    check: (output, target) => checkLogits("calibration", output, target),
    measure: calibration,
  },
];

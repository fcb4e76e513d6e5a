/** Metrics of probabilities, which are made here from logits by softmax. */
import type { MetricOp, Predicted } from "../metric.ts";
import type { Parameters } from "../signature.ts";
import {
  checkLogits,
  checkOf,
  checkOfClasses,
  logits,
  ofParameter,
  positiveClass,
  predictedClasses,
  probabilities,
} from "./classes.ts";
import { ofEachClass, scores } from "./scores.ts";

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

const auc = ofEachClass(areaUnderCurve);

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

/** Over every window of so many rows next to one another in the order of the class's probability; all rows where they are fewer. */
function windowedCalibration(predicted: Predicted, parameters: Parameters): number {
  const k = positiveClass(predicted, parameters);
  const p = probabilities(predicted);
  const classes = p.length / predicted.count;
  const size = Math.min(parameters.window as number, predicted.count);
  const order = Array.from({ length: predicted.count }, (_, i) => i).sort(
    (a, b) => p[a * classes + k]! - p[b * classes + k]!,
  );
  const differences = order.map(
    (row) => p[row * classes + k]! - (Number(predicted.targets[row]!) === k ? 1 : 0),
  );
  let inWindow = 0;
  let distance = 0;
  for (const [at, difference] of differences.entries()) {
    inWindow += difference - (differences[at - size] ?? 0);
    if (at >= size - 1) distance += Math.abs(inWindow) / size;
  }
  return distance / (order.length - size + 1);
}

/** |N_k - sum of P_k| / N_k. */
function countError(predicted: Predicted, parameters: Parameters): number {
  const k = positiveClass(predicted, parameters);
  const p = probabilities(predicted);
  const classes = p.length / predicted.count;
  let expected = 0;
  let found = 0;
  for (let i = 0; i < predicted.count; i++) {
    expected += p[i * classes + k]!;
    if (Number(predicted.targets[i]!) === k) found++;
  }
  return Math.abs(found - expected) / found;
}

const ofClass = (name: string): Pick<MetricOp, "check" | "checkClasses"> => ({
  check: (output, target, parameters) =>
    checkLogits(name, output, target) ?? checkOf(name, target, parameters),
  checkClasses: checkOfClasses,
});

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
    example: "report test.calibration(bins: 10)",
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
  {
    name: "windowed_calibration",
    family: "metric",
    example: "report test.windowed_calibration(window: 100)",
    doc: "How far the mean probability of a class is from its frequency, averaged over every window of so many examples in the order of that probability (Caruana and Niculescu-Mizil 2004; CAL in Kim and Brunner 2017).",
    parameters: [
      ofParameter,
      { name: "window", type: { kind: "int", min: 1 }, default: 1000, doc: "Examples in a window." },
    ],
    version: 1,
    goal: "min",
    unit: "fraction",
    ...ofClass("windowed_calibration"),
    measure: windowedCalibration,
  },
  {
    name: "count_error",
    family: "metric",
    doc: "How far the sum of a class's probabilities is from the number of its examples, as a share of that number: `|N - sum P| / N` (Kim and Brunner 2017).",
    parameters: [ofParameter],
    version: 1,
    goal: "min",
    unit: "fraction",
    ...ofClass("count_error"),
    measure: countError,
  },
];

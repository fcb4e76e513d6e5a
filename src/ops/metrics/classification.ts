/** Metrics of decisions: the class with the largest logit against the truth. Conventions are scikit-learn's. */
import type { MetricOp, Predicted } from "../metric.ts";
import type { Parameter, Parameters } from "../signature.ts";
import {
  checkLogits,
  checkOf,
  checkOfClasses,
  confusionMatrix,
  logits,
  ofParameter,
  positiveClass,
  predictedClasses,
} from "./classes.ts";

interface Counts {
  /** Right as this class, wrongly as this class, this class taken for another. */
  readonly hits: number;
  readonly false: number;
  readonly missed: number;
}

function countsOf(classes: number, counts: Int32Array, k: number): Counts {
  let asK = 0;
  let ofK = 0;
  for (let j = 0; j < classes; j++) {
    asK += counts[j * classes + k]!;
    ofK += counts[k * classes + j]!;
  }
  const hits = counts[k * classes + k]!;
  return { hits, false: asK - hits, missed: ofK - hits };
}

const precisionOf = (c: Counts): number => {
  if (c.hits + c.missed === 0) return Number.NaN;
  return c.hits + c.false === 0 ? 0 : c.hits / (c.hits + c.false);
};
const recallOf = (c: Counts): number => c.hits / (c.hits + c.missed);
const f1Of = (c: Counts): number => (2 * c.hits) / (2 * c.hits + c.false + c.missed);

const iouOf = (c: Counts): number => c.hits / (c.hits + c.false + c.missed);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function overClasses(predicted: Predicted, value: (counts: Counts) => number): number[] {
  const { classes, counts } = confusionMatrix(predicted);
  return Array.from({ length: classes }, (_, k) => value(countsOf(classes, counts, k))).filter(
    (each) => !Number.isNaN(each),
  );
}

function decision(
  name: string,
  doc: string,
  measure: MetricOp["measure"],
  parameters: readonly Parameter[] = [],
): MetricOp {
  return {
    name,
    family: "metric",
    doc,
    parameters,
    version: 1,
    goal: "max",
    unit: "fraction",
    check: (output, target) => checkLogits(name, output, target),
    measure,
  };
}

function ofOneClass(name: string, doc: string, value: (counts: Counts) => number): MetricOp {
  return {
    name,
    family: "metric",
    doc,
    parameters: [ofParameter],
    version: 1,
    goal: "max",
    unit: "fraction",
    check: (output, target, parameters) =>
      checkLogits(name, output, target) ?? checkOf(name, target, parameters),
    checkClasses: checkOfClasses,
    measure(predicted: Predicted, parameters: Parameters) {
      const { classes, counts } = confusionMatrix(predicted);
      return value(countsOf(classes, counts, positiveClass(predicted, parameters)));
    },
  };
}

/** Correlation of truth and decision over all classes (Gorodkin 2004, whose R_K is Matthews' coefficient for two). */
function correlation(predicted: Predicted): number {
  const { classes, counts } = confusionMatrix(predicted);
  let right = 0;
  let covariance = 0;
  let chosen = 0;
  let actual = 0;
  const n = predicted.count;
  for (let k = 0; k < classes; k++) {
    const { hits, false: wrong, missed } = countsOf(classes, counts, k);
    right += hits;
    covariance += (hits + wrong) * (hits + missed);
    chosen += (hits + wrong) ** 2;
    actual += (hits + missed) ** 2;
  }
  const spread = Math.sqrt((n * n - chosen) * (n * n - actual));
  return spread === 0 ? 0 : (n * right - covariance) / spread;
}

function amongTop(predicted: Predicted, k: number): number {
  const { classes, values } = logits(predicted);
  let right = 0;
  for (let i = 0; i < predicted.count; i++) {
    const truth = Number(predicted.targets[i]!);
    const own = values[i * classes + truth]!;
    let above = 0;
    for (let j = 0; j < classes; j++) {
      const other = values[i * classes + j]!;
      if (other > own || (other === own && j < truth)) above++;
    }
    if (above < k) right++;
  }
  return right / predicted.count;
}

function accuracy(predicted: Predicted): number {
  const chosen = predictedClasses(predicted);
  let right = 0;
  for (let i = 0; i < predicted.count; i++) if (Number(predicted.targets[i]!) === chosen[i]) right++;
  return right / predicted.count;
}

export const decisionMetrics: readonly MetricOp[] = [
  decision("accuracy", "The share of examples whose class with the largest logit is the true one.", accuracy),
  decision(
    "balanced_accuracy",
    "The mean of the recalls of all classes: accuracy as if every class were equally frequent. Classes without examples are left out.",
    (predicted) => mean(overClasses(predicted, recallOf)),
  ),
  decision(
    "macro_f1",
    "The mean of the F1 scores of all classes, each counted alike. Classes that are neither true nor predicted anywhere are left out.",
    (predicted) => mean(overClasses(predicted, f1Of)),
  ),
  decision(
    "top_k",
    "The share of examples whose true class is among the `k` with the largest logits; ties go to the first class.",
    (predicted, { k }) => amongTop(predicted, k as number),
    [{ name: "k", type: { kind: "int", min: 1 }, default: 5, doc: "How many classes may be named." }],
  ),
  decision(
    "matthews",
    "Matthews' correlation of truth and decision, for any number of classes (Gorodkin 2004), of two classes `(TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN))`: 1 where all are right, 0 where the decision tells nothing. Also 0 where one class is all there is.",
    correlation,
  ),
  ofOneClass(
    "precision",
    "Of the examples taken for the class, the share that is of it (purity). 0 when none is taken for it.",
    precisionOf,
  ),
  ofOneClass(
    "recall",
    "Of the examples of the class, the share that is taken for it (completeness).",
    recallOf,
  ),
  decision(
    "mean_iou",
    "The mean over all classes of intersection over union (Jaccard's index): of the examples, or pixels, that are of a class or are taken for it, the share that is both. Classes that are neither are left out.",
    (predicted) => mean(overClasses(predicted, iouOf)),
  ),
  ofOneClass(
    "iou",
    "Intersection over union of the class (Jaccard's index): of the examples, or pixels, that are of it or are taken for it, the share that is both.",
    iouOf,
  ),
  ofOneClass(
    "f1",
    "The harmonic mean of precision and recall of the class, `2 p r / (p + r)`; 0 where both are 0.",
    f1Of,
  ),
];

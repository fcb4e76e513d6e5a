/** Metrics of one class at a threshold on its score, and over all of them. Conventions are scikit-learn's. */
import type { MetricOp, Predicted } from "../metric.ts";
import type { Parameter, Parameters } from "../signature.ts";
import {
  checkLogits,
  checkOf,
  checkOfClasses,
  confusionMatrix,
  ofParameter,
  positiveClass,
} from "./classes.ts";
import { type Curve, curveOf, ofEachClass, type Selection } from "./scores.ts";

const purityOf = (s: Selection): number => s.hits / (s.hits + s.false);
const completenessOf = (s: Selection, { positives }: Curve): number => s.hits / positives;
const falseRateOf = (s: Selection, { negatives }: Curve): number => s.false / negatives;

/** Sum over thresholds of (R_n - R_(n-1)) P_n. NaN where no row is of the class. */
function averagePrecision(predicted: Predicted, k: number): number {
  const curve = curveOf(predicted, k);
  if (curve.positives === 0) return Number.NaN;
  let sum = 0;
  let before = 0;
  for (const selection of curve.selections) {
    sum += ((selection.hits - before) / curve.positives) * purityOf(selection);
    before = selection.hits;
  }
  return sum;
}

const share = (name: string, doc: string): Parameter => ({
  name,
  type: { kind: "real", min: 0, max: 1, unit: "fraction" },
  optional: true,
  doc,
});

/** Selected by the largest logit: what is measured where no operating point is named. */
function decided(predicted: Predicted, k: number): Selection {
  const { classes, counts } = confusionMatrix(predicted);
  let selected = 0;
  for (let j = 0; j < classes; j++) selected += counts[j * classes + k]!;
  const hits = counts[k * classes + k]!;
  return { hits, false: selected - hits };
}

interface AtPoint {
  readonly name: string;
  readonly example: string;
  readonly doc: string;
  readonly goal: "max" | "min";
  /** The optional parameter that names the operating point. */
  readonly point: Parameter;
  value(selection: Selection, curve: Curve): number;
  /** May the threshold be here? */
  allowed(selection: Selection, curve: Curve, at: number): boolean;
  /** Where no threshold is allowed, and nothing is selected. */
  readonly otherwise: number;
}

/** The best value that a threshold reaches among those that the operating point allows. */
function atPoint({ name, example, doc, goal, point, value, allowed, otherwise }: AtPoint): MetricOp {
  return {
    name,
    family: "metric",
    doc,
    example,
    parameters: [ofParameter, point],
    version: 1,
    goal,
    unit: "fraction",
    check: (output, target, parameters) =>
      checkLogits(name, output, target) ?? checkOf(name, target, parameters),
    checkClasses: checkOfClasses,
    measure(predicted: Predicted, parameters: Parameters) {
      const k = positiveClass(predicted, parameters);
      const curve = curveOf(predicted, k);
      if (curve.positives === 0) return Number.NaN;
      const at = parameters[point.name];
      if (typeof at !== "number") {
        const selection = decided(predicted, k);
        return selection.hits + selection.false === 0 ? otherwise : value(selection, curve);
      }
      const values = curve.selections
        .filter((selection) => allowed(selection, curve, at))
        .map((selection) => value(selection, curve));
      return values.length === 0 ? otherwise : values.reduce((a, b) => Math[goal](a, b));
    },
  };
}

/** Shares are quotients of counts: 0.96 of 25 is 24, but for rounding. */
const rounding = 1e-12;

export const operatingPointMetrics: readonly MetricOp[] = [
  {
    name: "average_precision",
    family: "metric",
    doc: "The area under the curve of precision against recall, as the sum over thresholds of the gain in recall times the precision there (no interpolation). With more than two classes the mean over all of each class against the rest, unless `of` names one.",
    parameters: [ofParameter],
    version: 1,
    goal: "max",
    unit: "fraction",
    check: (output, target) => checkLogits("average_precision", output, target),
    checkClasses: checkOfClasses,
    measure: ofEachClass(averagePrecision),
  },
  atPoint({
    name: "completeness",
    example: "report test.completeness(purity: 96%)",
    doc: "Of the examples of the class, the share that is selected as it (recall). With `purity: 96%` the threshold on the class's probability is moved to where completeness is greatest with at least that purity; 0 where no threshold reaches it. Without, the class with the largest logit is selected.",
    goal: "max",
    point: share("purity", "Purity that the selection must have: `completeness(of: galaxy, purity: 96%)`."),
    value: completenessOf,
    allowed: (selection, _, purity) => purityOf(selection) >= purity - rounding,
    otherwise: 0,
  }),
  atPoint({
    name: "purity",
    example: "report test.purity(completeness: 97%)",
    doc: "Of the examples selected as the class, the share that is of it (precision). With `completeness: 97%` the threshold on the class's probability is moved to where purity is greatest with at least that completeness. Without, the class with the largest logit is selected; 0 when none is.",
    goal: "max",
    point: share(
      "completeness",
      "Completeness that the selection must have: `purity(of: star, completeness: 97%)`.",
    ),
    value: purityOf,
    allowed: (selection, curve, completeness) => completenessOf(selection, curve) >= completeness - rounding,
    otherwise: 0,
  }),
  atPoint({
    name: "false_negative_rate",
    example: "report test.false_negative_rate(false_positive_rate: 1%)",
    doc: "Of the examples of the class, the share that is missed. With `false_positive_rate: 1%` the threshold is moved to where fewest are missed while at most that share of the other examples is selected.",
    goal: "min",
    point: share(
      "false_positive_rate",
      "Share of the other examples that may be selected: `false_negative_rate(false_positive_rate: 1%)`.",
    ),
    value: (selection, curve) => 1 - completenessOf(selection, curve),
    allowed: (selection, curve, rate) => falseRateOf(selection, curve) <= rate + rounding,
    otherwise: 1,
  }),
  atPoint({
    name: "false_positive_rate",
    example: "report test.false_positive_rate(completeness: 90%)",
    doc: "Of the examples that are not of the class, the share that is selected as it. With `completeness: 90%` the threshold is moved to where the rate is least while at least that share of the class is selected.",
    goal: "min",
    point: share("completeness", "Share of the class that must be selected."),
    value: falseRateOf,
    allowed: (selection, curve, completeness) => completenessOf(selection, curve) >= completeness - rounding,
    otherwise: 0,
  }),
];

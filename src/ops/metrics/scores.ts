/** Rows in the order of a class's score, and what each threshold on it selects. */
import type { Predicted } from "../metric.ts";
import type { Parameters } from "../signature.ts";
import { logits, positiveClass } from "./classes.ts";

/**
 * Log odds of class k of each row, z_k - log sum of exp z over the others: orders rows as the probability does, without
 * the ties that rounding to 1 would make.
 */
export function scores(predicted: Predicted, k: number): Float64Array {
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

/** What is selected where the score reaches a threshold. */
export interface Selection {
  /** Selected rows of the class, and of others. */
  readonly hits: number;
  readonly false: number;
}

export interface Curve {
  /** Rows of the class, and of others. */
  readonly positives: number;
  readonly negatives: number;
  /** One for each value that the score takes, from the greatest down: each selects more than the one before. */
  readonly selections: readonly Selection[];
}

/** The selections of class k. Rows with one score are selected together. */
export function curveOf(predicted: Predicted, k: number): Curve {
  const score = scores(predicted, k);
  const order = Array.from(score.keys()).sort((a, b) => score[b]! - score[a]!);
  const selections: Selection[] = [];
  let hits = 0;
  let wrong = 0;
  for (const [at, row] of order.entries()) {
    if (Number(predicted.targets[row]!) === k) hits++;
    else wrong++;
    const next = order[at + 1];
    if (next === undefined || score[next] !== score[row]) selections.push({ hits, false: wrong });
  }
  return { positives: hits, negatives: wrong, selections };
}

/** Of the class that counts as positive: with two classes, or `of` given; else the mean over all classes for which it is defined. */
export function ofEachClass(value: (predicted: Predicted, k: number) => number) {
  return (predicted: Predicted, parameters: Parameters): number => {
    const { classes } = logits(predicted);
    if (classes === 2 || typeof parameters.of === "string")
      return value(predicted, positiveClass(predicted, parameters));
    const values = Array.from({ length: classes }, (_, k) => value(predicted, k)).filter(
      (each) => !Number.isNaN(each),
    );
    return values.reduce((sum, each) => sum + each, 0) / values.length;
  };
}

import type { TensorType, TypedArray } from "../types/tensor.ts";
import type { FieldType } from "./field.ts";
import type { ShapeProblem } from "./layer.ts";
import type { Parameters, Signature } from "./signature.ts";

/** What was predicted for the rows of a split, with the truth beside it. */
export interface Predicted {
  readonly count: number;
  /** Row-major `[count, ...output]`: logits for classes. */
  readonly outputs: Float32Array;
  readonly outputShape: readonly number[];
  /** Row-major `[count, ...target]`; Int32Array for classes. */
  readonly targets: TypedArray;
  readonly target: FieldType;
  /** The names of the target's classes in the order of their integers; null where it has none. */
  readonly classes: readonly string[] | null;
  /** The loss of each example. */
  readonly losses: Float32Array;
}

/** A number for a whole split. Of `cost.*`, which are read from a trial's record, only the signature counts. */
export interface MetricOp extends Signature {
  readonly family: "metric" | "cost";
  /** Is more of it better? */
  readonly goal: "max" | "min";
  /** How it is printed: `fraction` as 0.871, `seconds` in words, `count` with separators. */
  readonly unit: "fraction" | "number" | "seconds" | "count";
  check(output: TensorType, target: FieldType, parameters: Parameters): ShapeProblem | undefined;
  /** Problems that show only when the names of the classes are known: an `of:` that is none of them. Call before training. */
  checkClasses?(classes: readonly string[] | null, parameters: Parameters): ShapeProblem | undefined;
  /** NaN where it is not defined for these rows (the recall of a class without examples). */
  measure(predicted: Predicted, parameters: Parameters): number;
}

/** Better by more than `delta`. NaN is never better, and anything is better than NaN. */
export function isBetter(value: number, than: number, goal: "max" | "min", delta = 0): boolean {
  if (Number.isNaN(value)) return false;
  if (Number.isNaN(than)) return true;
  return goal === "max" ? value > than + delta : value < than - delta;
}

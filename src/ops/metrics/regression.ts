/** Metrics of numbers: outputs against a target of the same shape. */
import { elementCount, type TensorType } from "../../types/tensor.ts";
import { type FieldType, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import type { MetricOp, Predicted } from "../metric.ts";

/** An output like its target: numbers of one shape. */
export function checkNumbers(name: string, output: TensorType, target: FieldType): ShapeProblem | undefined {
  if (target.kind !== "tensor") {
    return {
      problem: `${name} is a metric of numbers, and the target is ${showField(target)}`,
      hint: "use accuracy, macro_f1 or log_loss for classes",
    };
  }
  const shape = output.shape.slice(1);
  // A network that ends in `dense(1)` pairs with a target of one number.
  const equal = shape.length === target.shape.length && shape.every((dim, i) => dim === target.shape[i]);
  const single = target.shape.length === 0 && shape.length === 1 && shape[0] === 1;
  if (equal || single) return undefined;
  return {
    problem: `${name} needs an output like its target, ${showField(target)} an example; the output is ${output.dtype}[${output.shape.join(", ")}]`,
  };
}

function meanOver(predicted: Predicted, of: (error: number) => number): number {
  let sum = 0;
  for (let i = 0; i < predicted.outputs.length; i++)
    sum += of(predicted.outputs[i]! - Number(predicted.targets[i]!));
  return sum / predicted.outputs.length;
}

/** Each component alone, then their mean; components that do not vary are left out. */
function explainedShare(predicted: Predicted): number {
  const { count, outputs, targets } = predicted;
  const size = elementCount(predicted.outputShape);
  const shares: number[] = [];
  for (let c = 0; c < size; c++) {
    let mean = 0;
    for (let i = 0; i < count; i++) mean += Number(targets[i * size + c]!) / count;
    let residual = 0;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const truth = Number(targets[i * size + c]!);
      residual += (truth - outputs[i * size + c]!) ** 2;
      total += (truth - mean) ** 2;
    }
    if (total > 0) shares.push(1 - residual / total);
  }
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function ofNumbers(
  name: string,
  doc: string,
  goal: "max" | "min",
  measure: (predicted: Predicted) => number,
): MetricOp {
  return {
    name,
    family: "metric",
    doc,
    parameters: [],
    version: 1,
    goal,
    unit: "number",
    check: (output, target) => checkNumbers(name, output, target),
    measure,
  };
}

/** Output minus target of each component of all examples: one list a component. */
function errorsByComponent({ count, outputs, outputShape, targets }: Predicted): number[][] {
  const size = elementCount(outputShape);
  return Array.from({ length: size }, (_, c) =>
    Array.from({ length: count }, (__, i) => outputs[i * size + c]! - Number(targets[i * size + c]!)),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function deviation(errors: readonly number[]): number {
  const centre = mean(errors);
  return Math.sqrt(mean(errors.map((error) => (error - centre) ** 2)));
}

/** 1.4826 makes it the standard deviation where errors are normal. */
function robustDeviation(errors: readonly number[]): number {
  const centre = median(errors);
  return 1.4826 * median(errors.map((error) => Math.abs(error - centre)));
}

const overComponents = (of: (errors: readonly number[]) => number) => (predicted: Predicted) =>
  mean(errorsByComponent(predicted).map(of));

export const numberMetrics: readonly MetricOp[] = [
  ofNumbers("mse", "The mean squared error, in the square of the target's unit.", "min", (predicted) =>
    meanOver(predicted, (error) => error * error),
  ),
  ofNumbers(
    "rmse",
    "The root of the mean squared error, `sqrt(mean (y - t)^2)`, in the target's unit.",
    "min",
    (predicted) => Math.sqrt(meanOver(predicted, (error) => error * error)),
  ),
  ofNumbers("mae", "The mean absolute error, `mean |y - t|`, in the target's unit.", "min", (predicted) =>
    meanOver(predicted, Math.abs),
  ),
  ofNumbers(
    "median_absolute_error",
    "The median of the absolute errors, in the target's unit: outliers do not count. The mean over components.",
    "min",
    overComponents((errors) => median(errors.map(Math.abs))),
  ),
  ofNumbers(
    "bias",
    "How far the mean error is from 0, `|mean (y - t)|`, in the target's unit. The mean over components.",
    "min",
    overComponents((errors) => Math.abs(mean(errors))),
  ),
  ofNumbers(
    "scatter",
    "The standard deviation of the errors about their mean, in the target's unit. The mean over components.",
    "min",
    overComponents(deviation),
  ),
  ofNumbers(
    "nmad",
    "The normalized median absolute deviation of the errors, `1.4826 median |e - median e|`: the scatter of normal errors, whatever the outliers. The mean over components.",
    "min",
    overComponents(robustDeviation),
  ),
  ofNumbers(
    "r2",
    "The share of the target's variance that is explained, `1 - sum (y - t)^2 / sum (t - mean t)^2`: 0 is as good as the mean of the split, less than 0 is worse. The mean over components.",
    "max",
    explainedShare,
  ),
];

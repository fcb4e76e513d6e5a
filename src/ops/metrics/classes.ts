/** What metrics of classes share: the pairing of logits with a class, the chosen class of `of:`, counts. */
import { suggest } from "../../diagnostics/suggest.ts";
import type { TensorType } from "../../types/tensor.ts";
import { type FieldType, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import type { Predicted } from "../metric.ts";
import type { Parameter, Parameters } from "../signature.ts";

/** Number of classes of a target, or undefined for a target that is not a class. */
export function classCount(target: FieldType): number | undefined {
  return target.kind === "class" ? target.count : undefined;
}

/** Classes take one logit each, `f32[N, K]`; two classes also a single logit, that of the second: `f32[N]` or `f32[N, 1]`. */
export function checkLogits(name: string, output: TensorType, target: FieldType): ShapeProblem | undefined {
  const count = classCount(target);
  if (count === undefined) {
    return {
      problem: `${name} is a metric of classes, and the target is ${showField(target)}`,
      hint: "use rmse, mae or r2 for a target of numbers",
    };
  }
  const shape = output.shape.slice(1);
  const fits = shape.length === 1 && shape[0] === count;
  const single = count === 2 && (shape.length === 0 || (shape.length === 1 && shape[0] === 1));
  if (fits || single) return undefined;
  return {
    problem: `${name} needs one logit for each of the ${count} classes, f32[N, ${count}]; the output is ${output.dtype}[${output.shape.join(", ")}]`,
    hint: `end the network in \`dense(${count})\``,
  };
}

/** The parameter of metrics of one class. */
export const ofParameter: Parameter = {
  name: "of",
  type: { kind: "label" },
  optional: true,
  doc: "The class that counts as positive. With two classes the second unless another is named.",
};

export function checkOf(name: string, target: FieldType, parameters: Parameters): ShapeProblem | undefined {
  if (typeof parameters.of === "string" || classCount(target) === 2) return undefined;
  return {
    problem: `${name} is of one class, and there are ${classCount(target)}`,
    hint: `name it, as in \`${name}(of: spiral)\`; \`macro_f1\` and \`balanced_accuracy\` are over all classes`,
  };
}

export function checkOfClasses(
  classes: readonly string[] | null,
  parameters: Parameters,
): ShapeProblem | undefined {
  const of = parameters.of;
  if (typeof of !== "string" || classes === null || classes.includes(of)) return undefined;
  const meant = suggest(of, classes) ?? classes.find((name) => name.startsWith(of) || name.endsWith(of));
  return {
    problem: `there is no class \`${of}\``,
    hint: `${meant === undefined ? "" : `did you mean \`${meant}\`? `}the classes are ${classes.map((name) => `\`${name}\``).join(", ")}`,
  };
}

/** The integer of the class that `of:` names; the second of two where it names none. */
export function positiveClass(predicted: Predicted, parameters: Parameters): number {
  if (typeof parameters.of !== "string") return 1;
  const index = predicted.classes?.indexOf(parameters.of) ?? -1;
  if (index < 0) throw new Error(checkOfClasses(predicted.classes ?? [], parameters)?.problem);
  return index;
}

/** Row-major `[count, K]` logits in float64; a single logit z becomes the pair 0, z. */
export function logits(predicted: Predicted): { readonly classes: number; readonly values: Float64Array } {
  const classes = classCount(predicted.target) ?? 0;
  const { count, outputs } = predicted;
  if (outputs.length === count * classes) return { classes, values: Float64Array.from(outputs) };
  const values = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) values[2 * i + 1] = outputs[i]!;
  return { classes: 2, values };
}

/** The class with the largest logit of each row; ties go to the first. */
export function predictedClasses(predicted: Predicted): Int32Array {
  const { classes, values } = logits(predicted);
  const chosen = new Int32Array(predicted.count);
  for (let i = 0; i < predicted.count; i++) {
    let best = 0;
    for (let k = 1; k < classes; k++) if (values[i * classes + k]! > values[i * classes + best]!) best = k;
    chosen[i] = best;
  }
  return chosen;
}

/** Row-major `[count, K]`: the softmax of the logits. */
export function probabilities(predicted: Predicted): Float64Array {
  const { classes, values } = logits(predicted);
  for (let i = 0; i < predicted.count; i++) {
    const row = values.subarray(i * classes, (i + 1) * classes);
    const top = Math.max(...row);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      row[k] = Math.exp(row[k]! - top);
      sum += row[k]!;
    }
    for (let k = 0; k < classes; k++) row[k] = row[k]! / sum;
  }
  return values;
}

/** Row-major `[K, K]`: how many examples of class r (row) were taken for class c (column). */
export function confusionMatrix(predicted: Predicted): {
  readonly classes: number;
  readonly counts: Int32Array;
} {
  const classes = classCount(predicted.target) ?? 0;
  const counts = new Int32Array(classes * classes);
  const chosen = predictedClasses(predicted);
  for (let i = 0; i < predicted.count; i++)
    counts[Number(predicted.targets[i]!) * classes + chosen[i]!]! += 1;
  return { classes, counts };
}

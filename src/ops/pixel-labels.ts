/** Labels of pixels, `class[4][64, 64]`: what steps on images may do to them, and how metrics see them. */
import { elementCount, type TensorType } from "../types/tensor.ts";
import { type FieldType, showField } from "./field.ts";
import type { ShapeProblem } from "./layer.ts";
import type { Predicted } from "./metric.ts";
import type { Parameters } from "./signature.ts";

type PixelLabels = Extract<FieldType, { kind: "class" }> & { readonly shape: readonly (number | string)[] };

export const isPixelLabels = (type: FieldType): type is PixelLabels =>
  type.kind === "class" && type.shape !== undefined;

interface Step {
  readonly name: string;
  /** It takes pixels elsewhere: labels of pixels may go with them, as an image of one channel, each from the nearest old pixel. */
  readonly moves?: true;
  infer(type: FieldType, parameters: Parameters): FieldType | ShapeProblem;
}

/** The type that a step makes of a field. */
export function afterStep(step: Step, type: FieldType, parameters: Parameters): FieldType | ShapeProblem {
  if (type.kind === "string")
    return { problem: `\`${step.name}\` works on numbers, but this field is string` };
  if (!isPixelLabels(type)) return step.infer(type, parameters);
  if (!step.moves)
    return {
      problem: `\`${step.name}\` changes what pixels hold, and labels of pixels can only be moved`,
      hint: "labels may be cropped, resized, flipped, shifted and turned; name the image alone",
    };
  if (type.shape.length !== 2)
    return { problem: `\`${step.name}\` moves labels class[K][H, W], but this field is ${showField(type)}` };
  const after = step.infer({ kind: "tensor", dtype: "f32", shape: [...type.shape, 1] }, parameters);
  return "problem" in after ? after : { ...type, shape: (after.shape ?? []).slice(0, -1) };
}

/** Does an output have logits for each pixel of the target? */
function hasPixels(shape: readonly unknown[], target: PixelLabels): boolean {
  return target.shape.every((size, axis) => shape[axis] === size);
}

/** Output and target of one pixel, which metrics of classes take as an example. */
export function typesOfPixel(
  output: TensorType,
  target: FieldType,
): { readonly output: TensorType; readonly target: FieldType } {
  if (!isPixelLabels(target) || !hasPixels(output.shape.slice(1), target)) return { output, target };
  return {
    output: { ...output, shape: ["N", ...output.shape.slice(1 + target.shape.length)] },
    target: { kind: "class", count: target.count },
  };
}

/** Every pixel as an example of its own. The losses stay those of rows. */
export function asPixels(predicted: Predicted): Predicted {
  const { target, outputShape, count } = predicted;
  if (!isPixelLabels(target)) return predicted;
  return {
    ...predicted,
    count: count * elementCount(target.shape as readonly number[]),
    outputShape: outputShape.slice(target.shape.length),
    target: { kind: "class", count: target.count },
  };
}

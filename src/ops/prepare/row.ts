/** What steps of `prepare` share: rules on types and sizes. */
import { type FieldType, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import { heightWidth, sizeProblem } from "../pixel-size.ts";
import type { Row } from "../prepare.ts";
import type { Json, Parameters } from "../signature.ts";

export type TensorField = Extract<FieldType, { kind: "tensor" }>;

/** The type of a field that `step` takes as an image, `[H, W]` or `[H, W, C]` of u8 or f32; or why not. */
export function asImage(step: string, type: FieldType): TensorField | ShapeProblem {
  if (type.kind !== "tensor")
    return { problem: `\`${step}\` works on images, but this field is ${showField(type)}` };
  if (type.shape.length < 2 || type.shape.length > 3)
    return {
      problem: `\`${step}\` works on images, with a type like u8[H, W, 3], but this field is ${showField(type)}`,
      ...(type.shape.length === 1 && { hint: `put \`${step}\` before \`flatten\`` }),
    };
  if (type.dtype !== "u8" && type.dtype !== "f32")
    return { problem: `\`${step}\` works on images of u8 or f32, but this field is ${showField(type)}` };
  return type;
}

/** An image and the size that `size` asks for; or why the step cannot have it. */
export function imageToSize(
  step: string,
  type: FieldType,
  { size }: Parameters,
): { readonly image: TensorField; readonly size: readonly [number, number] } | ShapeProblem {
  const image = asImage(step, type);
  return "problem" in image ? image : (sizeProblem(step, size) ?? { image, size: heightWidth(size) });
}

/** The type of a field that `step` takes as f32 numbers; or why not, with `scale` as the way out for u8. */
export function asNumbers(step: string, type: FieldType): TensorField | ShapeProblem {
  if (type.kind !== "tensor")
    return { problem: `\`${step}\` works on numbers, but this field is ${showField(type)}` };
  if (type.dtype === "u8")
    return {
      problem: `\`${step}\` works on f32, but this field is ${showField(type)} here`,
      hint: `add \`scale(0 .. 1)\` before \`${step}\``,
    };
  if (type.dtype !== "f32")
    return { problem: `\`${step}\` works on f32, but this field is ${showField(type)}` };
  return type;
}

/** `[height, width, channels]`; an image without a channel axis has one channel. */
export function imageSize(row: Row): readonly [number, number, number] {
  return [row.shape[0]!, row.shape[1]!, row.shape[2] ?? 1];
}

/** How many statistics `per` asks for: one for each entry of the last axis, or one in all. */
export function channelsOf<Size>(shape: readonly Size[], per: Json | undefined): Size | 1 {
  return per === "all" ? 1 : (shape.at(-1) ?? 1);
}

/** What steps on images share: their type rule, and one warp for each image of a batch. */
import type { FieldType } from "../field.ts";
import { showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Parameter, Parameters } from "../signature.ts";

export interface ImageType {
  readonly kind: "tensor";
  readonly dtype: "f32";
  readonly shape: readonly [height: number, width: number, channels: number];
}

/** The type as an image of known size. */
export function imageType(op: string, type: FieldType): ImageType | ShapeProblem {
  if (type.kind !== "tensor" || type.shape.length !== 3)
    return { problem: `\`${op}\` needs images f32[H, W, C], not ${showField(type)}` };
  if (type.dtype !== "f32") {
    return {
      problem: `\`${op}\` needs f32 images, not ${showField(type)}`,
      hint: "make numbers of them in `prepare`: `scale(0 .. 1)`",
    };
  }
  if (type.shape.some((dim) => typeof dim === "string")) {
    return {
      problem: `\`${op}\` needs images of one size, not ${showField(type)}`,
      hint: "bring them to one size in `prepare`: `resize(64 px)` or `centre_crop(64 px)`",
    };
  }
  return type as ImageType;
}

export const fill: Parameter = {
  name: "fill",
  type: { kind: "word", words: ["reflect", "nearest", "zero"] },
  default: "reflect",
  doc: "What is seen beyond the border: the image reflected, its nearest pixel, or zero.",
};

const fillModes: Readonly<Record<string, string>> = {
  reflect: "REFLECT",
  nearest: "NEAREST",
  zero: "CONSTANT",
};

/**
 * Each image seen through its own affine map from output to input pixels: `rows` are f32[N] for `x_in = r0 x + r1 y + r2`,
 * `y_in = r3 x + r4 y + r5`.
 */
export function warp(
  b: Builder,
  batch: Value,
  rows: readonly [Value, Value, Value, Value, Value, Value],
  how: {
    readonly size: readonly [number, number];
    readonly interpolation: "BILINEAR" | "NEAREST";
    readonly fill: string;
  },
): Value {
  const none = filled(b, batch.type.shape[0]!, 0);
  const transforms = b.emit("Pack", [...rows, none, none], { axis: 1 });
  return b.emit("ImageProjectiveTransformV3", [batch, transforms, b.ints(how.size), b.scalar(0)], {
    interpolation: how.interpolation,
    fill_mode: fillModes[how.fill]!,
  });
}

/** f32[count] of one value. */
export function filled(b: Builder, count: number, value: number): Value {
  return b.emit("Fill", [b.ints([count]), b.scalar(value)]);
}

/** Numbers in [0, 1) spread over a range of real numbers. */
export function within(b: Builder, draw: Value, from: number, to: number): Value {
  return b.emit("AddV2", [b.emit("Mul", [draw, b.scalar(to - from)]), b.scalar(from)]);
}

/** Numbers in [0, 1) spread evenly over the whole numbers `from` to `to`, both included. */
export function whole(b: Builder, draw: Value, from: number, to: number): Value {
  return b.emit("Floor", [within(b, draw, from, to + 1)]);
}

export function rangeOf(
  parameters: Parameters,
  name: string,
): { readonly from: number; readonly to: number } {
  return parameters[name] as unknown as { from: number; to: number };
}

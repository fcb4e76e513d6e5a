import type { AugmentOp } from "../augment.ts";
import type { FieldType } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import { isProblem } from "../layers/window.ts";
import type { Builder, Value } from "../node.ts";
import { heightWidth, pixelSize, sizeProblem } from "../pixel-size.ts";
import type { Parameter, Parameters } from "../signature.ts";
import { filled, imageType, warp, whole } from "./image.ts";

const chance = (name: string, doc: string): Parameter => ({
  name,
  type: { kind: "real", min: 0, max: 1, unit: "fraction" },
  default: 0,
  doc,
});

export const flip: AugmentOp = {
  name: "flip",
  moves: true,
  family: "augment",
  version: 1,
  random: true,
  doc: "Mirrors images left to right, top to bottom, or both, each with its own probability.",
  example: "augment image { flip(horizontal: 50%, vertical: 50%) }",
  parameters: [
    chance("horizontal", "Probability of mirroring left to right: `50%`."),
    chance("vertical", "Probability of mirroring top to bottom."),
  ],
  infer(type, { horizontal, vertical }) {
    const image = imageType("flip", type);
    if (isProblem(image)) return image;
    if (horizontal === 0 && vertical === 0)
      return { problem: "this `flip` never flips", hint: "say how often: `flip(horizontal: 50%)`" };
    return type;
  },
  draw: ({ uniform }, count) => [uniform([count]), uniform([count])],
  lower(b, batch, [horizontal, vertical], parameters) {
    const mirror = (images: Value, axis: number, draw: Value, probability: number) => {
      if (probability === 0) return images;
      const yes = b.emit("Less", [draw, b.scalar(probability)]);
      const each = b.emit("Reshape", [yes, b.ints([batch.type.shape[0]!, 1, 1, 1])]);
      return b.emit("SelectV2", [each, b.emit("ReverseV2", [images, b.ints([axis])]), images]);
    };
    const once = mirror(batch, 2, horizontal!, parameters.horizontal as number);
    return mirror(once, 1, vertical!, parameters.vertical as number);
  },
};

const size: Parameter = {
  name: "size",
  type: pixelSize,
  doc: "Side of the part in pixels, or `[height, width]`.",
};

function cropped(
  op: string,
  type: FieldType,
  parameters: Parameters,
  padding: number,
): FieldType | ShapeProblem {
  const image = imageType(op, type);
  if (isProblem(image)) return image;
  const problem = sizeProblem(op, parameters.size);
  if (problem) return problem;
  const part = heightWidth(parameters.size);
  const [height, width, channels] = image.shape;
  if (part[0] > height + 2 * padding || part[1] > width + 2 * padding) {
    return {
      problem: `\`${op}\` cannot take ${part.join(" x ")} pixels out of ${height} x ${width}`,
      hint: op === "random_crop" ? "take a smaller part, or give `padding`" : "take a smaller part",
    };
  }
  return { kind: "tensor", dtype: "f32", shape: [...part, channels] };
}

export const randomCrop: AugmentOp = {
  name: "random_crop",
  moves: true,
  family: "augment",
  version: 1,
  random: true,
  doc: `Cuts a part of the given size out of each image, at a place drawn evenly.

With \`padding\` the image first gets a border of so many zeros, so a part as large as the image moves by up to \`padding\` pixels. For evaluation give \`evaluate { centre_crop(...) }\` of the same size.`,
  example: `augment image { random_crop(28 px) }
evaluate image { centre_crop(28 px) }`,
  parameters: [
    size,
    {
      name: "padding",
      type: { kind: "int", min: 0, unit: "px" },
      default: 0,
      doc: "Pixels of zeros around the image.",
    },
  ],
  infer: (type, parameters) => cropped("random_crop", type, parameters, parameters.padding as number),
  draw: ({ uniform }, count) => [uniform([count]), uniform([count])],
  lower(b, batch, [horizontal, vertical], parameters) {
    const [n, height, width] = batch.type.shape as [number, number, number];
    const part = heightWidth(parameters.size);
    const border = parameters.padding as number;
    const one = filled(b, n, 1);
    const none = filled(b, n, 0);
    const offset = (draw: Value, length: number, wanted: number) =>
      whole(b, draw, -border, length + border - wanted);
    const x = offset(horizontal!, width, part[1]);
    const y = offset(vertical!, height, part[0]);
    // A move by whole pixels with the nearest one taken: an exact copy.
    return warp(b, batch, [one, none, x, none, one, y], {
      size: part,
      interpolation: "NEAREST",
      fill: "zero",
    });
  },
};

export const centreCrop: AugmentOp = {
  name: "centre_crop",
  moves: true,
  family: "augment",
  version: 1,
  random: false,
  doc: "Cuts the middle of each image out, for evaluation after a `random_crop`; an odd pixel is left at the end.",
  example: `augment image { random_crop(28 px) }
evaluate image { centre_crop(28 px) }`,
  parameters: [size],
  infer: (type, parameters) => cropped("centre_crop", type, parameters, 0),
  draw: () => [],
  lower(b: Builder, batch: Value, _, parameters) {
    const [n, height, width, channels] = batch.type.shape as [number, number, number, number];
    const part = heightWidth(parameters.size);
    const begin = [0, Math.floor((height - part[0]) / 2), Math.floor((width - part[1]) / 2), 0];
    return b.emit("Slice", [batch, b.ints(begin), b.ints([n, ...part, channels])]);
  },
};

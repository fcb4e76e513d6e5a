import type { AugmentOp } from "../augment.ts";
import { isProblem } from "../layers/window.ts";
import { fill, filled, imageType, rangeOf, warp, whole, within } from "./image.ts";

export const rotate: AugmentOp = {
  name: "rotate",
  moves: true,
  family: "augment",
  version: 1,
  random: true,
  doc: `Turns each image about its centre, counter-clockwise, by an angle drawn evenly from a range.

Pixels are interpolated bilinearly; labels of pixels take the nearest. The image keeps its size; what comes in at the corners is \`fill\`.`,
  example: "augment image { rotate(0 .. 360 deg, fill: nearest) }",
  parameters: [
    {
      name: "angle",
      type: { kind: "range", unit: "deg" },
      default: { from: 0, to: 360 },
      doc: "Range of angles: `0 deg .. 360 deg`, `-15 .. 15 deg`.",
    },
    fill,
  ],
  infer(type) {
    const image = imageType("rotate", type);
    return isProblem(image) ? image : type;
  },
  draw: ({ uniform }, count) => [uniform([count])],
  lower(b, batch, [draw], parameters, interpolation) {
    const [, height, width] = batch.type.shape as [number, number, number];
    const { from, to } = rangeOf(parameters, "angle");
    const angle = within(b, draw!, (from * Math.PI) / 180, (to * Math.PI) / 180);
    const cos = b.emit("Cos", [angle]);
    const sin = b.emit("Sin", [angle]);
    const times = (value: typeof cos, factor: number) => b.emit("Mul", [value, b.scalar(factor)]);
    const minus = (x: typeof cos, y: typeof cos) => b.emit("Sub", [x, y]);
    const x = (width - 1) / 2;
    const y = (height - 1) / 2;
    // The centre maps to itself: r2 = x - (cos x - sin y), r5 = y - (sin x + cos y).
    const right = minus(b.scalar(x), minus(times(cos, x), times(sin, y)));
    const down = minus(b.scalar(y), b.emit("AddV2", [times(sin, x), times(cos, y)]));
    return warp(b, batch, [cos, b.emit("Neg", [sin]), right, sin, cos, down], {
      size: [height, width],
      interpolation,
      fill: parameters.fill as string,
    });
  },
};

export const shift: AugmentOp = {
  name: "shift",
  moves: true,
  family: "augment",
  version: 1,
  random: true,
  doc: `Moves each image right and down by whole numbers of pixels, each drawn evenly from a range.

Whole pixels, so that the noise stays as it is. What comes in at the border is \`fill\`.`,
  example: "augment image { shift(-4 .. 4 px) }",
  parameters: [
    {
      name: "distance",
      type: { kind: "range", unit: "px" },
      doc: "Range of distances, both ends included: `-4 .. 4 px`.",
    },
    fill,
  ],
  infer(type, parameters) {
    const image = imageType("shift", type);
    if (isProblem(image)) return image;
    const { from, to } = rangeOf(parameters, "distance");
    if (!Number.isInteger(from) || !Number.isInteger(to))
      return {
        problem: "`shift` moves by whole pixels",
        hint: "give a range of whole numbers: `-4 .. 4 px`",
      };
    return type;
  },
  draw: ({ uniform }, count) => [uniform([count]), uniform([count])],
  lower(b, batch, [horizontal, vertical], parameters) {
    const [n, height, width] = batch.type.shape as [number, number, number];
    const { from, to } = rangeOf(parameters, "distance");
    const away = (draw: typeof batch) => b.emit("Neg", [whole(b, draw, from, to)]);
    const one = filled(b, n, 1);
    const none = filled(b, n, 0);
    return warp(b, batch, [one, none, away(horizontal!), none, one, away(vertical!)], {
      size: [height, width],
      interpolation: "NEAREST",
      fill: parameters.fill as string,
    });
  },
};

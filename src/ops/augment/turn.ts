import type { AugmentOp } from "../augment.ts";
import { isProblem } from "../layers/window.ts";
import type { Builder, Value } from "../node.ts";
import { fill, filled, imageType, rangeOf, warp, whole, within } from "./image.ts";

/** The entries of a table at the whole numbers `at`. */
function lookUp(b: Builder, at: Value, table: readonly number[]): Value {
  const values = b.constant({ dtype: "f32", shape: [table.length], data: Float32Array.from(table) });
  return b.emit("GatherV2", [values, b.emit("Cast", [at], { DstT: { dtype: "i32" } }), b.scalar(0, "i32")]);
}

export const rotate90: AugmentOp = {
  name: "rotate90",
  moves: true,
  family: "augment",
  version: 1,
  random: true,
  doc: "Turns each image by 0, 90, 180 or 270 degrees, each as likely: pixels move, none is interpolated. Images are square.",
  example: "augment image { rotate90; flip(horizontal: 50%) }",
  parameters: [],
  infer(type) {
    const image = imageType("rotate90", type);
    if (isProblem(image)) return image;
    const [height, width] = image.shape;
    if (height === width) return type;
    return {
      problem: `\`rotate90\` needs square images, and these are ${height} x ${width}`,
      hint: "crop them square first, or use `flip`",
    };
  },
  draw: ({ uniform }, count) => [uniform([count])],
  lower(b, batch, [draw]) {
    const [, height, width] = batch.type.shape as [number, number, number];
    const quarter = whole(b, draw!, 0, 3);
    const last = width - 1;
    const cos = lookUp(b, quarter, [1, 0, -1, 0]);
    const sin = lookUp(b, quarter, [0, 1, 0, -1]);
    const right = lookUp(b, quarter, [0, last, last, 0]);
    const down = lookUp(b, quarter, [0, 0, last, last]);
    return warp(b, batch, [cos, b.emit("Neg", [sin]), right, sin, cos, down], {
      size: [height, width],
      interpolation: "NEAREST",
      fill: "zero",
    });
  },
};

export const zoom: AugmentOp = {
  name: "zoom",
  moves: true,
  family: "augment",
  version: 1,
  random: true,
  doc: "Makes each image larger or smaller about its centre by a factor drawn evenly from a range, interpolated bilinearly; labels of pixels take the nearest. The image keeps its size; what comes in at the border is `fill`.",
  example: "augment image { zoom(0.9 .. 1.1) }",
  parameters: [{ name: "factor", type: { kind: "range" }, doc: "Range of factors: `0.9 .. 1.1`." }, fill],
  infer(type, parameters) {
    const image = imageType("zoom", type);
    if (isProblem(image)) return image;
    if (rangeOf(parameters, "factor").from > 0) return type;
    return { problem: "`zoom` needs factors above 0", hint: "give a range such as `0.9 .. 1.1`" };
  },
  draw: ({ uniform }, count) => [uniform([count])],
  lower(b, batch, [draw], parameters, interpolation) {
    const [n, height, width] = batch.type.shape as [number, number, number];
    const { from, to } = rangeOf(parameters, "factor");
    const shrink = b.emit("Reciprocal", [within(b, draw!, from, to)]);
    const none = filled(b, n, 0);
    const offset = (length: number) =>
      b.emit("Mul", [b.emit("Sub", [b.scalar(1), shrink]), b.scalar((length - 1) / 2)]);
    return warp(b, batch, [shrink, none, offset(width), none, shrink, offset(height)], {
      size: [height, width],
      interpolation,
      fill: parameters.fill as string,
    });
  },
};

/** Steps that change numbers, not places: for images, sequences and features alike. */
import type { AugmentOp } from "../augment.ts";
import { type FieldType, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import { rangeOf, within } from "./image.ts";

function numbers(op: string, type: FieldType): FieldType | ShapeProblem {
  if (type.kind === "tensor" && type.dtype === "f32" && type.shape.every((dim) => typeof dim === "number"))
    return type;
  return {
    problem: `\`${op}\` needs f32 of one size, not ${showField(type)}`,
    hint: "make numbers of it in `prepare`: `scale(0 .. 1)`",
  };
}

export const noise: AugmentOp = {
  name: "noise",
  family: "augment",
  version: 1,
  random: true,
  doc: "Adds normal noise to each element, new at every step, each field its own. A loss that names the field sees the same noise; what it was before is another field, of the same column (see `mask`).",
  example: "augment image { noise(0.1) }",
  parameters: [
    { name: "deviation", type: { kind: "real", min: 0 }, doc: "Standard deviation, in the field's units." },
  ],
  infer: (type) => numbers("noise", type),
  draw: () => [],
  drawEach: ({ uniform }, shape) => [uniform(shape), uniform(shape)],
  lower(b, batch, [first, second], { deviation }) {
    // Box and Muller; 1 - u is never 0.
    const log = b.emit("Log", [b.emit("Sub", [b.scalar(1), first!])]);
    const radius = b.emit("Sqrt", [b.emit("Mul", [log, b.scalar(-2)])]);
    const angle = b.emit("Mul", [second!, b.scalar(2 * Math.PI)]);
    const normal = b.emit("Mul", [radius, b.emit("Cos", [angle])]);
    return b.emit("AddV2", [batch, b.emit("Mul", [normal, b.scalar(deviation as number)])]);
  },
};

export const mask: AugmentOp = {
  name: "mask",
  family: "augment",
  version: 1,
  random: true,
  doc: "Sets each element to 0 with the probability given, each field its own: the corruption of a denoising autoencoder (Vincent et al. 2008). What it shall give back is a field of its own: a loss that names the field that is corrupted sees it so.",
  example: `data pairs {
  source = simulate.galaxies(count: 1200, size: 32 px)
  input corrupted : f32[32, 32, 3] = source.image
  target whole : f32[32, 32, 3] = source.image
  split = random(train: 70%, valid: 15%, test: 15%)
  prepare corrupted, whole { asinh_stretch; standardize }
  augment corrupted { mask(20%) }
}`,
  parameters: [
    {
      name: "probability",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      doc: "Share of the elements that is lost: `20%`.",
    },
  ],
  infer: (type) => numbers("mask", type),
  draw: () => [],
  drawEach: ({ uniform }, shape) => [uniform(shape)],
  lower(b, batch, [draw], { probability }) {
    const kept = b.emit("GreaterEqual", [draw!, b.scalar(probability as number)]);
    return b.emit("SelectV2", [kept, batch, b.scalar(0)]);
  },
};

export const multiply: AugmentOp = {
  name: "multiply",
  family: "augment",
  version: 1,
  random: true,
  doc: "Multiplies each sample by a number drawn evenly from a range: another brightness.",
  example: "augment image { multiply(0.8 .. 1.2) }",
  parameters: [{ name: "factor", type: { kind: "range" }, doc: "Range of factors: `0.8 .. 1.2`." }],
  infer: (type) => numbers("multiply", type),
  draw: ({ uniform }, count) => [uniform([count])],
  lower(b, batch, [draw], parameters) {
    const { from, to } = rangeOf(parameters, "factor");
    const shape = batch.type.shape.map((dim, axis) => (axis === 0 ? dim : 1));
    return b.emit("Mul", [batch, b.emit("Reshape", [within(b, draw!, from, to), b.ints(shape)])]);
  },
};

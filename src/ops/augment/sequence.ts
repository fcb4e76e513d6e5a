/** Steps on sequences f32[L, C], as light curves are. */
import type { AugmentOp } from "../augment.ts";
import { type FieldType, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import { rangeOf, whole } from "./image.ts";

function sequenceType(op: string, type: FieldType): FieldType | ShapeProblem {
  if (type.kind === "tensor" && type.dtype === "f32" && type.shape.length >= 1 && type.shape.length <= 2) {
    const open = type.shape.find((dim) => typeof dim === "string");
    if (open === undefined) return type;
  }
  return {
    problem: `\`${op}\` needs sequences f32[L, C] of one length, not ${showField(type)}`,
    ...(type.kind === "tensor" && type.shape.length === 3 && { hint: "use `flip` or `shift` for images" }),
  };
}

export const reverse: AugmentOp = {
  name: "reverse",
  family: "augment",
  version: 1,
  random: true,
  doc: "Turns sequences back to front, with the probability given: a transit looks the same in both directions of time.",
  example: `data curves {
  source = simulate.transits(count: 1000, length: 180)
  input flux : f32[180, 1] = source.flux
  target transit : class[2] = source.class
  split = stratified(by: transit, train: 70%, valid: 15%, test: 15%)
  augment flux { reverse(50%) }
}`,
  parameters: [
    {
      name: "probability",
      type: { kind: "real", min: 0, max: 1, unit: "fraction" },
      default: 0.5,
      doc: "How often: `50%`.",
    },
  ],
  infer: (type) => sequenceType("reverse", type),
  draw: ({ uniform }, count) => [uniform([count])],
  lower(b, batch, [draw], { probability }) {
    const { shape } = batch.type;
    const yes = b.emit("Less", [draw!, b.scalar(probability as number)]);
    const each = b.emit("Reshape", [yes, b.ints(shape.map((dim, axis) => (axis === 0 ? dim : 1)))]);
    return b.emit("SelectV2", [each, b.emit("ReverseV2", [batch, b.ints([1])]), batch]);
  },
};

/** The place in `0 .. length - 1` that is `places` before each: i32[N, L]. */
function rolledPlaces(b: Builder, places: Value, length: number): Value {
  const range = b.emit("Range", [b.scalar(0, "i32"), b.scalar(length, "i32"), b.scalar(1, "i32")]);
  const row = b.emit("Reshape", [b.emit("Cast", [range], { DstT: { dtype: "f32" } }), b.ints([1, length])]);
  const column = b.emit("Reshape", [places, b.ints([places.type.shape[0]!, 1])]);
  const moved = b.emit("FloorMod", [b.emit("Sub", [row, column]), b.scalar(length)]);
  return b.emit("Cast", [moved], { DstT: { dtype: "i32" } });
}

export const roll: AugmentOp = {
  name: "roll",
  family: "augment",
  version: 1,
  random: true,
  doc: "Moves sequences by a whole number of places drawn evenly from a range; what leaves at one end comes in at the other, as phases do.",
  example: `data curves {
  source = simulate.transits(count: 1000, length: 180)
  input flux : f32[180, 1] = source.flux
  target transit : class[2] = source.class
  split = stratified(by: transit, train: 70%, valid: 15%, test: 15%)
  augment flux { roll(-10 .. 10) }
}`,
  parameters: [
    { name: "distance", type: { kind: "range" }, doc: "Range of places, both ends included: `-10 .. 10`." },
  ],
  infer(type, parameters) {
    const sequence = sequenceType("roll", type);
    if ("problem" in sequence) return sequence;
    const { from, to } = rangeOf(parameters, "distance");
    if (Number.isInteger(from) && Number.isInteger(to)) return type;
    return { problem: "`roll` moves by whole places", hint: "give a range of whole numbers: `-10 .. 10`" };
  },
  draw: ({ uniform }, count) => [uniform([count])],
  lower(b, batch, [draw], parameters) {
    const { from, to } = rangeOf(parameters, "distance");
    const places = rolledPlaces(b, whole(b, draw!, from, to), batch.type.shape[1]!);
    return b.emit("GatherV2", [batch, places, b.scalar(1, "i32")], { batch_dims: 1 });
  },
};

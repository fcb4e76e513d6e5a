/** Windows that slide over the positions of sequences, images and volumes: what convolution and pooling share. */
import { showType, type TensorType } from "../../types/tensor.ts";
import type { ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Json, Parameter, Parameters, ParameterType } from "../signature.ts";

/** A number for all spatial axes, or one for each. */
export const perAxis: ParameterType = {
  kind: "union",
  of: [
    { kind: "int", min: 1 },
    { kind: "list", of: { kind: "int", min: 1 } },
  ],
};

export function paddingParameter(...words: readonly string[]): Parameter {
  return {
    name: "padding",
    type: {
      kind: "union",
      of: [
        { kind: "word", words },
        { kind: "int", min: 0 },
        { kind: "list", of: { kind: "int", min: 0 } },
      ],
    },
    default: "same",
    doc: `${words.map((word) => `\`${word}\``).join(", ")}, or how many positions are added on both sides: a number, or one for each axis.`,
  };
}

export interface Positions {
  /** `[L]`, `[H, W]` or `[D, H, W]`. */
  readonly sizes: readonly number[];
  readonly channels: number;
}

const kinds = ["a sequence f32[N, L, C]", "an image f32[N, H, W, C]", "a volume f32[N, D, H, W, C]"];

/** The positions that a window slides over. */
export function positionsOf(op: string, input: TensorType): Positions | ShapeProblem {
  const shape = input.shape as readonly number[];
  if (input.dtype !== "f32") return needsFloat(op, input);
  if (shape.length < 3 || shape.length > 5) {
    return {
      problem: `\`${op}\` needs ${kinds.slice(0, -1).join(", ")} or ${kinds.at(-1)}, not ${showType(input)}`,
      ...(shape.length === 2
        ? {
            hint: `put \`${op}\` before \`flatten\` and \`dense\`; of a row of numbers \`reshape([${shape[1]}, 1])\` makes a sequence`,
          }
        : {}),
    };
  }
  return { sizes: shape.slice(1, -1), channels: shape.at(-1)! };
}

export function needsFloat(op: string, input: TensorType): ShapeProblem {
  return {
    problem: `\`${op}\` needs f32, not ${showType(input)}`,
    hint: "make numbers of it in `prepare`: `scale(0 .. 1)`",
  };
}

/** One number for each of `rank` axes. */
export function spread(
  op: string,
  name: string,
  value: Json | undefined,
  rank: number,
): readonly number[] | ShapeProblem {
  if (typeof value === "number") return new Array<number>(rank).fill(value);
  const list = value as readonly number[];
  if (list.length === rank) return list;
  const axes = rank === 1 ? "one spatial axis" : `${rank === 2 ? "two" : "three"} spatial axes`;
  return {
    problem: `\`${name}\` of \`${op}\` has ${list.length} numbers for ${axes}`,
    hint: `give one number for all axes, or a list of ${rank}`,
  };
}

/** For each of the parameters `names` one number for each of `rank` axes. */
export function spreadEach(
  op: string,
  names: readonly string[],
  parameters: Parameters,
  rank: number,
): readonly (readonly number[])[] | ShapeProblem {
  const all: (readonly number[])[] = [];
  for (const name of names) {
    const numbers = spread(op, name, parameters[name], rank);
    if (isProblem(numbers)) return numbers;
    all.push(numbers);
  }
  return all;
}

/** How a window slides along one axis. */
export interface Slide {
  /** Positions of the input. */
  readonly size: number;
  /** Positions that the window covers, dilation included. */
  readonly extent: number;
  readonly stride: number;
  /** Positions added at the start and at the end. */
  readonly before: number;
  readonly after: number;
  /** Positions of the output. */
  readonly out: number;
}

/**
 * A window along every axis: with `same`, `ceil(n / stride)` positions and the odd zero at the end, as TensorFlow; with `valid`
 * and with numbers `floor((n + 2 p - extent) / stride) + 1`, rounded up with `ceil` as long as a window begins within the input;
 * with `causal`, all that is added stands in front.
 */
export function slides(
  op: string,
  sizes: readonly number[],
  extents: readonly number[],
  strides: readonly number[],
  padding: Json | undefined,
  ceil = false,
): readonly Slide[] | ShapeProblem {
  if (padding === "causal" && sizes.length !== 1)
    return {
      problem: `\`padding: causal\` of \`${op}\` is for sequences, and there are ${sizes.length} spatial axes`,
      hint: "use `padding: same`",
    };
  const added = typeof padding === "string" ? [] : spread(op, "padding", padding, sizes.length);
  if (isProblem(added)) return added;
  const all = sizes.map((size, i): Slide => {
    const extent = extents[i]!;
    const stride = strides[i]!;
    if (padding === "same" || padding === "causal") {
      const out = Math.ceil(size / stride);
      const missing = Math.max(0, (out - 1) * stride + extent - size);
      const before = padding === "causal" ? extent - 1 : Math.floor(missing / 2);
      const after = padding === "causal" ? 0 : missing - before;
      return { size, extent, stride, before, after, out };
    }
    const side = added[i] ?? 0;
    const room = size + 2 * side - extent;
    const out = Math.floor(room / stride) + 1;
    const more = ceil && room % stride !== 0 && out * stride < size + side;
    const over = more ? out * stride + extent - (size + 2 * side) : 0;
    return { size, extent, stride, before: side, after: side + over, out: more ? out + 1 : out };
  });
  if (all.some(({ out }) => out < 1))
    return {
      problem: `the window of \`${op}\` covers ${extents.join(" x ")} positions, and there are only ${sizes.join(" x ")}`,
      hint: "take a smaller window, pool less before, or `padding: same`",
    };
  return all;
}

/** TensorFlow's word for a padding, where it has one. */
export function tensorflowPadding(all: readonly Slide[]): "SAME" | "VALID" | undefined {
  // What hangs over the end without adding anything is not computed.
  if (all.every(({ before, after }) => before === 0 && after === 0)) return "VALID";
  const same = all.every(({ size, extent, stride, before, after, out }) => {
    const missing = Math.max(0, (out - 1) * stride + extent - size);
    return (
      out === Math.ceil(size / stride) && before === Math.floor(missing / 2) && before + after === missing
    );
  });
  return same ? "SAME" : undefined;
}

/** `[N, ...positions, C]` with zeros added along the positions. */
export function withZeros(
  builder: Builder,
  x: Value,
  all: readonly Pick<Slide, "before" | "after">[],
): Value {
  if (all.every(({ before, after }) => before === 0 && after === 0)) return x;
  const data = Int32Array.from([0, 0, ...all.flatMap(({ before, after }) => [before, after]), 0, 0]);
  return builder.emit("Pad", [x, builder.constant({ dtype: "i32", shape: [all.length + 2, 2], data })]);
}

/** `[N, L, C]` as an image of one row; what `body` makes of it, back again. */
export function asImages(builder: Builder, input: Value, body: (images: Value) => Value): Value {
  if (input.type.shape.length === 4) return body(input);
  const [n, l, c] = input.type.shape as [number, number, number];
  const out = body(builder.emit("Reshape", [input, builder.ints([n, 1, l, c])]));
  const [, , length, channels] = out.type.shape as [number, number, number, number];
  return builder.emit("Reshape", [out, builder.ints([n, length, channels])]);
}

/** Numbers for the spatial axes as TensorFlow's `[1, h, w, 1]`. */
export function asNhwc(values: readonly number[]): readonly number[] {
  return values.length === 1 ? [1, 1, values[0]!, 1] : [1, values[0]!, values[1]!, 1];
}

export function isProblem(value: object): value is ShapeProblem {
  return "problem" in value;
}

export function product(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1);
}

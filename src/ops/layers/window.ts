/** Windows that slide over the positions of f32[N, L, C] or f32[N, H, W, C]: what convolution and pooling share. */
import { showType, type TensorType } from "../../types/tensor.ts";
import type { ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Json, ParameterType } from "../signature.ts";

/** A number for all spatial axes, or one for each. */
export const perAxis: ParameterType = {
  kind: "union",
  of: [
    { kind: "int", min: 1 },
    { kind: "list", of: { kind: "int", min: 1 } },
  ],
};

export const padding: ParameterType = { kind: "word", words: ["same", "valid"] };

export interface Positions {
  /** `[L]` or `[H, W]`. */
  readonly sizes: readonly number[];
  readonly channels: number;
}

/** The positions that a window slides over. */
export function positionsOf(op: string, input: TensorType): Positions | ShapeProblem {
  const shape = input.shape as readonly number[];
  if (input.dtype !== "f32") return needsFloat(op, input);
  if (shape.length !== 3 && shape.length !== 4) {
    return {
      problem: `\`${op}\` needs an image f32[N, H, W, C] or a sequence f32[N, L, C], not ${showType(input)}`,
      ...(shape.length === 2 ? { hint: `put \`${op}\` before \`flatten\` and \`dense\`` } : {}),
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
  if (typeof value === "number") return Array.from({ length: rank }, () => value);
  const list = value as readonly number[];
  if (list.length === rank) return list;
  const axes = rank === 1 ? "one spatial axis" : "two spatial axes";
  return {
    problem: `\`${name}\` of \`${op}\` has ${list.length} numbers for ${axes}`,
    hint: `give one number for all axes, or a list of ${rank}`,
  };
}

/** ceil(n / stride) for `same`, floor((n - extent) / stride) + 1 for `valid`, which may be less than 1. */
export function slid(n: number, extent: number, stride: number, how: string): number {
  return how === "same" ? Math.ceil(n / stride) : Math.floor((n - extent) / stride) + 1;
}

export function tooLarge(op: string, sizes: readonly number[], window: readonly number[]): ShapeProblem {
  return {
    problem: `the window of \`${op}\` covers ${window.join(" x ")} positions, and there are only ${sizes.join(" x ")}`,
    hint: "take a smaller window, pool less before, or `padding: same`",
  };
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

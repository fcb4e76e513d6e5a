import { showType } from "../../types/tensor.ts";
import type { LayerOp, ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Parameters } from "../signature.ts";
import {
  asImages,
  asNhwc,
  isProblem,
  needsFloat,
  paddingParameter,
  perAxis,
  positionsOf,
  product,
  type Slide,
  slides,
  spread,
  spreadEach,
  tensorflowPadding,
  withZeros,
} from "./window.ts";

function windowOf(
  op: string,
  sizes: readonly number[],
  parameters: Parameters,
): readonly Slide[] | ShapeProblem {
  const given = { ...parameters, stride: parameters.stride ?? parameters.size! };
  const numbers = spreadEach(op, ["size", "stride"], given, sizes.length);
  if (isProblem(numbers)) return numbers;
  const [size, stride] = numbers as [readonly number[], readonly number[]];
  const side =
    typeof parameters.padding === "string" ? [] : spread(op, "padding", parameters.padding, sizes.length);
  if (isProblem(side)) return side;
  if (side.some((p, i) => p >= size[i]!))
    return {
      problem: `\`padding: ${side.join(" x ")}\` of \`${op}\` makes windows that see nothing: they are ${size.join(" x ")}`,
      hint: "add less than the size of the window",
    };
  return slides(op, sizes, size, stride, parameters.padding, parameters.ceil === true);
}

type Kind = "MaxPool" | "AvgPool";

/** Lower than every activation, and still a float32. */
const lowest = -3e38;

/** Positions of the lowest value around an image, so that they are never the largest. */
function withLowest(b: Builder, x: Value, all: readonly Slide[]): Value {
  return all.reduce((value, { before, after }, i) => {
    const side = (count: number): Value[] => {
      if (count === 0) return [];
      const shape = value.type.shape.map((dim, axis) => (axis === i + 1 ? count : dim));
      return [b.emit("Fill", [b.ints(shape), b.scalar(lowest, x.type.dtype)])];
    };
    const parts = [...side(before), value, ...side(after)];
    return parts.length === 1 ? value : b.emit("ConcatV2", [...parts, b.scalar(i + 1, "i32")]);
  }, x);
}

/** The size of the window over the number of positions in it that are no padding: `[1, H, W, 1]`. */
function shares(b: Builder, all: readonly Slide[], like: Value): Value {
  const counts = all.map(({ size, extent, stride, before, out }) =>
    Array.from({ length: out }, (_, i) => {
      const from = i * stride - before;
      return Math.min(size, from + extent) - Math.max(0, from);
    }),
  );
  const full = product(all.map(({ extent }) => extent));
  const data = (counts[0] ?? []).flatMap((c) => (counts[1] ?? [1]).map((d) => full / (c * d)));
  const shape = [1, ...all.map(({ out }) => out), 1];
  const constant = b.constant({ dtype: "f32", shape, data: Float32Array.from(data) });
  const { dtype } = like.type;
  return dtype === "f32" ? constant : b.emit("Cast", [constant], { DstT: { dtype } });
}

/** Pools sequences and images. */
function overImage(b: Builder, x: Value, kind: Kind, all: readonly Slide[]): Value {
  const padding = tensorflowPadding(all);
  const padded = padding ? x : kind === "MaxPool" ? withLowest(b, x, all) : withZeros(b, x, all);
  const pooled = asImages(b, padded, (images) =>
    b.emit(kind, [images], {
      ksize: asNhwc(all.map(({ extent }) => extent)),
      strides: asNhwc(all.map(({ stride }) => stride)),
      padding: padding ?? "VALID",
    }),
  );
  return kind === "AvgPool" && !padding ? b.emit("Mul", [pooled, shares(b, all, pooled)]) : pooled;
}

/** Maxima and means of boxes are those of rows of rectangles: first the planes, then the depth. */
function overVolume(b: Builder, x: Value, kind: Kind, [depth, ...plane]: readonly Slide[]): Value {
  const [n, d, h, w, c] = x.type.shape as [number, number, number, number, number];
  const planes = overImage(b, b.emit("Reshape", [x, b.ints([n * d, h, w, c])]), kind, plane);
  const [, height, width] = planes.type.shape as [number, number, number, number];
  const columns = b.emit("Reshape", [planes, b.ints([n, d, height * width, c])]);
  const across = { size: height * width, extent: 1, stride: 1, before: 0, after: 0, out: height * width };
  const pooled = overImage(b, columns, kind, [depth!, across]);
  return b.emit("Reshape", [pooled, b.ints([n, depth!.out, height, width, c])]);
}

function pool(op: string, kind: Kind, doc: string): LayerOp {
  return {
    name: op,
    family: "layer",
    version: 1,
    arity: 1,
    doc,
    parameters: [
      {
        name: "size",
        type: perAxis,
        default: 2,
        doc: "Side of the window, or one for each axis: `[height, width]`.",
      },
      {
        name: "stride",
        type: perAxis,
        optional: true,
        doc: "Step from one window to the next; the size unless given.",
      },
      paddingParameter("same", "valid"),
      {
        name: "ceil",
        type: { kind: "bool" },
        default: false,
        doc: "A last window that begins within the input may hang over its end.",
      },
    ],
    infer([input], parameters) {
      const at = positionsOf(op, input!);
      if (isProblem(at)) return at;
      const all = windowOf(op, at.sizes, parameters);
      if (isProblem(all)) return all;
      const shape = ["N" as const, ...all.map(({ out }) => out), at.channels];
      return { output: { dtype: "f32", shape }, weights: [], macs: 0 };
    },
    lower({ builder }, [input], parameters) {
      const all = windowOf(op, input!.type.shape.slice(1, -1), parameters);
      if (isProblem(all)) throw new Error(all.problem);
      return all.length === 3
        ? overVolume(builder, input!, kind, all)
        : overImage(builder, input!, kind, all);
    },
  };
}
function globalPool(op: string, primitive: string, doc: string): LayerOp {
  return {
    name: op,
    family: "layer",
    version: 1,
    arity: 1,
    doc,
    parameters: [],
    infer([input]) {
      if (input!.dtype !== "f32") return needsFloat(op, input!);
      if (input!.shape.length < 3) {
        return {
          problem: `\`${op}\` needs a sequence f32[N, L, C], an image f32[N, H, W, C] or a volume f32[N, D, H, W, C], not ${showType(input!)}`,
          hint: `leave \`${op}\` out: there are no positions left to pool over`,
        };
      }
      return { output: { dtype: "f32", shape: ["N", input!.shape.at(-1)!] }, weights: [], macs: 0 };
    },
    lower({ builder }, [input]) {
      const axes = input!.type.shape.slice(1, -1).map((_, i) => i + 1);
      return builder.emit(primitive, [input!, builder.ints(axes)], { keep_dims: false });
    },
  };
}

const windows = `Over sequences, images or volumes. With \`padding: same\` the output has \`ceil(n / stride)\` positions along an axis; with \`padding: valid\` windows stay inside: \`floor((n - size) / stride) + 1\`, or rounded up with \`ceil: true\`; with a number p on both sides \`n + 2 p\` stands for n. What padding adds counts in no window. The stride is the size unless given.`;

export const pools: readonly LayerOp[] = [
  pool("max_pool", "MaxPool", `The largest value in each window, channel by channel.\n\n${windows}`),
  pool("avg_pool", "AvgPool", `The mean of each window, channel by channel.\n\n${windows}`),
  globalPool(
    "global_avg_pool",
    "Mean",
    "The mean of each channel over all positions: f32[N, H, W, C] to f32[N, C].",
  ),
  globalPool(
    "global_max_pool",
    "Max",
    "The largest value of each channel over all positions: f32[N, H, W, C] to f32[N, C].",
  ),
];

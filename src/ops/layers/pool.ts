import { showType } from "../../types/tensor.ts";
import type { LayerOp, ShapeProblem } from "../layer.ts";
import type { Parameters } from "../signature.ts";
import {
  asImages,
  asNhwc,
  isProblem,
  needsFloat,
  padding,
  perAxis,
  positionsOf,
  slid,
  spread,
  tooLarge,
} from "./window.ts";

interface Window {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly padding: "SAME" | "VALID";
  readonly out: readonly number[];
}

/** The window in numbers, with `ceil` settled. */
function windowOf(op: string, sizes: readonly number[], parameters: Parameters): Window | ShapeProblem {
  const size = spread(op, "size", parameters.size, sizes.length);
  if (isProblem(size)) return size;
  const stride = spread(op, "stride", parameters.stride ?? parameters.size, sizes.length);
  if (isProblem(stride)) return stride;
  const same = parameters.padding === "same";
  const count = (how: string) => sizes.map((n, i) => slid(n, size[i]!, stride[i]!, how));
  if (same) return { size, stride, padding: "SAME", out: count("same") };
  const out = count("valid");
  if (out.some((n) => n < 1)) return tooLarge(op, sizes, size);
  const rounded = sizes.map((n, i) => Math.ceil((n - size[i]!) / stride[i]!) + 1);
  if (!parameters.ceil || rounded.every((n, i) => n === out[i]))
    return { size, stride, padding: "VALID", out };
  // A last window that hangs over the end: `SAME` does it where it adds nothing in front.
  const missing = sizes.map((n, i) => Math.max(0, (rounded[i]! - 1) * stride[i]! + size[i]! - n));
  if (count("same").every((n, i) => n === rounded[i] && missing[i]! <= 1))
    return { size, stride, padding: "SAME", out: rounded };
  return {
    problem: `\`ceil: true\` is not possible for \`${op}\` of ${size.join(" x ")} with stride ${stride.join(" x ")} over ${sizes.join(" x ")} positions: its last window would hang over by ${Math.max(...missing)}`,
    hint: "use `padding: same`, or another size of the input",
  };
}

function pool(op: string, primitive: string, doc: string): LayerOp {
  return {
    name: op,
    family: "layer",
    version: 1,
    arity: 1,
    doc,
    parameters: [
      { name: "size", type: perAxis, default: 2, doc: "Side of the window, or `[height, width]`." },
      {
        name: "stride",
        type: perAxis,
        optional: true,
        doc: "Step from one window to the next; the size unless given.",
      },
      { name: "padding", type: padding, default: "same", doc: "`same` or `valid`." },
      {
        name: "ceil",
        type: { kind: "bool" },
        default: false,
        doc: "With `padding: valid`, a last window may hang over the end by one position.",
      },
    ],
    infer([input], parameters) {
      const at = positionsOf(op, input!);
      if (isProblem(at)) return at;
      const window = windowOf(op, at.sizes, parameters);
      if (isProblem(window)) return window;
      return { output: { dtype: "f32", shape: ["N", ...window.out, at.channels] }, weights: [], macs: 0 };
    },
    lower({ builder }, [input], parameters) {
      const window = windowOf(op, input!.type.shape.slice(1, -1), parameters);
      if (isProblem(window)) throw new Error(window.problem);
      return asImages(builder, input!, (x) =>
        builder.emit(primitive, [x], {
          ksize: asNhwc(window.size),
          strides: asNhwc(window.stride),
          padding: window.padding,
        }),
      );
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
          problem: `\`${op}\` needs an image f32[N, H, W, C] or a sequence f32[N, L, C], not ${showType(input!)}`,
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

const windows = `With \`padding: same\` the output has \`ceil(n / stride)\` positions along an axis; with \`padding: valid\` windows stay inside: \`floor((n - size) / stride) + 1\`, or rounded up with \`ceil: true\`. The stride is the size unless given.`;

export const pools: readonly LayerOp[] = [
  pool("max_pool", "MaxPool", `The largest value in each window, channel by channel.\n\n${windows}`),
  pool(
    "avg_pool",
    "AvgPool",
    `The mean of each window, channel by channel; positions that padding adds do not count.\n\n${windows}`,
  ),
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

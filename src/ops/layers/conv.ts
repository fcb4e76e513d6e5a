import type { Inferred, LayerOp, ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Json, Parameters } from "../signature.ts";
import { biasParameter, biasWeight, initParameter, kernelWeight } from "./kernel.ts";
import {
  asImages,
  asNhwc,
  isProblem,
  paddingParameter,
  perAxis,
  positionsOf,
  product,
  type Slide,
  slides,
  spreadEach,
  tensorflowPadding,
  withZeros,
} from "./window.ts";

interface Geometry {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly slides: readonly Slide[];
}

function geometry(sizes: readonly number[], parameters: Parameters): Geometry | ShapeProblem {
  const numbers = spreadEach("conv", ["kernel", "stride", "dilation"], parameters, sizes.length);
  if (isProblem(numbers)) return numbers;
  const [kernel, stride, dilation] = numbers as [readonly number[], readonly number[], readonly number[]];
  const extents = kernel.map((k, i) => (k - 1) * dilation[i]! + 1);
  const all = slides("conv", sizes, extents, stride, parameters.padding);
  return isProblem(all) ? all : { kernel, stride, dilation, slides: all };
}

/** Channels that cannot be shared out to the groups evenly. */
function groupProblem(input: number, output: number, groups: number): ShapeProblem | undefined {
  const [which, channels] = input % groups === 0 ? ["output", output] : ["input", input];
  if (channels % groups === 0) return undefined;
  return {
    problem: `\`conv\` cannot share out ${channels} channels of its ${which} to ${groups} groups`,
    hint: `let \`groups\` divide the ${input} channels that come in and the ${output} that go out`,
  };
}

function infer(channels: number, at: Geometry, parameters: Parameters): Inferred | ShapeProblem {
  const filters = parameters.channels as number;
  const groups = parameters.groups as number;
  const problem = groupProblem(channels, filters, groups);
  if (problem) return problem;
  const taps = product(at.kernel);
  const out = at.slides.map((slide) => slide.out);
  const fans = { in: (taps * channels) / groups, out: (taps * filters) / groups };
  return {
    output: { dtype: "f32", shape: ["N", ...out, filters] },
    weights: [
      kernelWeight([...at.kernel, channels / groups, filters], fans, parameters),
      ...biasWeight(filters, fans, parameters),
    ],
    macs: (product(out) * taps * channels * filters) / groups,
  };
}

export const conv: LayerOp = {
  name: "conv",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Convolution with learned kernels, over sequences f32[N, L, C], images f32[N, H, W, C] or volumes f32[N, D, H, W, C].

With \`padding: same\` the output has \`ceil(n / stride)\` positions along an axis (zeros are added, the odd one at the end); with \`padding: valid\` the kernel stays inside: \`floor((n - dilation (kernel - 1) - 1) / stride) + 1\`; with a number p of zeros on both sides \`n + 2 p\` stands for n. \`padding: causal\`, for sequences, adds zeros in front only, so no output sees what comes after it. Kernels begin He-uniform, biases at 0, unless \`init\` says otherwise.`,
  example: `conv(16, kernel: 5, stride: 2, bias: false)
batch_norm; relu`,
  parameters: [
    { name: "channels", type: { kind: "int", min: 1 }, doc: "Number of kernels: channels of the output." },
    {
      name: "kernel",
      type: perAxis,
      default: 3,
      doc: "Side of the kernel, or one for each axis: `[height, width]`.",
    },
    { name: "stride", type: perAxis, default: 1, doc: "Step from one position to the next." },
    { name: "dilation", type: perAxis, default: 1, doc: "Distance of the kernel's taps." },
    paddingParameter("same", "valid", "causal"),
    {
      name: "groups",
      type: { kind: "int", min: 1 },
      default: 1,
      doc: "Parts that the channels are shared out to; each part of the output sees its part of the input only.",
    },
    biasParameter("channel"),
    initParameter,
  ],
  infer([input], parameters) {
    const at = positionsOf("conv", input!);
    if (isProblem(at)) return at;
    const found = geometry(at.sizes, parameters);
    return isProblem(found) ? found : infer(at.channels, found, parameters);
  },
  lower({ builder, weight }, [input], parameters) {
    const at = geometry(input!.type.shape.slice(1, -1), parameters);
    if (isProblem(at)) throw new Error(at.problem);
    const y = grouped(builder, input!, weight("kernel"), parameters.groups, (x, kernel) =>
      at.kernel.length === 3 ? overVolume(builder, x, kernel, at) : overImage(builder, x, kernel, at),
    );
    return parameters.bias ? builder.emit("BiasAdd", [y, weight("bias")]) : y;
  },
};

/** The part of the last axis from `from` on. */
function channelsOf(b: Builder, value: Value, from: number, count: number): Value {
  const { shape } = value.type;
  const begin = shape.map((_, axis) => (axis === shape.length - 1 ? from : 0));
  return b.emit("Slice", [value, b.ints(begin), b.ints([...shape.slice(0, -1), count])]);
}

/** Each group on its own: grouped kernels have no gradient on every device (engine.md, 4.5). */
function grouped(
  b: Builder,
  x: Value,
  kernel: Value,
  groups: Json | undefined,
  convolve: (x: Value, kernel: Value) => Value,
): Value {
  if (groups === 1) return convolve(x, kernel);
  const count = groups as number;
  const [each, filters] = [x, kernel].map((value) => value.type.shape.at(-1)! / count) as [number, number];
  const parts = Array.from({ length: count }, (_, g) =>
    convolve(channelsOf(b, x, g * each, each), channelsOf(b, kernel, g * filters, filters)),
  );
  return b.emit("ConcatV2", [...parts, b.scalar(x.type.shape.length - 1, "i32")]);
}

/** Sequences are images of one row. */
function overImage(b: Builder, x: Value, kernel: Value, at: Geometry): Value {
  const { stride, dilation, slides: all } = at;
  if (stride.some((s) => s > 1) && dilation.some((d) => d > 1)) return overTaps(b, x, kernel, at);
  const padding = tensorflowPadding(all);
  const padded = padding ? x : withZeros(b, x, all);
  const image =
    kernel.type.shape.length === 4 ? kernel : b.emit("Reshape", [kernel, b.ints([1, ...kernel.type.shape])]);
  return asImages(b, padded, (images) =>
    b.emit("Conv2D", [images, image], {
      strides: asNhwc(stride),
      dilations: asNhwc(dilation),
      padding: padding ?? "VALID",
    }),
  );
}

/** What each tap sees, side by side as channels, and one product: engines take a stride or a dilation. */
function overTaps(b: Builder, x: Value, kernel: Value, { dilation, slides: all }: Geometry): Value {
  const padded = withZeros(b, x, all);
  const [n, ...positions] = padded.type.shape as [number, ...number[]];
  const channels = positions.pop()!;
  const filters = kernel.type.shape.at(-1)!;
  const size = kernel.type.shape.slice(0, -2);
  const seen = tapsOf(size).map((tap) => {
    const first = tap.map((t, i) => t * dilation[i]!);
    const last = first.map((from, i) => from + (all[i]!.out - 1) * all[i]!.stride + 1);
    return b.emit("StridedSlice", [
      padded,
      b.ints([0, ...first, 0]),
      b.ints([n, ...last, channels]),
      b.ints([1, ...all.map(({ stride }) => stride), 1]),
    ]);
  });
  const out = all.map((slide) => slide.out);
  const rows = b.emit("Reshape", [
    b.emit("ConcatV2", [...seen, b.scalar(out.length + 1, "i32")]),
    b.ints([n * product(out), product(size) * channels]),
  ]);
  const matrix = b.emit("Reshape", [kernel, b.ints([product(size) * channels, filters])]);
  const y = b.emit("MatMul", [rows, matrix], { transpose_a: false, transpose_b: false });
  return b.emit("Reshape", [y, b.ints([n, ...out, filters])]);
}

/** The places of a kernel, in the order of its elements. */
function tapsOf([side, ...sides]: readonly number[]): readonly (readonly number[])[] {
  if (side === undefined) return [[]];
  return Array.from({ length: side }, (_, tap) => tapsOf(sides).map((rest) => [tap, ...rest])).flat();
}

/** A sum of convolutions of images, one for each tap along the depth: every engine has those. */
function overVolume(b: Builder, x: Value, kernel: Value, at: Geometry): Value {
  const [depth, ...plane] = at.slides as [Slide, Slide, Slide];
  const flat: Geometry = {
    kernel: at.kernel.slice(1),
    stride: at.stride.slice(1),
    dilation: at.dilation.slice(1),
    slides: plane,
  };
  const none = { before: 0, after: 0 };
  const padded = withZeros(b, x, [depth, none, none]);
  const [n, , h, w, c] = padded.type.shape as [number, number, number, number, number];
  const parts = Array.from({ length: at.kernel[0]! }, (_, tap) => {
    const first = tap * at.dilation[0]!;
    const last = first + (depth.out - 1) * depth.stride + 1;
    const slices = b.emit(
      "StridedSlice",
      [padded, b.ints([0, first, 0, 0, 0]), b.ints([n, last, h, w, c]), b.ints([1, depth.stride, 1, 1, 1])],
      {},
    );
    const images = b.emit("Reshape", [slices, b.ints([n * depth.out, h, w, c])]);
    const [, kh, kw, ci, co] = kernel.type.shape as [number, number, number, number, number];
    const own = b.emit("Slice", [kernel, b.ints([tap, 0, 0, 0, 0]), b.ints([1, kh, kw, ci, co])]);
    return overImage(b, images, b.emit("Reshape", [own, b.ints([kh, kw, ci, co])]), flat);
  });
  const sum = parts.length === 1 ? parts[0]! : b.emit("AddN", parts);
  const [, height, width, channels] = sum.type.shape as [number, number, number, number];
  return b.emit("Reshape", [sum, b.ints([n, depth.out, height, width, channels])]);
}

import type { LayerOp, ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Parameters } from "../signature.ts";
import { biasParameter, biasWeight, initParameter, kernelWeight } from "./kernel.ts";
import {
  asImages,
  asNhwc,
  isProblem,
  paddingParameter,
  perAxis,
  positionsOf,
  product,
  spread,
  spreadEach,
  withZeros,
} from "./window.ts";

interface Enlargement {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  /** Positions of the output, and those of the full one that are cut off on each side; none with `same`. */
  readonly out: readonly number[];
  readonly cut: readonly number[];
  readonly same: boolean;
}

function enlargement(sizes: readonly number[], parameters: Parameters): Enlargement | ShapeProblem {
  const op = "conv_transpose";
  const numbers = spreadEach(op, ["kernel", "stride"], parameters, sizes.length);
  if (isProblem(numbers)) return numbers;
  const [kernel, stride] = numbers as [readonly number[], readonly number[]];
  const { padding } = parameters;
  if (padding === "same")
    return { kernel, stride, out: sizes.map((n, i) => n * stride[i]!), cut: sizes.map(() => 0), same: true };
  const cut = padding === "valid" ? sizes.map(() => 0) : spread(op, "padding", padding, sizes.length);
  if (isProblem(cut)) return cut;
  const out = sizes.map((n, i) => (n - 1) * stride[i]! + kernel[i]! - 2 * cut[i]!);
  if (out.some((n) => n < 1))
    return {
      problem: `\`padding\` of \`${op}\` takes off ${cut.join(" x ")} positions on each side, and nothing is left`,
      hint: "take less off, or `padding: same`",
    };
  return { kernel, stride, out, cut, same: false };
}

export const convTranspose: LayerOp = {
  name: "conv_transpose",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Transposed convolution, over sequences f32[N, L, C], images f32[N, H, W, C] or volumes f32[N, D, H, W, C]: makes them larger by \`stride\`, as the gradient of a convolution does.

With \`padding: same\` the output has \`n stride\` positions along an axis; with \`padding: valid\` it has \`(n - 1) stride + kernel\`; a number takes off so many on both sides. Kernels begin He-uniform by the number of inputs that an output sums over, for images \`kernel^2 C / stride^2\`.`,
  example: `conv(16, stride: 2); relu
conv_transpose(8, kernel: 4, stride: 2) : f32[N, 32, 32, 8]`,
  parameters: [
    { name: "channels", type: { kind: "int", min: 1 }, doc: "Channels of the output." },
    {
      name: "kernel",
      type: perAxis,
      default: 3,
      doc: "Side of the kernel, or one for each axis: `[height, width]`.",
    },
    {
      name: "stride",
      type: perAxis,
      default: 1,
      doc: "How many positions of the output a position of the input stands for.",
    },
    paddingParameter("same", "valid"),
    biasParameter("channel"),
    initParameter,
  ],
  infer([input], parameters) {
    const at = positionsOf("conv_transpose", input!);
    if (isProblem(at)) return at;
    const found = enlargement(at.sizes, parameters);
    if (isProblem(found)) return found;
    const filters = parameters.channels as number;
    const taps = product(found.kernel);
    const fans = {
      in: Math.max(1, Math.round((taps * at.channels) / product(found.stride))),
      out: taps * filters,
    };
    return {
      output: { dtype: "f32", shape: ["N", ...found.out, filters] },
      weights: [
        kernelWeight([...found.kernel, filters, at.channels], fans, parameters),
        ...biasWeight(filters, fans, parameters),
      ],
      macs: product(at.sizes) * taps * at.channels * filters,
    };
  },
  lower({ builder, weight }, [input], parameters) {
    const at = enlargement(input!.type.shape.slice(1, -1), parameters);
    if (isProblem(at)) throw new Error(at.problem);
    const y = (at.out.length === 3 ? overVolume : overImage)(builder, input!, weight("kernel"), at);
    return parameters.bias ? builder.emit("BiasAdd", [y, weight("bias")]) : y;
  },
};

/** Sequences are images of one row. */
function overImage(b: Builder, input: Value, kernel: Value, at: Enlargement): Value {
  const { out, cut, stride, same } = at;
  const rank = out.length;
  const image = rank === 2 ? kernel : b.emit("Reshape", [kernel, b.ints([1, ...kernel.type.shape])]);
  const full = out.map((n, i) => n + 2 * cut[i]!);
  const filters = kernel.type.shape.at(-2)!;
  const rows = (values: readonly number[], one: number) => (rank === 2 ? values : [one, ...values]);
  return asImages(b, input, (x) => {
    const n = x.type.shape[0]!;
    const y = b.emit("Conv2DBackpropInput", [b.ints([n, ...rows(full, 1), filters]), image, x], {
      strides: asNhwc(stride),
      dilations: [1, 1, 1, 1],
      padding: same ? "SAME" : "VALID",
    });
    if (cut.every((each) => each === 0)) return y;
    return b.emit("Slice", [y, b.ints([0, ...rows(cut, 0), 0]), b.ints([n, ...rows(out, 1), filters])]);
  });
}

/** A sum of transposed convolutions of images, one for each tap along the depth: every engine has those. */
function overVolume(b: Builder, x: Value, kernel: Value, at: Enlargement): Value {
  const [n, d, h, w, c] = x.type.shape as [number, number, number, number, number];
  const [taps, rows, columns, filters] = kernel.type.shape as [number, number, number, number];
  const rest = (values: readonly number[]) => values.slice(1);
  const plane: Enlargement = {
    kernel: rest(at.kernel),
    stride: rest(at.stride),
    out: rest(at.out),
    cut: rest(at.cut),
    same: at.same,
  };
  const [stride, out] = [at.stride[0]!, at.out[0]!];
  const before = at.same ? Math.floor(Math.max(0, taps - stride) / 2) : at.cut[0]!;
  const length = Math.max(before + out, d * stride + taps - 1);
  const images = b.emit("Reshape", [x, b.ints([n * d, h, w, c])]);
  const elements = product(plane.out) * filters;
  const parts = Array.from({ length: taps }, (_, tap) => {
    const own = b.emit("Slice", [kernel, b.ints([tap, 0, 0, 0, 0]), b.ints([1, rows, columns, filters, c])]);
    const y = overImage(b, images, b.emit("Reshape", [own, b.ints([rows, columns, filters, c])]), plane);
    // Zeros between the planes, then the tap's place among them.
    const apart = withZeros(b, b.emit("Reshape", [y, b.ints([n, d, 1, elements])]), [
      { before: 0, after: 0 },
      { before: 0, after: stride - 1 },
    ]);
    const planes = b.emit("Reshape", [apart, b.ints([n, d * stride, elements])]);
    const placed = withZeros(b, planes, [{ before: tap, after: length - d * stride - tap }]);
    return b.emit("Slice", [placed, b.ints([0, before, 0]), b.ints([n, out, elements])]);
  });
  const sum = parts.length === 1 ? parts[0]! : b.emit("AddN", parts);
  return b.emit("Reshape", [sum, b.ints([n, ...at.out, filters])]);
}

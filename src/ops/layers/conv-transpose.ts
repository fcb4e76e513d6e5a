import type { LayerOp, ShapeProblem } from "../layer.ts";
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
} from "./window.ts";

interface Enlargement {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  /** Positions of the output, and those of the full one that are cut off on each side; none with `same`. */
  readonly out: readonly number[];
  readonly cut: readonly number[];
}

function enlargement(sizes: readonly number[], parameters: Parameters): Enlargement | ShapeProblem {
  const op = "conv_transpose";
  const numbers = spreadEach(op, ["kernel", "stride"], parameters, sizes.length);
  if (isProblem(numbers)) return numbers;
  const [kernel, stride] = numbers as [readonly number[], readonly number[]];
  const { padding } = parameters;
  if (padding === "same")
    return { kernel, stride, out: sizes.map((n, i) => n * stride[i]!), cut: sizes.map(() => 0) };
  const cut = padding === "valid" ? sizes.map(() => 0) : spread(op, "padding", padding, sizes.length);
  if (isProblem(cut)) return cut;
  const out = sizes.map((n, i) => (n - 1) * stride[i]! + kernel[i]! - 2 * cut[i]!);
  if (out.some((n) => n < 1))
    return {
      problem: `\`padding\` of \`${op}\` takes off ${cut.join(" x ")} positions on each side, and nothing is left`,
      hint: "take less off, or `padding: same`",
    };
  return { kernel, stride, out, cut };
}

export const convTranspose: LayerOp = {
  name: "conv_transpose",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Transposed convolution, over images f32[N, H, W, C] or sequences f32[N, L, C]: makes images larger by \`stride\`, as the gradient of a convolution does.

With \`padding: same\` the output has \`n stride\` positions along an axis; with \`padding: valid\` it has \`(n - 1) stride + kernel\`; a number takes off so many on both sides. Kernels begin He-uniform by the number of inputs that an output sums over, \`kernel^2 C / stride^2\`.`,
  example: `conv(16, stride: 2); relu
conv_transpose(8, kernel: 4, stride: 2) : f32[N, 32, 32, 8]`,
  parameters: [
    { name: "channels", type: { kind: "int", min: 1 }, doc: "Channels of the output." },
    { name: "kernel", type: perAxis, default: 3, doc: "Side of the kernel, or `[height, width]`." },
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
    const at = positionsOf("conv_transpose", input!, 2);
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
    const rank = at.out.length;
    const kernel = weight("kernel");
    const image =
      rank === 2 ? kernel : builder.emit("Reshape", [kernel, builder.ints([1, ...kernel.type.shape])]);
    const full = at.out.map((n, i) => n + 2 * at.cut[i]!);
    return asImages(builder, input!, (x) => {
      const n = x.type.shape[0]!;
      const filters = parameters.channels as number;
      const rows = (values: readonly number[], one: number) => (rank === 2 ? values : [one, ...values]);
      const y = builder.emit(
        "Conv2DBackpropInput",
        [builder.ints([n, ...rows(full, 1), filters]), image, x],
        {
          strides: asNhwc(at.stride),
          dilations: [1, 1, 1, 1],
          padding: parameters.padding === "same" ? "SAME" : "VALID",
        },
      );
      const part = at.cut.some((each) => each > 0)
        ? builder.emit("Slice", [
            y,
            builder.ints([0, ...rows(at.cut, 0), 0]),
            builder.ints([n, ...rows(at.out, 1), filters]),
          ])
        : y;
      return parameters.bias ? builder.emit("BiasAdd", [part, weight("bias")]) : part;
    });
  },
};

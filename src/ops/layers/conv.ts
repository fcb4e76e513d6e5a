import type { LayerOp } from "../layer.ts";
import {
  asImages,
  asNhwc,
  isProblem,
  padding,
  perAxis,
  positionsOf,
  slid,
  spread,
  tooLarge,
} from "./window.ts";

export const conv: LayerOp = {
  name: "conv",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Convolution with learned kernels, over images f32[N, H, W, C] or sequences f32[N, L, C].

With \`padding: same\` the output has \`ceil(n / stride)\` positions along an axis (zeros are added, the odd one at the end); with \`padding: valid\` the kernel stays inside: \`floor((n - dilation (kernel - 1) - 1) / stride) + 1\`. Kernels begin He-uniform, biases at 0.`,
  parameters: [
    { name: "channels", type: { kind: "int", min: 1 }, doc: "Number of kernels: channels of the output." },
    { name: "kernel", type: perAxis, default: 3, doc: "Side of the kernel, or `[height, width]`." },
    { name: "stride", type: perAxis, default: 1, doc: "Step from one position to the next." },
    { name: "dilation", type: perAxis, default: 1, doc: "Distance of the kernel's taps." },
    { name: "padding", type: padding, default: "same", doc: "`same` or `valid`." },
    { name: "bias", type: { kind: "bool" }, default: true, doc: "Adds a learned number to each channel." },
  ],
  infer([input], parameters) {
    const at = positionsOf("conv", input!);
    if (isProblem(at)) return at;
    const { sizes, channels } = at;
    const rank = sizes.length;
    const kernel = spread("conv", "kernel", parameters.kernel, rank);
    if (isProblem(kernel)) return kernel;
    const stride = spread("conv", "stride", parameters.stride, rank);
    if (isProblem(stride)) return stride;
    const dilation = spread("conv", "dilation", parameters.dilation, rank);
    if (isProblem(dilation)) return dilation;
    if (stride.some((s) => s > 1) && dilation.some((d) => d > 1))
      return { problem: "`conv` takes a stride or a dilation, not both", hint: "leave one of them at 1" };
    const extent = kernel.map((k, i) => (k - 1) * dilation[i]! + 1);
    const out = sizes.map((n, i) => slid(n, extent[i]!, stride[i]!, parameters.padding as string));
    if (out.some((n) => n < 1)) return tooLarge("conv", sizes, extent);
    const filters = parameters.channels as number;
    const taps = product(kernel);
    return {
      output: { dtype: "f32", shape: ["N", ...out, filters] },
      weights: [
        {
          name: "kernel",
          shape: [...kernel, channels, filters],
          trainable: true,
          decays: true,
          init: { kind: "he_uniform", fanIn: taps * channels },
        },
        ...(parameters.bias
          ? [
              {
                name: "bias",
                shape: [filters],
                trainable: true,
                decays: false,
                init: { kind: "constant", value: 0 } as const,
              },
            ]
          : []),
      ],
      macs: product(out) * taps * channels * filters,
    };
  },
  lower({ builder, weight }, [input], parameters) {
    const rank = input!.type.shape.length - 2;
    const axes = (name: string) => asNhwc(spread("conv", name, parameters[name], rank) as readonly number[]);
    const kernel = weight("kernel");
    const image =
      rank === 2 ? kernel : builder.emit("Reshape", [kernel, builder.ints([1, ...kernel.type.shape])]);
    return asImages(builder, input!, (x) => {
      const y = builder.emit("Conv2D", [x, image], {
        strides: axes("stride"),
        dilations: axes("dilation"),
        padding: parameters.padding === "same" ? "SAME" : "VALID",
      });
      return parameters.bias ? builder.emit("BiasAdd", [y, weight("bias")]) : y;
    });
  },
};

function product(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1);
}

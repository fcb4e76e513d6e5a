/** Layers that arrange elements without computing with them. */
import { type Dim, elementCount, showType } from "../../types/tensor.ts";
import type { LayerOp } from "../layer.ts";

const flatten: LayerOp = {
  name: "flatten",
  family: "layer",
  version: 1,
  arity: 1,
  doc: "All elements of a sample in one row: f32[N, H, W, C] to f32[N, H W C], channels fastest.",
  parameters: [],
  infer([input]) {
    const size = elementCount(input!.shape.slice(1) as readonly number[]);
    return { output: { dtype: input!.dtype, shape: ["N", size] }, weights: [], macs: 0 };
  },
  lower({ builder }, [input]) {
    const [n, ...rest] = input!.type.shape as [number, ...number[]];
    if (rest.length === 1) return input!;
    return builder.emit("Reshape", [input!, builder.ints([n, elementCount(rest)])]);
  },
};

const reshape: LayerOp = {
  name: "reshape",
  family: "layer",
  version: 1,
  arity: 1,
  anyShape: true,
  doc: "The same elements in another shape, in the same order: `reshape([8, 8, 16])` makes f32[N, 8, 8, 16] of f32[N, 1024]. The batch stays in front, whether `N` is written or not.",
  example: "reshape([1024, 3]) : f32[N, 1024, 3]",
  parameters: [
    {
      name: "shape",
      type: {
        kind: "list",
        of: {
          kind: "union",
          of: [
            { kind: "int", min: 1 },
            { kind: "word", words: ["N"] },
          ],
        },
      },
      doc: "Dimensions of one sample; `N` may stand in front.",
    },
  ],
  infer([input], parameters) {
    const shape = reshaped(input!.shape, parameters.shape as readonly Dim[]);
    const count = (dims: readonly Dim[]) => elementCount(dims.filter((dim) => dim !== "N"));
    const has = count(input!.shape);
    const wants = count(shape);
    if (has !== wants || (shape.includes("N") && shape[0] !== "N")) {
      const sample = input!.shape.includes("N") ? " a sample" : "";
      return {
        problem: `cannot make [${shape.slice(shape[0] === "N" ? 1 : 0).join(", ")}], ${wants} elements, of ${showType(input!)}, ${has} elements${sample}`,
        hint: has === wants ? "let `N` stand in front" : "let the dimensions multiply to the same number",
      };
    }
    return { output: { dtype: input!.dtype, shape }, weights: [], macs: 0 };
  },
  lower: ({ builder, output }, [input]) => builder.emit("Reshape", [input!, builder.ints(output)]),
};

/** The batch in front where the tensor has one. */
const reshaped = (from: readonly Dim[], to: readonly Dim[]): readonly Dim[] =>
  from.includes("N") && to[0] !== "N" ? ["N", ...to] : to;

const padChannels: LayerOp = {
  name: "pad_channels",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Adds channels of zeros at the end, up to the number given.

The shortcut without parameters of He et al. (2016), option A.`,
  example: `it as image
conv(16); relu; conv(16) as main
pad_channels(image, to: 16) + main`,
  parameters: [{ name: "to", type: { kind: "int", min: 1 }, doc: "Channels of the output." }],
  infer([input], parameters) {
    const to = parameters.to as number;
    const has = input!.shape.at(-1) as number;
    if (to < has) {
      return {
        problem: `\`pad_channels\` to ${to} would drop channels of ${showType(input!)}, which has ${has}`,
        hint: `use \`conv(${to}, kernel: 1)\` to have fewer channels`,
      };
    }
    return {
      output: { dtype: input!.dtype, shape: [...input!.shape.slice(0, -1), to] },
      weights: [],
      macs: 0,
    };
  },
  lower({ builder }, [input], parameters) {
    const { shape } = input!.type;
    const missing = (parameters.to as number) - shape.at(-1)!;
    if (missing === 0) return input!;
    const data = new Int32Array(2 * shape.length);
    data[data.length - 1] = missing;
    const paddings = builder.constant({ dtype: "i32", shape: [shape.length, 2], data });
    return builder.emit("Pad", [input!, paddings]);
  },
};

export const arrangements: readonly LayerOp[] = [flatten, reshape, padChannels];

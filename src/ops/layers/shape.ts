/** Layers that arrange elements without computing with them. */
import { elementCount, showType } from "../../types/tensor.ts";
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
  doc: "The same elements in another shape, in the same order: `reshape([8, 8, 16])` makes f32[N, 8, 8, 16] of f32[N, 1024].",
  parameters: [
    {
      name: "shape",
      type: { kind: "list", of: { kind: "int", min: 1 } },
      doc: "Dimensions of one sample, without `N`.",
    },
  ],
  infer([input], parameters) {
    const shape = parameters.shape as readonly number[];
    const has = elementCount(input!.shape.slice(1) as readonly number[]);
    const wants = elementCount(shape);
    if (has !== wants) {
      return {
        problem: `cannot make [${shape.join(", ")}], ${wants} elements, of ${showType(input!)}, ${has} elements a sample`,
        hint: "let the dimensions multiply to the same number",
      };
    }
    return { output: { dtype: input!.dtype, shape: ["N", ...shape] }, weights: [], macs: 0 };
  },
  lower({ builder }, [input], parameters) {
    const shape = [input!.type.shape[0]!, ...(parameters.shape as readonly number[])];
    return builder.emit("Reshape", [input!, builder.ints(shape)]);
  },
};

const padChannels: LayerOp = {
  name: "pad_channels",
  family: "layer",
  version: 1,
  arity: 1,
  doc: `Adds channels of zeros at the end, up to the number given.

The shortcut without parameters of He et al. (2016), option A.`,
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

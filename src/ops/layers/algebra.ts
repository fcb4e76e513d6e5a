/** Functions that multiply and arrange tensors, and tensors made of numbers. */
import { type Dim, showType, type TensorType } from "../../types/tensor.ts";
import type { LayerOp, ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Json } from "../signature.ts";
import { axesFor } from "./reduce.ts";
import { needsFloat } from "./window.ts";

const base = { family: "layer", version: 1, anyShape: true, functional: true } as const;

const matmul: LayerOp = {
  ...base,
  name: "matmul",
  arity: 2,
  doc: "The matrix product over the last two axes: f32[N, A, B] and f32[N, B, C] to f32[N, A, C]. A matrix without `N` is the same for all examples.",
  example: `reshape([64, 48]) // attention among 64 pieces
branch query { conv(32, kernel: 1) }
branch key { conv(32, kernel: 1) }
branch value { conv(32, kernel: 1) }
matmul(softmax(matmul(query, transpose(key)) / sqrt(32)), value)`,
  parameters: [],
  infer([a, b]) {
    const stacked = `${showType(a!)} and ${showType(b!)}`;
    if (a!.dtype !== "f32" || b!.dtype !== "f32") return needsFloat("matmul", a!.dtype === "f32" ? b! : a!);
    if (a!.shape.length < 2 || b!.shape.length < 2)
      return {
        problem: `\`matmul\` multiplies matrices, not ${stacked}`,
        hint: "give both two axes or more with `reshape`",
      };
    const [rows, inner] = a!.shape.slice(-2) as [Dim, Dim];
    const [inner2, columns] = b!.shape.slice(-2) as [Dim, Dim];
    const [outer, outer2] = [a!.shape.slice(0, -2), b!.shape.slice(0, -2)];
    const batch = outer.length > 0 ? outer : outer2;
    const agree = outer.length === 0 || outer2.length === 0 || outer.join() === outer2.join();
    if (inner !== inner2 || !agree)
      return {
        problem: `\`matmul\` cannot multiply ${stacked}: ${agree ? `${inner} columns meet ${inner2} rows` : "what stands before the matrices differs"}`,
        hint: agree ? "one of them may need `transpose`" : "bring both to one shape before the last two axes",
      };
    const macs = [...batch, rows, columns, inner].reduce<number>(
      (product, dim) => (dim === "N" ? product : product * dim),
      1,
    );
    return { output: { dtype: "f32", shape: [...batch, rows, columns] }, weights: [], macs };
  },
  lower: ({ builder }, [a, b]) =>
    builder.emit(a!.type.shape.length === 2 && b!.type.shape.length === 2 ? "MatMul" : "BatchMatMulV2", [
      a!,
      b!,
    ]),
};

function permutation(
  input: TensorType | Value["type"],
  axes: Json | undefined,
): readonly number[] | ShapeProblem {
  const rank = input.shape.length;
  if (axes === undefined || axes === null) {
    if (rank < 2)
      return {
        problem: `\`transpose\` swaps the last two axes, and ${showType(input as TensorType)} has not as many`,
      };
    return [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
  }
  const list = (axes as readonly number[]).map((axis) => (axis < 0 ? axis + rank : axis));
  if (list.length === rank && [...list].sort((a, b) => a - b).every((axis, i) => axis === i)) return list;
  return {
    problem: `\`transpose\` needs each axis of ${showType(input as TensorType)} once, not [${(axes as readonly number[]).join(", ")}]`,
    hint: `name ${rank} axes, 0 to ${rank - 1}, in their new order`,
  };
}

const transpose: LayerOp = {
  ...base,
  name: "transpose",
  arity: 1,
  doc: "The same elements with axes in another order; without `axes` the last two are swapped.",
  example: "transpose(axes: [0, 2, 1, 3]) // rows and columns change places",
  parameters: [
    {
      name: "axes",
      type: { kind: "list", of: { kind: "int" } },
      optional: true,
      doc: "The axes in their new order, the batch (0) among them.",
    },
  ],
  infer([input], { axes }) {
    const order = permutation(input!, axes);
    if ("problem" in order) return order;
    return {
      output: { dtype: input!.dtype, shape: order.map((axis) => input!.shape[axis]!) },
      weights: [],
      macs: 0,
    };
  },
  lower: ({ builder }, [x], { axes }) =>
    builder.emit("Transpose", [x!, builder.ints(permutation(x!.type, axes) as readonly number[])]),
};

const take: LayerOp = {
  ...base,
  name: "take",
  arity: 1,
  doc: "Elements of one axis by their numbers: `take(x, index: 2)` drops the axis, `take(x, index: [0, 2])` keeps it.",
  example: "take(index: [0, 2]) : f32[N, 32, 32, 2] // the first and the third band",
  parameters: [
    {
      name: "index",
      type: { kind: "union", of: [{ kind: "int" }, { kind: "list", of: { kind: "int" } }] },
      doc: "Which elements, from 0; negative ones count from the last.",
    },
    { name: "axis", type: { kind: "int" }, default: -1, doc: "Of which axis; -1 is the last." },
  ],
  infer([input], parameters) {
    const axes = axesFor("take", parameters.axis, input!.shape.length);
    if ("problem" in axes) return axes;
    const at = axes[0]!;
    const size = input!.shape[at]!;
    if (size === "N")
      return { problem: "`take` cannot take examples out of the batch", hint: "name another axis" };
    const index = parameters.index as number | readonly number[];
    const wrong = [index].flat().find((each) => each < -size || each >= size);
    if (wrong !== undefined)
      return {
        problem: `\`take\` has no element ${wrong}: axis ${at} of ${showType(input!)} has 0 to ${size - 1}`,
      };
    const shape = input!.shape.flatMap((dim, axis): readonly Dim[] =>
      axis !== at ? [dim] : typeof index === "number" ? [] : [index.length],
    );
    return { output: { dtype: input!.dtype, shape }, weights: [], macs: 0 };
  },
  lower({ builder }, [x], parameters) {
    const { shape } = x!.type;
    const at = (axesFor("take", parameters.axis, shape.length) as readonly number[])[0]!;
    const index = parameters.index as number | readonly number[];
    const slice = (place: number): Value => {
      const begin = shape.map((_, axis) => (axis !== at ? 0 : place < 0 ? place + shape[at]! : place));
      const size = shape.map((dim, axis) => (axis === at ? 1 : dim));
      return builder.emit("Slice", [x!, builder.ints(begin), builder.ints(size)]);
    };
    if (typeof index === "number") {
      const left = shape.filter((_, axis) => axis !== at);
      return builder.emit("Reshape", [slice(index), builder.ints(left)]);
    }
    const parts = index.map(slice);
    return parts.length === 1 ? parts[0]! : builder.emit("ConcatV2", [...parts, builder.scalar(at, "i32")]);
  },
};

const eye: LayerOp = {
  ...base,
  name: "eye",
  arity: 0,
  doc: "The matrix with ones on its diagonal and zeros elsewhere: `eye(5)`, or `eye(N)` for one row and column an example.",
  example:
    "reshape([1024, 3]) as pixels // each band is mixed with the others, by nothing at first\nlearned([3, 3], init: zeros) as change\nmatmul(pixels, eye(3) + change)",
  parameters: [
    {
      name: "size",
      type: {
        kind: "union",
        of: [
          { kind: "int", min: 1 },
          { kind: "word", words: ["N"] },
        ],
      },
      doc: "Rows and columns; `N` is the batch.",
    },
  ],
  infer: (_, { size }) => ({
    output: { dtype: "f32", shape: [size as Dim, size as Dim] },
    weights: [],
    macs: 0,
  }),
  lower({ builder, output: [size] }) {
    const data = Int32Array.from({ length: size! }, (_, i) => i);
    return oneHotOf(builder, builder.constant({ dtype: "i32", shape: [size!], data }), size!);
  },
};

const oneHotOf = (b: Builder, x: Value, classes: number): Value =>
  b.emit("OneHot", [x, b.scalar(classes, "i32"), b.scalar(1), b.scalar(0)]);

const oneHot: LayerOp = {
  ...base,
  name: "one_hot",
  arity: 1,
  doc: "A class as numbers: 1 at its place and 0 elsewhere, along a new last axis.",
  example: `/// The mean probability of the true class.
metric trust(y: f32[N, K], t: class[K], goal: word = max) {
  mean(sum(softmax(y) * one_hot(t, classes: K), axis: -1))
}`,
  parameters: [{ name: "classes", type: { kind: "int", min: 2 }, doc: "How many classes there are." }],
  infer([input], { classes }) {
    if (input!.dtype === "f32")
      return {
        problem: `\`one_hot\` takes a class, not ${showType(input!)}`,
        hint: "a target `class[4]` is one",
      };
    return { output: { dtype: "f32", shape: [...input!.shape, classes as number] }, weights: [], macs: 0 };
  },
  lower: ({ builder }, [x], { classes }) => oneHotOf(builder, x!, classes as number),
};

type Numbers = number | readonly Numbers[];

const shapeOf = (values: Numbers): readonly number[] =>
  typeof values === "number" ? [] : [values.length, ...shapeOf(values[0] ?? 0)];

const flatten = (values: Numbers): readonly number[] => {
  if (typeof values === "number") return [values];
  const rows: readonly (readonly number[])[] = values.map(flatten);
  return rows.flat();
};

const even = (values: Numbers): boolean =>
  typeof values === "number" ||
  values.every((each) => even(each) && shapeOf(each).join() === shapeOf(values[0]!).join());

const constant: LayerOp = {
  ...base,
  name: "constant",
  arity: 0,
  doc: "Numbers as a tensor: what `[1, -1]` or `0.5` is beside a tensor.",
  example: `it as image
constant([0.5, 0.3, 0.2]) as weights
sum(image * weights, axis: -1, keep: true) : f32[N, 32, 32, 1]`,
  parameters: [
    { name: "values", type: { kind: "any" }, doc: "A number, or lists of numbers of one length." },
  ],
  infer(_, { values }) {
    if (!even(values as Numbers))
      return {
        problem: "the lists of a tensor are not all of one length",
        hint: "give each row as many numbers",
      };
    return { output: { dtype: "f32", shape: shapeOf(values as Numbers) }, weights: [], macs: 0 };
  },
  lower: ({ builder, output }, _, { values }) =>
    builder.constant({ dtype: "f32", shape: output, data: Float32Array.from(flatten(values as Numbers)) }),
};

export const algebra: readonly LayerOp[] = [matmul, transpose, take, eye, oneHot, constant];

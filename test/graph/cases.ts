/** For every primitive a small graph with it: what the gradients and the engines are tested on. */
import type { GraphBuilder } from "../../src/graph/builder.ts";
import type { Attrs, Value } from "../../src/ops/node.ts";
import { randomSource } from "../../src/ops/philox.ts";

/** Drawn evenly; between -1 and 1 without `from` and `to`. */
export interface Input {
  readonly shape: readonly number[];
  readonly from?: number;
  readonly to?: number;
}

export interface Case {
  readonly name: string;
  readonly inputs: readonly Input[];
  /** All inputs have one dtype, f32 or f64; so has the result. */
  readonly build: (b: GraphBuilder, inputs: readonly Value[]) => Value;
  /** Not to be differentiated. */
  readonly forwardOnly?: boolean;
}

export function draw({ shape, from = -1, to = 1 }: Input, seed: number): Float64Array {
  const source = randomSource([seed, 77]);
  const count = shape.reduce((product, dim) => product * dim, 1);
  return Float64Array.from({ length: count }, () => from + (to - from) * source.uniform());
}

const s = (...shape: number[]): Input => ({ shape });
const positive = (...shape: number[]): Input => ({ shape, from: 0.3, to: 2 });
/** Away from whole numbers, where nothing jumps. */
const steady = (...shape: number[]): Input => ({ shape, from: 1.1, to: 1.9 });

const simple = (op: string, inputs: readonly Input[], attrs: Attrs = {}, name = op): Case => ({
  name,
  inputs,
  build: (b, xs) => b.emit(op, xs, attrs),
});

/** A bool as a number, beside an input so that there is something to differentiate. */
const asNumber = (b: GraphBuilder, like: Value, value: Value): Value =>
  b.emit("Cast", [value], { DstT: { dtype: like.type.dtype } });

const comparison = (op: string): Case => ({
  name: op,
  inputs: [s(2, 3), s(3)],
  build: (b, xs) => b.emit("Mul", [xs[0]!, asNumber(b, xs[0]!, b.emit(op, xs))]),
});

const logical = (op: string): Case => ({
  name: op,
  inputs: [s(6), s(6)],
  build: (b, [x, y]) => {
    const zero = b.scalar(0, x!.type.dtype);
    const p = b.emit("Greater", [x!, zero]);
    const q = b.emit("Greater", [y!, zero]);
    return asNumber(b, x!, b.emit(op, op === "LogicalNot" ? [p] : [p, q]));
  },
});

const arithmetic: readonly Case[] = [
  ...["Add", "AddV2", "Sub", "Mul", "SquaredDifference", "Maximum", "Minimum"].flatMap((op) => [
    simple(op, [s(2, 3), s(2, 3)]),
    simple(op, [s(4, 1, 3), s(2, 1)], {}, `${op}, broadcast both ways`),
    simple(op, [s(), s(2, 2)], {}, `${op}, with a scalar`),
  ]),
  ...["RealDiv", "Div"].map((op) => simple(op, [s(2, 3), positive(3)])),
  simple("FloorDiv", [
    { shape: [5], from: 4.1, to: 4.9 },
    { shape: [5], from: 1.4, to: 1.6 },
  ]),
  { ...simple("FloorMod", [s(5), positive(5)]), forwardOnly: true },
  simple("Pow", [positive(2, 3), s(3)]),
  simple("AddN", [s(2, 2), s(2, 2), s(2, 2)]),
  ...["Neg", "Abs", "Sign", "Square", "Exp", "Expm1", "Cos", "Sin", "Erf"].map((op) => simple(op, [s(7)])),
  simple("Erf", [{ shape: [12], from: -5, to: 5 }], {}, "Erf, far out"),
  ...["Floor", "Ceil"].map((op) => simple(op, [steady(4)])),
  simple("Round", [{ shape: [4], from: 1.6, to: 2.4 }]),
  ...["Sqrt", "Rsqrt", "Reciprocal", "Log", "Log1p"].map((op) => simple(op, [positive(5)])),
];

const activations: readonly Case[] = [
  ...["Relu", "Elu", "Selu", "Sigmoid", "Tanh", "Softplus", "Softsign"].map((op) => simple(op, [s(3, 5)])),
  simple("Relu6", [{ shape: [12], from: -3, to: 9 }]),
  simple("LeakyRelu", [s(9)], { alpha: 0.1 }),
];

const logic: readonly Case[] = [
  ...["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"].map(comparison),
  ...["LogicalAnd", "LogicalOr", "LogicalNot"].map(logical),
  {
    name: "IsFinite",
    inputs: [s(4)],
    build: (b, [x]) => b.emit("Mul", [x!, asNumber(b, x!, b.emit("IsFinite", [x!]))]),
  },
  {
    name: "SelectV2, broadcast",
    inputs: [s(2, 3), s(3), s(2, 1)],
    build: (b, [x, t, e]) =>
      b.emit("SelectV2", [b.emit("Greater", [x!, b.scalar(0, x!.type.dtype)]), t!, e!]),
  },
  {
    name: "Cast",
    inputs: [s(4)],
    build: (b, [x]) => asNumber(b, x!, b.emit("Cast", [x!], { DstT: { dtype: "f64" } })),
  },
];

const transposes = [false, true];

const linear: readonly Case[] = [
  ...transposes.flatMap((a) =>
    transposes.map((t) =>
      simple(
        "MatMul",
        [a ? s(3, 2) : s(2, 3), t ? s(4, 3) : s(3, 4)],
        { transpose_a: a, transpose_b: t },
        `MatMul ${a ? "transposed" : "plain"} by ${t ? "transposed" : "plain"}`,
      ),
    ),
  ),
  ...transposes.flatMap((a) =>
    transposes.map((t) =>
      simple(
        "BatchMatMulV2",
        [a ? s(5, 1, 3, 2) : s(5, 1, 2, 3), t ? s(2, 4, 3) : s(2, 3, 4)],
        { adj_x: a, adj_y: t },
        `BatchMatMulV2 ${a ? "transposed" : "plain"} by ${t ? "transposed" : "plain"}, broadcast`,
      ),
    ),
  ),
  simple("BiasAdd", [s(2, 3, 2, 4), s(4)]),
  simple("BiasAdd", [s(3, 4), s(4)], {}, "BiasAdd to a matrix"),
];

const convolutionAttrs = (stride: number, dilation: number, padding: string): Attrs => ({
  strides: [1, stride, stride, 1],
  dilations: [1, dilation, dilation, 1],
  padding,
});

const convolutions: readonly Case[] = [
  ...(
    [
      [1, 1, "SAME"],
      [2, 1, "SAME"],
      [2, 1, "VALID"],
      [1, 2, "SAME"],
    ] as const
  ).map(([stride, dilation, padding]) =>
    simple(
      "Conv2D",
      [s(2, 6, 5, 2), s(3, 2, 2, 3)],
      convolutionAttrs(stride, dilation, padding),
      `Conv2D, stride ${stride}, dilation ${dilation}, ${padding}`,
    ),
  ),
  ...[1, 2].map(
    (stride): Case => ({
      name: `Conv2DBackpropInput as a transposed convolution, stride ${stride}`,
      inputs: [s(3, 3, 2, 3), s(1, Math.ceil(6 / stride), Math.ceil(5 / stride), 3)],
      build: (b, xs) =>
        b.emit("Conv2DBackpropInput", [b.ints([1, 6, 5, 2]), ...xs], convolutionAttrs(stride, 1, "SAME")),
    }),
  ),
];

const pools: readonly Case[] = ["MaxPool", "AvgPool"].flatMap((op) =>
  (
    [
      [2, 2, "VALID"],
      [3, 2, "SAME"],
      [3, 1, "SAME"],
    ] as const
  ).map(([size, stride, padding]) =>
    simple(
      op,
      [s(2, 6, 5, 2)],
      { ksize: [1, size, size, 1], strides: [1, stride, stride, 1], padding },
      `${op} ${size}, stride ${stride}, ${padding}`,
    ),
  ),
);

const averageGradient: Case = {
  name: "AvgPoolGrad",
  inputs: [s(2, 3, 3, 2)],
  build: (b, [dy]) =>
    b.emit("AvgPoolGrad", [b.ints([2, 6, 5, 2]), dy!], {
      ksize: [1, 3, 3, 1],
      strides: [1, 2, 2, 1],
      padding: "SAME",
    }),
};

const normalisation: readonly Case[] = [true, false].map((training) => ({
  name: `FusedBatchNormV3 in ${training ? "training" : "evaluation"}`,
  inputs: [s(2, 3, 3, 4), positive(4), s(4)],
  build: (b, xs) => {
    const vector = (...numbers: number[]) =>
      b.emit("Cast", [b.constant({ dtype: "f32", shape: [4], data: Float32Array.from(numbers) })], {
        DstT: { dtype: xs[0]!.type.dtype },
      });
    const moving = [vector(0.1, 0.2, -0.1, 0), vector(1, 0.5, 2, 0.8)];
    return b.emit("FusedBatchNormV3", [...xs, ...moving], {
      epsilon: 0.001,
      exponential_avg_factor: 0.1,
      is_training: training,
    });
  },
}));

const sum = (b: GraphBuilder, x: Value, axes: readonly number[], keep = false): Value =>
  b.emit("Sum", [x, b.ints(axes)], { keep_dims: keep });

const losses: readonly Case[] = [
  simple("Softmax", [s(3, 4)]),
  simple("LogSoftmax", [s(3, 4)]),
  {
    // Its second output is the gradient only for labels that sum to 1.
    name: "SoftmaxCrossEntropyWithLogits",
    inputs: [s(3, 4), s(3, 4)],
    build: (b, [x, y]) => b.emit("SoftmaxCrossEntropyWithLogits", [x!, b.emit("Softmax", [y!])]),
  },
  {
    name: "SparseSoftmaxCrossEntropyWithLogits",
    inputs: [s(3, 4)],
    build: (b, [x]) => b.emit("SparseSoftmaxCrossEntropyWithLogits", [x!, b.ints([2, 0, 3])]),
  },
];

const reductions: readonly Case[] = [
  ...["Sum", "Mean", "Max", "Min"].flatMap((op) =>
    [
      { axes: [0, 2], keep: false },
      { axes: [-1], keep: true },
      { axes: [0, 1, 2], keep: false },
    ].map(
      ({ axes, keep }): Case => ({
        name: `${op} over ${axes.join(" ")}${keep ? ", kept" : ""}`,
        inputs: [s(2, 3, 4)],
        build: (b, [x]) => b.emit(op, [x!, b.ints(axes)], { keep_dims: keep }),
      }),
    ),
  ),
  ...["All", "Any"].map(
    (op): Case => ({
      name: op,
      inputs: [s(6, 2)],
      build: (b, [x]) => {
        const positives = b.emit("Greater", [x!, b.scalar(0, x!.type.dtype)]);
        return asNumber(b, x!, b.emit(op, [positives, b.ints([1])], { keep_dims: false }));
      },
    }),
  ),
  ...["ArgMax", "ArgMin"].map(
    (op): Case => ({
      name: op,
      inputs: [s(3, 4, 2)],
      build: (b, [x]) =>
        asNumber(b, x!, b.emit(op, [x!, b.scalar(1, "i32")], { output_type: { dtype: "i64" } })),
    }),
  ),
];

const matrix = (b: GraphBuilder, values: readonly number[], columns: number): Value =>
  b.constant({ dtype: "i32", shape: [values.length / columns, columns], data: Int32Array.from(values) });

/** The operator on one input with a vector of whole numbers beside it. */
const shaped = (op: string, input: Input, ...ints: readonly (readonly number[])[]): Case => ({
  name: op,
  inputs: [input],
  build: (b, [x]) => b.emit(op, [x!, ...ints.map((numbers) => b.ints(numbers))]),
});

const shapes: readonly Case[] = [
  shaped("Reshape", s(2, 6), [3, -1]),
  {
    name: "ExpandDims",
    inputs: [s(2, 3)],
    build: (b, [x]) => b.emit("ExpandDims", [x!, b.scalar(-1, "i32")]),
  },
  simple("Squeeze", [s(2, 1, 3, 1)], { squeeze_dims: [1] }),
  simple("Squeeze", [s(2, 1, 3, 1)], {}, "Squeeze all"),
  shaped("Transpose", s(2, 3, 4), [2, 0, 1]),
  {
    name: "ConcatV2",
    inputs: [s(2, 3), s(2, 1), s(2, 2)],
    build: (b, xs) => b.emit("ConcatV2", [...xs, b.scalar(1, "i32")]),
  },
  simple("Pack", [s(2, 3), s(2, 3)], { axis: 1 }),
  simple("Pack", [s(2, 3), s(2, 3)], { axis: -1 }, "Pack at the end"),
  ...[0, -1].map(
    (axis): Case => ({
      name: `Unpack along axis ${axis}, a part of it used`,
      inputs: [s(3, 2, 3)],
      build: (b, [x]) => {
        const [first, , last] = b.emitAll("Unpack", [x!], { num: 3, axis });
        return b.emit("Mul", [first!, last!]);
      },
    }),
  ),
  shaped("Slice", s(4, 5), [1, 2], [2, -1]),
  {
    name: "StridedSlice with a mask and a dropped axis",
    inputs: [s(5, 3, 4)],
    build: (b, [x]) =>
      b.emit("StridedSlice", [x!, b.ints([0, 1, 3]), b.ints([5, 2, 0]), b.ints([2, 1, -1])], {
        begin_mask: 1,
        end_mask: 1,
        shrink_axis_mask: 2,
      }),
  },
  {
    name: "Pad",
    inputs: [s(2, 3)],
    build: (b, [x]) => b.emit("Pad", [x!, matrix(b, [1, 0, 2, 1], 2)]),
  },
  shaped("Tile", s(2, 3), [2, 3]),
  shaped("BroadcastTo", s(3, 1), [2, 3, 4]),
  shaped("ReverseV2", s(2, 3, 4), [0, 2]),
];

const gathers: readonly Case[] = [
  {
    name: "GatherV2, a row twice",
    inputs: [s(5, 2)],
    build: (b, [x]) => b.emit("GatherV2", [x!, matrix(b, [4, 1, 1, 0], 2), b.scalar(0, "i32")]),
  },
  {
    name: "GatherV2 along axis 1 of each row",
    inputs: [s(2, 3, 2)],
    build: (b, [x]) =>
      b.emit("GatherV2", [x!, matrix(b, [2, 0, 1, 1], 2), b.scalar(1, "i32")], { batch_dims: 1 }),
    forwardOnly: true,
  },
  {
    name: "UnsortedSegmentSum",
    inputs: [s(4, 2)],
    build: (b, [x]) => b.emit("UnsortedSegmentSum", [x!, b.ints([2, 0, 2, 1]), b.scalar(4, "i32")]),
  },
  {
    name: "TopKV2 of each row",
    inputs: [s(2, 3, 5)],
    build: (b, [x]) => b.emit("TopKV2", [x!, b.scalar(3, "i32")]),
  },
  {
    name: "OneHot",
    inputs: [s(3, 4)],
    build: (b, [x]) => {
      const scalars = [b.scalar(0.9, x!.type.dtype), b.scalar(0.1, x!.type.dtype)];
      return b.emit("Mul", [x!, b.emit("OneHot", [b.ints([3, 7, 0]), b.scalar(4, "i32"), ...scalars])]);
    },
  },
  {
    name: "OneHot along axis 0",
    inputs: [s(4, 3)],
    build: (b, [x]) => {
      const scalars = [b.scalar(1, x!.type.dtype), b.scalar(0, x!.type.dtype)];
      const hot = b.emit("OneHot", [b.ints([3, 1, 0]), b.scalar(4, "i32"), ...scalars], { axis: 0 });
      return b.emit("Mul", [x!, hot]);
    },
  },
  { name: "Fill", inputs: [s()], build: (b, [x]) => b.emit("Fill", [b.ints([2, 3]), x!]) },
  {
    name: "Range",
    inputs: [s(4)],
    build: (b, [x]) => {
      const range = b.emit("Range", [b.scalar(1, "i32"), b.scalar(9, "i32"), b.scalar(2, "i32")]);
      return b.emit("Mul", [x!, asNumber(b, x!, range)]);
    },
  },
];

const rest: readonly Case[] = [
  simple("Identity", [s(3)]),
  {
    name: "StopGradient, which ends the way of a gradient",
    inputs: [s(3)],
    build: (b, [x]) => b.emit("StopGradient", [x!]),
    forwardOnly: true,
  },
  {
    name: "a value used twice",
    inputs: [s(3, 3)],
    build: (b, [x]) => sum(b, b.emit("MatMul", [b.emit("Tanh", [x!]), x!]), [1], true),
  },
];

const projections: readonly Case[] = ["CONSTANT", "REFLECT", "WRAP", "NEAREST"].flatMap((mode) =>
  ["BILINEAR", "NEAREST"].map(
    (interpolation): Case => ({
      name: `ImageProjectiveTransformV3 ${mode} ${interpolation}`,
      inputs: [s(2, 6, 5, 2)],
      forwardOnly: true,
      build: (b, [x]) => {
        const rows = [
          [0.83, -0.51, 1.37, 0.47, 0.91, -1.21, 0, 0],
          [1.13, 0.21, -3.4, -0.33, 1.07, 4.7, 0.01, -0.02],
        ];
        const transforms = b.constant({ dtype: "f32", shape: [2, 8], data: Float32Array.from(rows.flat()) });
        const images = b.emit("Cast", [x!], { DstT: { dtype: "f32" } });
        const out = b.emit(
          "ImageProjectiveTransformV3",
          [images, transforms, b.ints([6, 5]), b.scalar(0.25)],
          {
            interpolation,
            fill_mode: mode,
          },
        );
        return asNumber(b, x!, out);
      },
    }),
  ),
);

export const cases: readonly Case[] = [
  ...arithmetic,
  ...activations,
  ...logic,
  ...linear,
  ...convolutions,
  ...pools,
  averageGradient,
  ...normalisation,
  ...losses,
  ...reductions,
  ...shapes,
  ...gathers,
  ...rest,
  ...projections,
];

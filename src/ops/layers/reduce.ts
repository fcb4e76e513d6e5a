/** Reductions: of all elements of a tensor, or along axes. Among them `min` and `max`, which also take several tensors. */
import type { Dim, TensorType } from "../../types/tensor.ts";
import type { Inferred, LayerOp, ShapeProblem } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import { constantInts, reshape } from "../primitives/primitive.ts";
import type { Json, Parameter, Parameters } from "../signature.ts";
import { elementwise } from "./align.ts";
import { needsFloat } from "./window.ts";

const axis: Parameter = {
  name: "axis",
  type: { kind: "union", of: [{ kind: "int" }, { kind: "list", of: { kind: "int" } }] },
  optional: true,
  doc: "Which axes go; negative ones count from the last. All of them without it.",
};
const keep: Parameter = {
  name: "keep",
  type: { kind: "bool" },
  default: false,
  doc: "Whether an axis that is reduced stays, with length 1.",
};

/** Axes from 0 up, each once; all of them where none is named. */
export function axesFor(op: string, value: Json | undefined, rank: number): readonly number[] | ShapeProblem {
  if (value === undefined || value === null) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof value === "number" ? [value] : value) as readonly number[];
  const wrong = list.find((each) => each < -rank || each >= rank);
  if (wrong !== undefined)
    return {
      problem: `\`${op}\` has no axis ${wrong} to work on: its tensor has ${rank === 1 ? "one axis" : `${rank} axes`}`,
      hint: rank > 0 ? `axes are 0 to ${rank - 1}, or -1 to ${-rank} from the last` : undefined,
    } as ShapeProblem;
  return [...new Set(list.map((each) => (each < 0 ? each + rank : each)))].sort((a, b) => a - b);
}

/** What is left of a shape. */
function reduced(op: string, input: TensorType, parameters: Parameters): Inferred | ShapeProblem {
  const axes = axesFor(op, parameters.axis, input.shape.length);
  if ("problem" in axes) return axes;
  const shape = input.shape.flatMap((dim, i): readonly Dim[] =>
    !axes.includes(i) ? [dim] : parameters.keep ? [1] : [],
  );
  return { output: { dtype: "f32", shape }, weights: [], macs: 0 };
}

/** Truths count as 1 and 0. */
export function asFloat(b: Builder, x: Value): Value {
  return x.type.dtype === "bool" ? b.emit("Cast", [x], { DstT: { dtype: "f32" } }) : x;
}

type Lower = (b: Builder, x: Value, axes: Value, keep_dims: boolean) => Value;

const primitive =
  (op: string): Lower =>
  (b, x, axes, keep_dims) =>
    b.emit(op, [x, axes], { keep_dims });

function reduction(
  name: string,
  doc: string,
  lower: (b: Builder, x: Value, axes: Value, keep_dims: boolean, parameters: Parameters) => Value,
  before: readonly Parameter[] = [],
): LayerOp {
  return {
    name,
    family: "layer",
    version: 1,
    arity: 1,
    anyShape: true,
    functional: true,
    doc,
    example: `conv(16)\n${name}(it, ${before.length > 0 ? "share: 16%, " : ""}axis: [1, 2]) : f32[N, 16]`,
    parameters: [...before, axis, keep],
    infer([input], parameters) {
      if (input!.dtype !== "f32" && input!.dtype !== "bool") return needsFloat(name, input!);
      return reduced(name, input!, parameters);
    },
    lower({ builder }, [x], parameters) {
      const axes = axesFor(name, parameters.axis, x!.type.shape.length) as readonly number[];
      return lower(builder, asFloat(builder, x!), builder.ints(axes), parameters.keep === true, parameters);
    },
  };
}

const meanOf = primitive("Mean");

/** ln of the sum of e^x, without overflow: the greatest element is taken out, and is no part of the gradient. */
const logSumExp: Lower = (b, x, axes, keep_dims) => {
  const kept = b.emit("StopGradient", [b.emit("Max", [x, axes], { keep_dims: true })]);
  const sum = b.emit("Sum", [b.emit("Exp", [b.emit("Sub", [x, kept])]), axes], { keep_dims: true });
  const result = b.emit("AddV2", [b.emit("Log", [sum]), kept]);
  return keep_dims ? result : b.emit("Sum", [result, axes], { keep_dims: false });
};

/** The value that a share `q` of the elements is below; between two elements in a straight line (Hyndman and Fan 1996, type 7). */
function quantileOf(b: Builder, x: Value, axes: Value, keep_dims: boolean, q: number): Value {
  const { shape } = x.type;
  const gone = constantInts(axes, "axes");
  const left = shape.flatMap((_, axis) => (gone.includes(axis) ? [] : [axis]));
  const length = gone.reduce((product, axis) => product * shape[axis]!, 1);
  const rows = left.map((axis) => shape[axis]!);
  const last = b.emit("Transpose", [x, b.ints([...left, ...gone])]);
  const at = q * (length - 1);
  const below = Math.floor(at);
  // Sorted from the greatest down, the element `below` is the last of those that are looked at.
  const count = length - below;
  const sorted = b.emit("TopKV2", [reshape(b, last, [...rows, length]), b.scalar(count, "i32")]);
  const element = (place: number): Value =>
    b.emit("Slice", [sorted, b.ints([...rows.map(() => 0), place]), b.ints([...rows, 1])]);
  const low = element(count - 1);
  const share = at - below;
  const value =
    share === 0
      ? low
      : b.emit("AddV2", [
          b.emit("Mul", [low, b.scalar(1 - share, x.type.dtype)]),
          b.emit("Mul", [element(count - 2), b.scalar(share, x.type.dtype)]),
        ]);
  return reshape(b, value, keep_dims ? shape.map((dim, axis) => (gone.includes(axis) ? 1 : dim)) : rows);
}

/** With one tensor its least or greatest element, with several that of each place. */
function extreme(name: string, word: string, ofAxes: string, ofTwo: string): LayerOp {
  const one = reduction(name, "", primitive(ofAxes));
  return {
    ...one,
    arity: Number.POSITIVE_INFINITY,
    doc: `The ${word} element: \`${name}(x, axis: -1)\` along axes, \`${name}(a, b)\` of several tensors at each place. Where two are equal, the gradient goes to the first of the tensors, and to all places of one tensor alike.`,
    infer(inputs, parameters) {
      if (inputs.length === 1) return one.infer(inputs, parameters);
      if (parameters.axis !== undefined)
        return {
          problem: `\`${name}\` takes an axis with one tensor only, and here are ${inputs.length}`,
          hint: `reduce each: \`${name}(${name}(a, axis: -1), ${name}(b, axis: -1))\``,
        };
      const wrong = inputs.find(({ dtype }) => dtype !== "f32");
      return wrong ? needsFloat(name, wrong) : elementwise(name, inputs);
    },
    lower(context, inputs, parameters) {
      if (inputs.length === 1) return one.lower(context, inputs, parameters);
      return inputs.slice(1).reduce((a, b) => context.builder.emit(ofTwo, [a, b]), inputs[0]!);
    },
  };
}

export const reductions: readonly LayerOp[] = [
  reduction("sum", "The sum of elements; truths count as 1.", primitive("Sum")),
  reduction("mean", "The mean of elements; of truths the share that holds.", meanOf),
  reduction(
    "variance",
    "The mean squared distance of elements from their mean (divisor n).",
    (b, x, axes, keep_dims) =>
      meanOf(b, b.emit("Square", [b.emit("Sub", [x, meanOf(b, x, axes, true)])]), axes, keep_dims),
  ),
  reduction("logsumexp", "`ln` of the sum of `e^x`, without overflow.", logSumExp),
  reduction(
    "median",
    "The element in the middle of all in their order, or the mean of the two in the middle. The gradient goes to these.",
    (b, x, axes, keep_dims) => quantileOf(b, x, axes, keep_dims, 0.5),
  ),
  reduction(
    "quantile",
    "What a share of the elements is below: `quantile(x, share: 16%)`, in a straight line between two elements (the default of NumPy). The gradient goes to these two.",
    (b, x, axes, keep_dims, { share }) => quantileOf(b, x, axes, keep_dims, share as number),
    [
      {
        name: "share",
        type: { kind: "real", min: 0, max: 1, unit: "fraction" },
        doc: "Of the elements, from 0 (the least) to 1 (the greatest).",
      },
    ],
  ),
  extreme("min", "least", "Min", "Minimum"),
  extreme("max", "greatest", "Max", "Maximum"),
];

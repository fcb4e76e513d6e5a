/** Functions of each element, comparisons, and what chooses by them. */
import { showType, type TensorType } from "../../types/tensor.ts";
import type { Inferred, LayerOp, ShapeProblem } from "../layer.ts";
import type { Parameter } from "../signature.ts";
import { activation } from "./activation.ts";
import { elementwise } from "./align.ts";

const base = { family: "layer", version: 1, anyShape: true, functional: true } as const;

/** Like an activation, but written as a function of tensors only. */
const elementary = (...of: Parameters<typeof activation>): LayerOp => ({
  ...activation(...of),
  functional: true,
  example: `conv(16)\n${of[0]}(it)`,
});

const bound = (name: string, doc: string): Parameter => ({
  name,
  type: { kind: "real" },
  optional: true,
  doc,
});

const numbers: readonly LayerOp[] = [
  elementary("exp", "`e^x` of each element.", "Exp"),
  elementary("log", "The natural logarithm of each element.", "Log"),
  elementary("log1p", "`ln(1 + x)` of each element, exact for small ones.", "Log1p"),
  elementary("expm1", "`e^x - 1` of each element, exact for small ones.", "Expm1"),
  elementary("sqrt", "The square root of each element. Its slope at 0 is infinite.", "Sqrt"),
  elementary("abs", "The absolute value of each element.", "Abs"),
  elementary("sign", "-1, 0 or 1 for each element. Nothing is learned through it.", "Sign"),
  elementary("sin", "The sine of each element, in radians.", "Sin"),
  elementary("cos", "The cosine of each element, in radians.", "Cos"),
  elementary("floor", "The next whole number below each element. Nothing is learned through it.", "Floor"),
  elementary(
    "clip",
    "Each element, or the bound that it lies beyond: `clip(x, low: 0, high: 1)`. Beyond a bound nothing is learned.",
    (b, x, { low, high }) => {
      const raised = low === undefined ? x : b.emit("Maximum", [x, b.scalar(low as number, x.type.dtype)]);
      return high === undefined
        ? raised
        : b.emit("Minimum", [raised, b.scalar(high as number, x.type.dtype)]);
    },
    [bound("low", "The least value."), bound("high", "The greatest value.")],
  ),
  elementary(
    "log_softmax",
    "The logarithm of the softmax over the last axis, exact where probabilities are small.",
    (b, x) => {
      const { shape } = x.type;
      if (shape.length === 2) return b.emit("LogSoftmax", [x]);
      const rows = shape.slice(0, -1).reduce((product, dim) => product * dim, 1);
      const flat = b.emit("LogSoftmax", [b.emit("Reshape", [x, b.ints([rows, shape.at(-1)!])])]);
      return b.emit("Reshape", [flat, b.ints(shape)]);
    },
  ),
  elementary("stop_gradient", "Passes its tensor on, and nothing is learned through it.", "StopGradient"),
];

function comparison(name: string, sign: string, op: string): LayerOp {
  return {
    ...base,
    name,
    arity: 2,
    doc: `Whether \`a ${sign} b\`, for each element; \`a ${sign} b\` is written.`,
    example: `where(it ${sign} 0, it, 0.1 * it)`,
    parameters: [],
    infer: (inputs) => truths(elementwise(name, inputs)),
    lower: ({ builder }, inputs) => builder.emit(op, inputs),
  };
}

const truths = (inferred: Inferred | ShapeProblem): Inferred | ShapeProblem =>
  "problem" in inferred ? inferred : { ...inferred, output: { ...inferred.output, dtype: "bool" } };

function logical(name: string, arity: number, doc: string, op: string, example: string): LayerOp {
  return {
    ...base,
    name,
    arity,
    doc,
    example,
    parameters: [],
    infer(inputs) {
      const wrong = inputs.find(({ dtype }) => dtype !== "bool");
      return wrong ? needsTruth(name, wrong) : elementwise(name, inputs);
    },
    lower: ({ builder }, inputs) => builder.emit(op, inputs),
  };
}

const needsTruth = (name: string, input: TensorType): ShapeProblem => ({
  problem: `\`${name}\` needs truths, such as \`x > 0\`, not ${showType(input)}`,
});

const where: LayerOp = {
  ...base,
  name: "where",
  arity: 3,
  doc: "The elements of `a` where the condition holds, those of `b` elsewhere: `where(y > 0, a, b)`.",
  example: "where(it > 3, 3, it) // nothing above 3",
  parameters: [],
  infer([condition, a, b]) {
    if (condition!.dtype !== "bool") return needsTruth("where", condition!);
    const like = { ...condition!, dtype: a!.dtype };
    return elementwise("where", [a!, b!, like]);
  },
  lower: ({ builder }, inputs) => builder.emit("SelectV2", inputs),
};

export const elementaries: readonly LayerOp[] = [
  ...numbers,
  comparison("equal", "==", "Equal"),
  comparison("not_equal", "!=", "NotEqual"),
  comparison("less", "<", "Less"),
  comparison("less_equal", "<=", "LessEqual"),
  comparison("greater", ">", "Greater"),
  comparison("greater_equal", ">=", "GreaterEqual"),
  logical(
    "both",
    2,
    "Whether both hold; `p and q` is written.",
    "LogicalAnd",
    "where(it > -1 and it < 1, it, 0)",
  ),
  logical(
    "either",
    2,
    "Whether one of the two holds; `p or q` is written.",
    "LogicalOr",
    "where(it < -1 or it > 1, it, 0)",
  ),
  logical(
    "negation",
    1,
    "Whether it does not hold; `not p` is written.",
    "LogicalNot",
    "where(not (it > 0), 0, it)",
  ),
  where,
];

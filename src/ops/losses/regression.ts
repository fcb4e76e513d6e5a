import { elementCount, showType, type TensorType } from "../../types/tensor.ts";
import { type FieldType, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import type { LossOp } from "../loss.ts";
import type { Builder, Value } from "../node.ts";
import type { Parameter, Parameters } from "../signature.ts";

/** The output must have the target's shape with N in front; f32[N, 1] pairs with f32 as well. */
export function paired(op: string, output: TensorType, target: FieldType): ShapeProblem | undefined {
  if (target.kind !== "tensor") {
    return {
      problem: `\`${op}\` needs numbers as target, not ${showField(target)}`,
      hint:
        target.kind === "class" && target.count === 2
          ? "for classes use `cross_entropy`, or `binary_cross_entropy` with one logit"
          : "for classes use `cross_entropy`",
    };
  }
  if (target.dtype !== "f32") {
    return {
      problem: `\`${op}\` needs an f32 target, not ${showField(target)}`,
      hint: "make numbers of it in `prepare`: `scale(0 .. 1)`",
    };
  }
  const trim = (shape: readonly (number | string)[]) => (shape.length === 1 && shape[0] === 1 ? [] : shape);
  const has = trim(output.shape.slice(1)).join();
  if (has === trim(target.shape).join()) return undefined;
  const wanted = showType({ dtype: "f32", shape: ["N", ...(target.shape as readonly number[])] });
  return {
    problem: `the output is ${showType(output)}, and the target ${showField(target)} needs ${wanted}`,
    hint:
      target.shape.length < 2
        ? `end the network with \`dense(${target.shape[0] ?? 1})\``
        : "end the network in the target's shape",
  };
}

/** The target in the output's dtype and shape: f32[N] beside f32[N, 1]. */
export function pairedTarget(b: Builder, output: Value, target: Value): Value {
  const { dtype, shape } = output.type;
  const t = target.type.dtype === dtype ? target : b.emit("Cast", [target], { DstT: { dtype } });
  return t.type.shape.length === shape.length ? t : b.emit("Reshape", [t, b.ints(shape)]);
}

/** f32[N] from f32[N, ...]. */
export function meanOverSample(b: Builder, value: Value): Value {
  const [n, ...rest] = value.type.shape as [number, ...number[]];
  if (rest.length === 0) return value;
  const flat = rest.length === 1 ? value : b.emit("Reshape", [value, b.ints([n, elementCount(rest)])]);
  return b.emit("Mean", [flat, b.ints([1])], { keep_dims: false });
}

/** A constant beside a value, in its dtype. */
export function beside(b: Builder, value: Value, number: number): Value {
  return b.scalar(number, value.type.dtype);
}

/** What a loss is of an output and a target of one shape, for each element. */
export type Distance = (b: Builder, output: Value, target: Value, parameters: Parameters) => Value;

/** A loss of each element, averaged over those of an example. */
export function elementLoss(
  name: string,
  doc: string,
  check: typeof paired,
  distance: Distance,
  parameters: readonly Parameter[] = [],
  /** What its parameters may be given as. */
  given?: string,
): LossOp {
  return {
    name,
    family: "loss",
    version: 1,
    doc,
    example: `loss = ${name}${given ? `(${given})` : ""}`,
    parameters,
    positional: 0,
    check: (output, target) => check(name, output, target),
    lower: (b, output, target, given) =>
      meanOverSample(b, distance(b, output, pairedTarget(b, output, target), given)),
  };
}

const regression = (
  name: string,
  doc: string,
  distance: Distance,
  parameters?: readonly Parameter[],
  given?: string,
): LossOp =>
  elementLoss(
    name,
    `${doc}\n\nPairs f32[N, ...] with an f32 target of the same shape.`,
    paired,
    distance,
    parameters,
    given,
  );

const error = (b: Builder, output: Value, target: Value): Value => b.emit("Sub", [output, target]);

/** ln(2 cosh x) = |x| + softplus(-2 |x|): exact where cosh overflows. */
function logCosh(b: Builder, output: Value, target: Value): Value {
  const distance = b.emit("Abs", [error(b, output, target)]);
  const tail = b.emit("Softplus", [b.emit("Mul", [distance, beside(b, distance, -2)])]);
  return b.emit("Sub", [b.emit("AddV2", [distance, tail]), beside(b, distance, Math.LN2)]);
}

/** With c = min(|e|, delta): c (|e| - c / 2). */
function huber(b: Builder, output: Value, target: Value, { delta }: Parameters): Value {
  const distance = b.emit("Abs", [error(b, output, target)]);
  const near = b.emit("Minimum", [distance, beside(b, distance, delta as number)]);
  return b.emit("Mul", [near, b.emit("Sub", [distance, b.emit("Mul", [near, beside(b, near, 0.5)])])]);
}

function quantile(b: Builder, output: Value, target: Value, { q }: Parameters): Value {
  const short = error(b, target, output);
  const weighted = (share: number) => b.emit("Mul", [short, beside(b, short, share)]);
  return b.emit("Maximum", [weighted(q as number), weighted((q as number) - 1)]);
}

function squaredError(b: Builder, output: Value, target: Value): Value {
  const squares = b.emit("SquaredDifference", [output, target]);
  return b.emit("Mul", [squares, beside(b, squares, 0.5 * elementCount(output.type.shape.slice(1)))]);
}

export const regressionLosses: readonly LossOp[] = [
  regression(
    "mean_squared_error",
    "Mean of the squared differences between output and target, `mean((y - t)^2)`: the best answer is the mean of what may be true.",
    (b, output, target) => b.emit("SquaredDifference", [output, target]),
  ),
  regression(
    "squared_error",
    "Half the sum of the squared differences between output and target, `1/2 sum (y - t)^2`: the gradient is `y - t`.",
    squaredError,
  ),
  regression(
    "mean_absolute_error",
    "Mean of the absolute differences between output and target, `mean(|y - t|)`: the best answer is the median of what may be true, so outliers pull less.",
    (b, output, target) => b.emit("Abs", [error(b, output, target)]),
  ),
  regression(
    "huber",
    "Half the squared error up to `delta`, and a straight line beyond it, so that outliers pull less (Huber 1964): `e^2 / 2`, then `delta (|e| - delta / 2)`. The mean over a sample's elements.",
    huber,
    [
      {
        name: "delta",
        type: { kind: "real", min: 0 },
        default: 1,
        doc: "Error at which the parabola becomes a line.",
      },
    ],
    "delta: 0.5",
  ),
  regression(
    "log_cosh",
    "Mean of `ln cosh(y - t)`: about half the squared error when small, the absolute error less `ln 2` when large, smooth throughout.",
    logCosh,
  ),
  regression(
    "quantile",
    "The pinball loss (Koenker and Bassett 1978), whose minimum is the quantile `q` of the target: `q (t - y)` where the output is too small, `(1 - q) (y - t)` where it is too large. The mean over a sample's elements.",
    quantile,
    [
      {
        name: "q",
        type: { kind: "real", min: 0, max: 1, unit: "fraction" },
        default: 0.5,
        doc: "Which quantile: 0.5 is the median.",
      },
    ],
    "q: 16%",
  ),
  regression(
    "poisson",
    "Minus the log likelihood of counts, from the logarithm of their expectation: `e^y - t y`, without the term that the target alone decides. The mean over a sample's elements.",
    (b, output, target) => b.emit("Sub", [b.emit("Exp", [output]), b.emit("Mul", [target, output])]),
  ),
];

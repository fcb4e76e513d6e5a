import { elementCount, showType, type TensorType } from "../../types/tensor.ts";
import { type FieldType, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import type { LossOp } from "../loss.ts";
import type { Builder, Value } from "../node.ts";

/** The output must have the target's shape with N in front; f32[N, 1] pairs with f32 as well. */
export function paired(op: string, output: TensorType, target: FieldType): ShapeProblem | undefined {
  if (target.kind === "class") {
    return {
      problem: `\`${op}\` needs numbers as target, not ${showField(target)}`,
      hint: "for classes use `cross_entropy`",
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

/** The target as f32 in the output's shape: f32[N] beside f32[N, 1]. */
export function pairedTarget(b: Builder, output: Value, target: Value): Value {
  const t = target.type.dtype === "f32" ? target : b.emit("Cast", [target], { DstT: { dtype: "f32" } });
  const { shape } = output.type;
  return t.type.shape.length === shape.length ? t : b.emit("Reshape", [t, b.ints(shape)]);
}

/** f32[N] from f32[N, ...]. */
export function meanOverSample(b: Builder, value: Value): Value {
  const [n, ...rest] = value.type.shape as [number, ...number[]];
  if (rest.length === 0) return value;
  const flat = rest.length === 1 ? value : b.emit("Reshape", [value, b.ints([n, elementCount(rest)])]);
  return b.emit("Mean", [flat, b.ints([1])], { keep_dims: false });
}

function regression(
  name: string,
  doc: string,
  distance: (b: Builder, output: Value, target: Value) => Value,
): LossOp {
  return {
    name,
    family: "loss",
    version: 1,
    doc: `${doc}\n\nPairs f32[N, ...] with an f32 target of the same shape.`,
    parameters: [],
    check: (output, target) => paired(name, output, target),
    lower: (b, output, target) => meanOverSample(b, distance(b, output, pairedTarget(b, output, target))),
  };
}

export const meanSquaredError = regression(
  "mean_squared_error",
  "Mean of the squared differences between output and target.",
  (b, output, target) => b.emit("SquaredDifference", [output, target]),
);

export const meanAbsoluteError = regression(
  "mean_absolute_error",
  "Mean of the absolute differences between output and target.",
  (b, output, target) => b.emit("Abs", [b.emit("Sub", [output, target])]),
);

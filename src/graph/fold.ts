/** Computes what depends on constants alone. */
import type { Node, Value } from "../ops/node.ts";
import { broadcast, elementCount } from "../ops/primitives/primitive.ts";
import { type StaticType, type Tensor, typedArray } from "../types/tensor.ts";
import type { Rule } from "./rewrite.ts";

/** Larger constants would only make the graph larger. */
const mostElements = 1024;

/** Correctly rounded in float32 by rounding the float64 result: true of these five, of no function beyond the square root. */
const arithmetic: Readonly<Record<string, (x: number, y: number) => number>> = {
  AddV2: (x, y) => x + y,
  Sub: (x, y) => x - y,
  Mul: (x, y) => x * y,
  RealDiv: (x, y) => x / y,
};
const unary: Readonly<Record<string, (x: number) => number>> = {
  Neg: (x) => -x,
  Square: (x) => x * x,
  Sqrt: Math.sqrt,
};

/**
 * Arithmetic, reshapes and broadcasts of float constants up to 1,024 elements become constants, with the bits that the engine
 * would compute.
 */
export const foldNode: Rule = (b, node, inputs) => {
  const type = node.outputs[0]!;
  if ((type.dtype !== "f32" && type.dtype !== "f64") || elementCount(type.shape) > mostElements)
    return undefined;
  const values = valuesOf(node, inputs);
  return values && b.constant({ ...type, data: typedArray(type.dtype, values) });
};

function valuesOf(node: Node, inputs: readonly Value[]): readonly number[] | undefined {
  const type = node.outputs[0]!;
  const [x, y] = inputs.map(constantOf);
  if (!x) return undefined;
  const single = unary[node.op];
  if (single) return numbersOf(x).map(single);
  if (node.op === "Reshape") return numbersOf(x);
  if (node.op === "BroadcastTo") return spread(x, type);
  const double = arithmetic[node.op];
  if (!double || !y) return undefined;
  const [left, right] = [spread(x, type), spread(y, type)];
  return left.map((value, i) => double(value, right[i]!));
}

function numbersOf(tensor: Tensor): readonly number[] {
  return Array.from(tensor.data as ArrayLike<number>);
}

/** The elements of a tensor broadcast to a shape. */
function spread(tensor: Tensor, { shape }: StaticType): number[] {
  broadcast(tensor.shape, shape);
  const strides = shape.map((_, axis) => {
    const own = axis - shape.length + tensor.shape.length;
    if (own < 0 || tensor.shape[own] === 1) return 0;
    return elementCount(tensor.shape.slice(own + 1));
  });
  return Array.from({ length: elementCount(shape) }, (_, i) => {
    let rest = i;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return Number(tensor.data[at]);
  });
}

export function constantOf(value: Value): Tensor | undefined {
  if (value.node.op !== "Const") return undefined;
  return (value.node.attrs.value as { tensor: Tensor }).tensor;
}

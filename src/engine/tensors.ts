/** Tensors at an engine's border. */
import { elementCount, emptyArray, type StaticType, showType, type Tensor } from "../types/tensor.ts";

export function emptyTensor({ dtype, shape }: StaticType): Tensor {
  return { dtype, shape, data: emptyArray(dtype, elementCount(shape)) };
}

/** Throws where a tensor is missing or of another type: "step needs indices: i32[32], not f32[32]". */
export function checkTensor(
  tensor: Tensor | undefined,
  type: StaticType,
  what: string,
): asserts tensor is Tensor {
  if (!tensor) throw new Error(`${what}: ${showType(type)}`);
  const fits =
    tensor.dtype === type.dtype &&
    tensor.shape.length === type.shape.length &&
    tensor.shape.every((dim, i) => dim === type.shape[i]) &&
    tensor.data.length === elementCount(type.shape);
  if (!fits)
    throw new Error(`${what}: ${showType(type)}, not ${showType(tensor)} of ${tensor.data.length} values`);
}

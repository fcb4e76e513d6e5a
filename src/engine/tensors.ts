/** Tensors at an engine's border. */
import {
  type DType,
  elementCount,
  type StaticType,
  showType,
  type Tensor,
  type TypedArray,
} from "../types/tensor.ts";

export function emptyArray(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case "f32":
      return new Float32Array(length);
    case "f64":
      return new Float64Array(length);
    case "i32":
      return new Int32Array(length);
    case "i64":
      return new BigInt64Array(length);
    case "u64":
      return new BigUint64Array(length);
    case "u8":
    case "bool":
      return new Uint8Array(length);
  }
}

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

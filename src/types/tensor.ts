/** Tensor types with numbers for dimensions. `N`, the batch, is symbolic in the language and written `"N"` here. */

export type DType = "f32" | "f64" | "i32" | "i64" | "u64" | "u8" | "bool";

/** A dimension of a layer's tensor: a number, or the batch. */
export type Dim = number | "N";

/** What a layer's input or output is: `f32[N, 32, 32, 64]`. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: readonly Dim[];
}

/** A tensor of the graph: every dimension is a number. */
export interface StaticType {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** `f32[N, 32, 32, 64]` */
export function showType(type: TensorType): string {
  return `${type.dtype}[${type.shape.join(", ")}]`;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

export type TypedArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array
  | Uint8Array;

/** Values in row-major order. `bool` is held in a Uint8Array of 0 and 1. */
export interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

const arrays = {
  f32: Float32Array,
  f64: Float64Array,
  i32: Int32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  u8: Uint8Array,
  bool: Uint8Array,
} as const satisfies Record<DType, unknown>;

/** Zeros in the array that holds a dtype. */
export function emptyArray(dtype: DType, length: number): TypedArray {
  return new arrays[dtype](length);
}

/** Numbers in the array that holds a dtype. */
export function typedArray(dtype: DType, numbers: readonly number[]): TypedArray {
  const array = emptyArray(dtype, numbers.length);
  const wide = array instanceof BigInt64Array || array instanceof BigUint64Array;
  for (const [i, number] of numbers.entries()) array[i] = wide ? BigInt(number) : number;
  return array;
}

import type { DType } from "../types/tensor.ts";

export type Role = "input" | "target" | "group" | "weight" | "id" | "keep";

/** The type of one row of a field: `f32[64, 64, 3]`, with a name for a dimension that varies by row (`u8[H, W, 3]`); or `class[4]`. */
export type FieldType =
  | { readonly kind: "tensor"; readonly dtype: DType; readonly shape: readonly (number | string)[] }
  | { readonly kind: "class"; readonly count: number };

/** `u8[299, 299, 3]`, `class[4]`, `f32`. */
export function showField(type: FieldType): string {
  if (type.kind === "class") return `class[${type.count}]`;
  return type.shape.length === 0 ? type.dtype : `${type.dtype}[${type.shape.join(", ")}]`;
}

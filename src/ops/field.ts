import type { DType } from "../types/tensor.ts";

export type Role = "input" | "target" | "group" | "weight" | "id" | "keep";

/**
 * The type of one row of a field: `f32[64, 64, 3]`, with a name for a dimension that varies by row (`u8[H, W, 3]`); or `class[4]`, with
 * a shape where every pixel has its own: `class[4][64, 64]`.
 */
export type FieldType =
  | { readonly kind: "tensor"; readonly dtype: DType; readonly shape: readonly (number | string)[] }
  | {
      readonly kind: "class";
      readonly count: number;
      readonly shape?: readonly (number | string)[];
      /** Written `bool`: the classes of the field `f` are `not f` and `f`. */
      readonly bool?: true;
    }
  /** A name: of a field that no network, loss or metric sees. Kept as the number of the name among all names. */
  | { readonly kind: "string"; readonly shape?: never };

/** In what numbers rows are kept: classes and names by their numbers. */
export const dtypeOfField = (type: FieldType): DType => (type.kind === "tensor" ? type.dtype : "i32");

/** The shape of one row; `[]` of a number and of one class. */
export const shapeOfField = (type: FieldType): readonly (number | string)[] => type.shape ?? [];

/** `u8[299, 299, 3]`, `class[4]`, `f32`. */
export function showField(type: FieldType): string {
  const shape = shapeOfField(type);
  const name = nameOf(type);
  return shape.length === 0 ? name : `${name}[${shape.join(", ")}]`;
}

function nameOf(type: FieldType): string {
  if (type.kind === "tensor") return type.dtype;
  if (type.kind === "string") return "string";
  return type.bool ? "bool" : `class[${type.count}]`;
}

/** What is true or false is one of two classes, where it is to be answered. */
export function targetType(type: FieldType): FieldType {
  if (type.kind !== "tensor" || type.dtype !== "bool") return type;
  return {
    kind: "class",
    count: 2,
    ...(type.shape.length > 0 && { shape: type.shape }),
    bool: true,
  };
}

/** The names of the classes of a truth, in the order of their numbers. */
export const truthNames = (field: string): readonly [string, string] => [`not ${field}`, field];

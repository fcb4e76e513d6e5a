/** Data that is ready for the graph: decoded, split, prepared. */
import type { FieldType, Role } from "../ops/field.ts";
import type { UndoneStep } from "../ops/prepare.ts";
import type { TypedArray } from "../types/tensor.ts";

/** A field with the values of all rows of its dataset. */
export interface FieldValues {
  readonly type: FieldType;
  /** Of one row; `[]` for a class or a number. */
  readonly shape: readonly number[];
  /** All rows one behind the other; classes are Int32Array. */
  readonly data: TypedArray;
  /** The names of a class's values, in the order of their integers. */
  readonly classes: readonly string[] | null;
  /** The last steps of `prepare`, the last first, as far as they can be undone. */
  readonly undo: readonly UndoneStep[];
}

export interface FieldData extends FieldValues {
  readonly name: string;
  readonly role: Role;
  /** sha256 of the decoded field before `prepare`. */
  readonly digest: string;
}

export interface Dataset {
  readonly name: string;
  readonly count: number;
  readonly fields: Readonly<Record<string, FieldData>>;
  /** Row numbers; each row is in one split at most. */
  readonly rows: Readonly<Record<"train" | "valid" | "test", Int32Array>>;
  /** sha256 of each row list. */
  readonly rowDigests: Readonly<Record<"train" | "valid" | "test", string>>;
}

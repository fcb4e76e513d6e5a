/* Generated from grammar/schemas/data-lock.json by setup/generate.mjs. */

export type FieldType =
  | {
      kind: "tensor";
      dtype: Dtype;
      shape: (number | string)[];
    }
  | {
      kind: "string";
    }
  | {
      kind: "class";
      count: number;
      shape?: (number | string)[];
      bool?: true;
    };
export type Dtype = "f32" | "f64" | "i32" | "i64" | "u64" | "u8" | "bool";

/**
 * What data a run reads: data.lock.json.
 */
export interface DataLock {
  format: "dlc.data/1";
  datasets: {
    [k: string]: LockedDataset;
  };
}
export interface LockedDataset {
  count: number;
  digest: string;
  fields: LockedField[];
  rows: {
    train: LockedRows;
    valid: LockedRows;
    test: LockedRows;
  };
  pictures: {
    field: string;
    rows: number[];
    shape: number[];
    object: string;
  } | null;
}
export interface LockedField {
  name: string;
  role: "input" | "target" | "group" | "weight" | "id" | "keep";
  type: FieldType;
  shape: number[];
  dtype: Dtype;
  classes: string[] | null;
  /**
   * sha256 of the decoded field before prepare.
   */
  digest: string;
  /**
   * Its values after prepare, little-endian, row after row; null where they are not kept.
   */
  object: string | null;
  /**
   * Steps of prepare that lead back to the units of the field.
   */
  undo?: {
    op: string;
    parameters: {
      [k: string]: unknown;
    };
    fitted: {
      [k: string]: number[];
    } | null;
  }[];
}
export interface LockedRows {
  count: number;
  digest: string;
  object: string;
}

import type { TypedArray } from "../types/tensor.ts";
import type { FieldType } from "./field.ts";
import type { ShapeProblem } from "./layer.ts";
import type { Parameters, Signature } from "./signature.ts";

/** One row of one field. */
export interface Row {
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** Statistics of the training rows; plain numbers, kept in the cache beside the data and used to undo the step. */
export type Fitted = Readonly<Record<string, readonly number[]>>;

/** A step that was applied, with what it fitted. */
export interface UndoneStep {
  readonly op: string;
  readonly parameters: Parameters;
  readonly fitted: Fitted | null;
}

/** A step of `prepare`: computed once for every row, cached by content. */
export interface PrepareOp extends Signature {
  readonly family: "prepare";
  /** See `pixel-labels.ts`. */
  readonly moves?: true;
  infer(type: FieldType, parameters: Parameters): FieldType | ShapeProblem;
  /** Whether fields of that type need `fit`; all do where this is left out. */
  fits?(type: FieldType): boolean;
  /** Present where the step needs statistics of the training rows. The rows are those before this step. */
  fit?(rows: Iterable<Row>, parameters: Parameters): Fitted;
  apply(row: Row, parameters: Parameters, fitted: Fitted | undefined): Row;
  /** Leads back, in f32: of a target it is undone for metrics. */
  undo?(row: Row, parameters: Parameters, fitted: Fitted | undefined): Row;
}

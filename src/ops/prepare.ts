import type { TypedArray } from "../types/tensor.ts";
import { type FieldType, showField } from "./field.ts";
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
  /** Present where the step needs statistics of the training rows. The rows are those before this step, and may be read again. */
  fit?(rows: Iterable<Row>, parameters: Parameters): Fitted | ShapeProblem;
  /**
   * With `fit`: how many of each statistic a field of that type has; 0 where it needs none. Fields named together share them, so
   * theirs must be as many.
   */
  statistics?(type: FieldType, parameters: Parameters): number | string;
  /** What the user should know of what was fitted. */
  tell?(parameters: Parameters, fitted: Fitted): string;
  apply(row: Row, parameters: Parameters, fitted: Fitted | undefined): Row;
  /** Leads back, in f32: of a target it is undone for metrics. */
  undo?(row: Row, parameters: Parameters, fitted: Fitted | undefined): Row;
}

/** Does a field of that type need statistics of the training rows for the step? */
export const needsStatistics = (step: PrepareOp, type: FieldType, parameters: Parameters): boolean =>
  step.fit !== undefined && step.statistics?.(type, parameters) !== 0;

/** Why fields cannot share what the step fits. */
export function cannotShare(
  step: PrepareOp,
  fields: readonly { readonly name: string; readonly type: FieldType }[],
  parameters: Parameters,
): ShapeProblem | undefined {
  const count = ({ type }: { readonly type: FieldType }) => step.statistics?.(type, parameters);
  const known = fields.filter((field) => typeof count(field) === "number" && count(field) !== 0);
  const [first] = known;
  const other = known.find((field) => count(field) !== count(first!));
  return (
    other && {
      problem: `fields named together share what \`${step.name}\` fits, and \`${first!.name}\` (${showField(first!.type)}) and \`${other.name}\` (${showField(other.type)}) differ in their last axis`,
      hint: `give each a section of its own: \`prepare ${other.name} { ${step.name} }\``,
    }
  );
}

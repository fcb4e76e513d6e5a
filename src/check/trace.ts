import type { FieldType } from "../ops/field.ts";
import type { NamedDecl, Statement } from "../syntax/ast.ts";
import type { TensorType } from "../types/tensor.ts";
import type { Layer } from "./network.ts";

/** What stood where, for editors: a plan holds only what came of it. Also told of programs that come to no plan. */
export interface Trace {
  /**
   * A statement of a body has been expanded once more. `left` is the tensor that it leaves, undefined where it is mistaken;
   * `layers` holds the network so far, its own from `from` on.
   */
  statement(statement: Statement, left: TensorType | undefined, layers: readonly Layer[], from: number): void;
  /** A step of `prepare`, `augment` or `evaluate` has made this of a field. */
  step(statement: Statement, field: string, type: FieldType): void;
  /** An experiment has been expanded to so many trainings. */
  trainings(experiment: NamedDecl, count: number): void;
}

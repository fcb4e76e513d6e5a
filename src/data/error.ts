import { Problem } from "../diagnostics/problem.ts";

/** Data that is missing, damaged, or not what the file says it is. */
export class DataError extends Problem {
  override readonly name = "DataError";
  /** The field of the `data` declaration that it concerns. */
  readonly field: string | undefined;
  constructor(message: string, hint?: string, options?: { cause?: unknown; field?: string }) {
    super(message, hint, options);
    this.field = options?.field;
  }
}

import { Problem } from "../diagnostics/problem.ts";
import type { FieldPlaces } from "../study/places.ts";

/** What of a `data` declaration the data do not agree with. A column stands for the field that reads it. */
export type Fault =
  | "source"
  | "split"
  | { readonly field: string; readonly part: keyof FieldPlaces }
  | { readonly column: string };

/** Data that is missing, damaged, or not what the file says it is. */
export class DataError extends Problem {
  override readonly name = "DataError";
  /** The source itself where nothing is said. */
  readonly at: Fault | undefined;
  constructor(message: string, hint?: string, options?: { cause?: unknown; at?: Fault }) {
    super(message, hint, options);
    this.at = options?.at;
  }
}

/** What `work` finds wrong is wrong with this part, unless it says with which. */
export function faultAt<T>(at: Fault, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DataError) || error.at !== undefined) throw error;
    throw new DataError(error.message, error.hint, { cause: error, at });
  }
}

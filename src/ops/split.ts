import type { Signature } from "./signature.ts";

/** How rows are divided; the drawing is in `src/data/split.ts`. */
export interface SplitOp extends Signature {
  readonly family: "split";
  /** Makes a `valid` split, given these parameters. */
  hasValid(parameters: Readonly<Record<string, unknown>>): boolean;
}

import type { FieldType } from "./field.ts";
import type { Parameters, Signature } from "./signature.ts";

/** What a source offers, as far as it is known without reading it. How it is read is in `src/data/sources/`. */
export interface ReaderOp extends Signature {
  readonly family: "reader";
  /** Names of the fields after `source.`, with their types where the parameters settle them. */
  fields(parameters: Parameters): Readonly<Record<string, FieldType | undefined>>;
  /** True where a file's columns are known only when it is read: any name may then follow `source.`. */
  readonly open?: boolean;
  /** The number of rows, where the parameters settle it. */
  count?(parameters: Parameters): number | undefined;
}

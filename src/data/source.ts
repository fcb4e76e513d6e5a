/** What a reader gives: columns of known type, read row by row. */
import type { FieldType } from "../ops/field.ts";
import type { Row } from "../ops/prepare.ts";
import type { Parameters } from "../ops/signature.ts";

export interface Column {
  /** With a name for a dimension that varies by row. */
  readonly type: FieldType;
  /** Of a class, in the order of their integers. */
  readonly classes: readonly string[] | null;
}

/** A number, or a class's integer, or a tensor. */
export type Cell = number | Row;

export interface Source {
  readonly count: number;
  readonly columns: Readonly<Record<string, Column>>;
  /** 1 where the source itself calls a row a test row; null where it brings no division. */
  readonly given: Uint8Array | null;
  /** What goes on while rows are read, in progress. */
  readonly activity: "reading" | "simulating";
  /** What its rows are called in progress: `images`. */
  readonly unit: string;
  /** Reads one row's cells of the columns named. Rows may be read in any order, each gives the same cells every time. */
  reader(columns: readonly string[]): (row: number) => Readonly<Record<string, Cell>>;
  /** Where a row came from, for messages: a path, or `row 17`. */
  place(row: number): string;
}

/** A file that a source reads: `name` within the source, `path` on disk. */
export interface SourceFile {
  readonly name: string;
  readonly path: string;
}

export interface OpenContext {
  /** The `data` declaration's name, for hints: `--set NAME.source.path=...`. */
  readonly dataset: string;
  /** Says what was left out, and why. */
  note(text: string): void;
}

/** How the operator of the same name is read. */
export interface SourceReader {
  /** Every file that the rows depend on, in a fixed order; none for a simulator. Throws a `DataError` where there is nothing to read. */
  files(parameters: Parameters, context: OpenContext): readonly SourceFile[];
  open(parameters: Parameters, files: readonly SourceFile[], context: OpenContext): Source | Promise<Source>;
  /**
   * Types of the columns as `open` gives them, as far as headers and first rows tell; a column of names that are not counted is
   * `string`. Not of readers whose parameters settle their types.
   */
  types?(
    parameters: Parameters,
    files: readonly SourceFile[],
    most: Most,
  ): Readonly<Record<string, FieldType>>;
  /** How many different names a column has; of readers that tell it sooner than by opening, or do not open at once. */
  countNames?(column: string, files: readonly SourceFile[], parameters: Parameters, most: Most): NamesCounted;
}

/** How much is looked at before data are read: an answer that takes longer than a second or two is none. */
export interface Most {
  readonly bytes: number;
  readonly rows: number;
}

export interface NamesCounted {
  readonly count: number;
  /** What was looked at where that is not all: `the first 64 MiB`. */
  readonly within?: string;
}

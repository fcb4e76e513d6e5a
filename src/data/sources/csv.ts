import { readFileSync } from "node:fs";
import { type CsvError, parse } from "csv-parse/sync";
import { DataError } from "../error.ts";
import type { SourceFile, SourceReader } from "../source.ts";
import { withBytes } from "./bytes.ts";
import { sourceFiles } from "./files.ts";
import { type TablePart, type TableValue, tableSource, typesOfFirst } from "./table.ts";

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
]);

/** How C, Python and their kin write numbers that are not finite; one of them must not make names of a column of numbers. */
const notFinite = /^([+-]?)(nan|inf|infinity)$/i;

function numberOf(cell: string): number {
  const [, sign, word] = notFinite.exec(cell) ?? [];
  if (word === undefined) return Number(cell);
  if (word.toLowerCase() === "nan") return Number.NaN;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** What the cells of a column are, so that all are read alike. */
function readerOf(cells: readonly string[]): (cell: string) => TableValue {
  const filled = cells.filter((cell) => cell !== "");
  if (filled.length > 0 && filled.every((cell) => truths.has(cell))) return (cell) => truths.get(cell);
  if (filled.every((cell) => notFinite.test(cell) || Number.isFinite(Number(cell))))
    return (cell) => (cell === "" ? undefined : numberOf(cell));
  return (cell) => (cell === "" ? undefined : cell);
}

function readPart(file: SourceFile, delimiter: string): TablePart {
  return partOf(file, readFileSync(file.path, "utf8"), delimiter);
}

/** Files up to this size are read whole to tell their types; of larger ones the lines up to here. */
const sampleBytes = 2 ** 20;

function readStart(file: SourceFile, delimiter: string): TablePart | undefined {
  const text = withBytes(file.path, (bytes) =>
    bytes.length <= sampleBytes ? undefined : bytes.subarray(0, sampleBytes).toString("utf8"),
  );
  if (text === undefined) return undefined;
  try {
    return partOf(file, text.slice(0, text.search(/[\r\n][^\r\n]*$/)), delimiter);
  } catch (error) {
    // It may end within quotes.
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

function partOf(file: SourceFile, text: string, delimiter: string): TablePart {
  let rows: { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
  try {
    rows = parse(text, {
      bom: true,
      delimiter,
      info: true,
      record_delimiter: [],
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof rows;
  } catch (cause) {
    const { code, lines, message, record } = cause as CsvError & { lines?: number; record?: unknown[] };
    const why =
      code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH" && record
        ? `it has ${record.length} cells, and the first line has another number`
        : message;
    throw new DataError(
      `This is not a table: ${file.path}${lines === undefined ? "" : `, line ${lines}`} (${why})`,
      "let every line have as many cells as the first one; `delimiter` says what stands between them",
      { cause },
    );
  }
  const columns = rows[0]?.record ?? [];
  const body = rows.slice(1);
  if (body.length === 0)
    throw new DataError(`There is no row in ${file.path}`, "the first line names the columns, rows follow");
  const repeated = columns.find((name, i) => columns.indexOf(name) < i);
  if (repeated !== undefined)
    throw new DataError(
      `Two columns of ${file.path} are called \`${repeated}\``,
      "give each a name of its own",
    );
  const readers = new Map(
    columns.map((name, c) => [name, { c, read: readerOf(body.map(({ record }) => record[c]!)) }]),
  );
  return {
    file,
    count: body.length,
    columns,
    value(column, row) {
      const { c, read } = readers.get(column)!;
      return read(body[row]!.record[c]!);
    },
    place: (row) => `line ${body[row]!.info.lines}`,
  };
}

/** RFC 4180, with any line ends. */
export const csv: SourceReader = {
  files: (parameters, context) => sourceFiles(parameters.path as string, context),
  open: ({ delimiter }, files) =>
    tableSource(
      files.map((file) => readPart(file, delimiter as string)),
      "rows",
    ),
  types({ delimiter }, [first]) {
    const whole = () => typesOfFirst(readPart(first!, delimiter as string));
    const start = readStart(first!, delimiter as string);
    return start ? typesOfFirst(start, (column) => whole()[column]!) : whole();
  },
};

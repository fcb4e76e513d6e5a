import { constants } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { type CsvError, parse } from "csv-parse/sync";
import { showBytes, showCount } from "../../text/count.ts";
import { DataError } from "../error.ts";
import type { SourceFile, SourceReader } from "../source.ts";
import { withBytes } from "./bytes.ts";
import { walkCells } from "./csv-cells.ts";
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

/** Of memory for a byte of text, at least: each cell is a value of its own. */
const bytesHeld = 15;

/** Node ends where its memory does, without a word to the user. */
function checkSize(files: readonly SourceFile[]): void {
  const sizes = files.map(({ path }) => statSync(path).size);
  const size = sizes.reduce((sum, each) => sum + each, 0);
  const isTooLong = Math.max(...sizes) > constants.MAX_STRING_LENGTH;
  if (!isTooLong && size * bytesHeld <= getHeapStatistics().heap_size_limit) return;
  throw new DataError(
    `This is too large to be read as text: ${files[0]!.path}${files.length > 1 ? ` and ${showCount(files.length - 1)} more` : ""} (${showBytes(size)})`,
    "convert it to Parquet, and read it with `parquet`",
  );
}

function readPart(file: SourceFile, delimiter: string): TablePart {
  return partOf(file, readFileSync(file.path, "utf8"), delimiter);
}

/** Lines up to here tell the types of columns; more are looked at for a column that is empty in them. */
const sampleBytes = 2 ** 20;

/** The beginning of a table, up to the end of a line. */
function readStart(file: SourceFile, delimiter: string, most: number): TablePart {
  for (const size of [sampleBytes, most]) {
    const { bytes, isEnd } = startOf(file, size);
    let lines = 0;
    const count = () => {
      lines++;
    };
    const end = walkCells(bytes, Buffer.from(delimiter), isEnd, () => {}, count);
    if (lines >= 2 || isEnd) return partOf(file, bytes.toString("utf8", 0, end), delimiter);
  }
  throw new DataError(
    `The first ${showBytes(most)} of ${file.path} hold no whole row`,
    "write the types of the fields, or split the table into lines",
  );
}

function startOf({ path }: SourceFile, most: number): { readonly bytes: Buffer; readonly isEnd: boolean } {
  return withBytes(path, (bytes) => ({ bytes: bytes.subarray(0, most), isEnd: bytes.length <= most }));
}

/** The different cells of a column that are not empty, in so many bytes of the table. */
function cellsOf(
  file: SourceFile,
  column: string,
  delimiter: string,
  most: number,
): { readonly cells: ReadonlySet<string>; readonly bytes: number; readonly isEnd: boolean } {
  const { bytes, isEnd } = startOf(file, most);
  // Of one byte a character, which is quick: as different as the texts are.
  const cells = new Set<string>();
  let wanted = -1;
  let isHeader = true;
  let seen: string | undefined;
  walkCells(
    bytes,
    Buffer.from(delimiter),
    isEnd,
    (index, from, to) => {
      if (isHeader) {
        const name = bytes.toString("utf8", from, to).replaceAll('""', '"');
        if (name === column) wanted = index;
      } else if (index === wanted && to > from) {
        seen = bytes.toString("latin1", from, to);
      }
    },
    () => {
      isHeader = false;
      // A line that is cut short has not been seen.
      if (seen !== undefined) cells.add(seen);
      seen = undefined;
    },
  );
  if (wanted < 0)
    throw new DataError(`${file.path} has no column \`${column}\``, "read files of one kind", {
      at: { column },
    });
  return { cells, bytes: bytes.length, isEnd };
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
  open({ delimiter }, files) {
    checkSize(files);
    return tableSource(
      files.map((file) => readPart(file, delimiter as string)),
      "rows",
    );
  },
  types({ delimiter }, [first], most) {
    const split = delimiter as string;
    const start = readStart(first!, split, sampleBytes);
    return typesOfFirst(start, (column) => {
      const { cells } = cellsOf(first!, column, split, most.bytes);
      const read = readerOf([...cells]);
      const values = [...cells].map(read);
      return typesOfFirst({ columns: [column], count: values.length, value: (_, row) => values[row] })[
        column
      ]!;
    });
  },
  countNames(column, files, { delimiter }, most) {
    const names = new Set<string>();
    let left = most.bytes;
    let isAll = true;
    for (const file of files) {
      if (left <= 0) isAll = false;
      if (!isAll) break;
      const { cells, bytes, isEnd } = cellsOf(file, column, delimiter as string, left);
      for (const cell of cells) names.add(cell);
      left -= bytes;
      isAll = isEnd;
    }
    return isAll
      ? { count: names.size }
      : { count: names.size, within: `the first ${showBytes(most.bytes)}` };
  },
};

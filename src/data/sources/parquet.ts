import { readFileSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import {
  type Compressors,
  type DecodedArray,
  type FileMetaData,
  flatten,
  parquetMetadata,
  parquetReadObjects,
  parquetSchema,
  type RowGroup,
} from "hyparquet";
import { assembleNested } from "hyparquet/src/assemble.js";
import { readColumn } from "hyparquet/src/column.js";
import { DEFAULT_PARSERS as parsers } from "hyparquet/src/convert.js";
import { getTreePath } from "hyparquet/src/schema.js";
import { showCount } from "../../text/count.ts";
import { elementCount } from "../../types/tensor.ts";
import { DataError } from "../error.ts";
import type { SourceFile, SourceReader } from "../source.ts";
import { type Bytes, withBytes } from "./bytes.ts";
import { sourceFiles } from "./files.ts";
import { type TablePart, type TableValue, tableSource, typesOfFirst } from "./table.ts";

function cellOf(cell: unknown): TableValue {
  if (cell === null || cell === undefined) return undefined;
  if (typeof cell === "number" || typeof cell === "string" || typeof cell === "boolean") return cell;
  if (typeof cell === "bigint") return Number(cell);
  if (cell instanceof Date) return cell.toISOString();
  if (Array.isArray(cell) || ArrayBuffer.isView(cell)) {
    const numbers = Array.from(cell as Iterable<unknown>).flat(8);
    const shape: number[] = [];
    for (
      let at: unknown = cell;
      Array.isArray(at) || ArrayBuffer.isView(at);
      at = (at as unknown as unknown[])[0]
    )
      shape.push((at as unknown as unknown[]).length);
    // A list within that is longer or shorter than the first, or ends in something that is no number, has no shape.
    if (numbers.length !== elementCount(shape)) return undefined;
    return { shape, data: Float32Array.from(numbers, (each) => Number(each ?? Number.NaN)) };
  }
  return undefined;
}

const compressors: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
};

const unreadable = (file: SourceFile, cause: unknown): DataError =>
  new DataError(
    `This file cannot be read as Parquet: ${file.path} (${(cause as Error).message})`,
    "copy it again from its origin, or write it with Snappy, gzip or no compression",
    { cause },
  );

const empty = (file: SourceFile): DataError =>
  new DataError(`There is no row in ${file.path}`, "bring a table with rows");

async function readPart(file: SourceFile): Promise<TablePart> {
  const bytes = readFileSync(file.path);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  let rows: readonly Record<string, unknown>[];
  try {
    rows = await parquetReadObjects({ file: buffer, compressors });
  } catch (cause) {
    throw unreadable(file, cause);
  }
  if (rows.length === 0) throw empty(file);
  return {
    file,
    count: rows.length,
    columns: Object.keys(rows[0]!),
    value: (column, row) => cellOf(rows[row]![column]),
    place: (row) => `row ${row}`,
  };
}

/** What is read of a file at once, without waiting: hyparquet's own way to rows waits for every part. */
function atOnce<T>(file: SourceFile, read: (bytes: Bytes, metadata: FileMetaData) => T): T {
  return withBytes(file.path, (bytes) => {
    try {
      const tail = bytes.subarray(Math.max(0, bytes.length - 8), bytes.length);
      const footer = tail.length < 8 ? 0 : tail.readUInt32LE(0);
      const from = Math.max(0, bytes.length - 8 - footer);
      return read(bytes, parquetMetadata(bytes.subarray(from, bytes.length)));
    } catch (cause) {
      throw cause instanceof DataError ? cause : unreadable(file, cause);
    }
  });
}

/** The first cells of a column in a group of rows, as many as are decoded with the first `most`. */
function cellsOf(
  bytes: Bytes,
  metadata: FileMetaData,
  column: string,
  group: RowGroup,
  most: number,
): readonly unknown[] {
  const schema = parquetSchema(metadata);
  const rows = { groupStart: 0, selectStart: 0, selectEnd: most, groupRows: Number(group.num_rows) };
  const parts = new Map<string, DecodedArray>();
  for (const { meta_data: meta } of group.columns) {
    if (!meta || meta.path_in_schema[0] !== column) continue;
    const from = Number(meta.dictionary_page_offset || meta.data_page_offset);
    const packed = Uint8Array.from(bytes.subarray(from, from + Number(meta.total_compressed_size)));
    const schemaPath = getTreePath(schema, meta.path_in_schema);
    const { element } = schemaPath.at(-1)!;
    const decoder = { ...meta, pathInSchema: meta.path_in_schema, schemaPath, element, parsers, compressors };
    const { data } = readColumn({ view: new DataView(packed.buffer), offset: 0 }, rows, decoder);
    parts.set(meta.path_in_schema.join("."), flatten(data));
  }
  const tree = schema.children.find((child) => child.element.name === column)!;
  if (tree.children.length > 0) assembleNested(parts, tree, parsers);
  return (parts.get(column) ?? []) as readonly unknown[];
}

/** Rows that are looked at for the types of columns. */
const firstRows = 64;

/** Apache Parquet, decoded by hyparquet. */
export const parquet: SourceReader = {
  files: (parameters, context) => sourceFiles(parameters.path as string, context),
  open: async (_parameters, files) => tableSource(await Promise.all(files.map(readPart)), "rows"),
  types: (_parameters, [first]) =>
    atOnce(first!, (bytes, metadata) => {
      const group = metadata.row_groups.find(({ num_rows }) => num_rows > 0);
      if (!group) throw empty(first!);
      const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
      const cells = new Map(columns.map((name) => [name, cellsOf(bytes, metadata, name, group, firstRows)]));
      return typesOfFirst({
        columns,
        count: Math.min(firstRows, Number(group.num_rows)),
        value: (column, row) => cellOf(cells.get(column)![row]),
      });
    }),
  countNames(column, files, _parameters, most) {
    const names = new Set<unknown>();
    let left = most.rows;
    let isAll = true;
    for (const file of files)
      atOnce(file, (bytes, metadata) => {
        for (const group of metadata.row_groups) {
          const rows = Math.min(Number(group.num_rows), left);
          left -= rows;
          isAll &&= rows === Number(group.num_rows);
          if (rows === 0) continue;
          // A page is decoded whole.
          for (const cell of cellsOf(bytes, metadata, column, group, rows).slice(0, rows)) {
            const name = cellOf(cell);
            if (typeof name === "string") names.add(name);
          }
        }
      });
    const within = `the first ${showCount(most.rows)} rows`;
    return isAll ? { count: names.size } : { count: names.size, within };
  },
};

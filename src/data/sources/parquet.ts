import { readFileSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { parquetReadObjects } from "hyparquet";
import { elementCount } from "../../types/tensor.ts";
import { DataError } from "../error.ts";
import type { SourceFile, SourceReader } from "../source.ts";
import { sourceFiles } from "./files.ts";
import { type TablePart, type TableValue, tableSource } from "./table.ts";

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

async function readPart(file: SourceFile): Promise<TablePart> {
  const bytes = readFileSync(file.path);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  let rows: readonly Record<string, unknown>[];
  try {
    rows = await parquetReadObjects({
      file: buffer,
      compressors: {
        GZIP: (input) => gunzipSync(input),
        BROTLI: (input) => brotliDecompressSync(input),
      },
    });
  } catch (cause) {
    throw new DataError(
      `This file cannot be read as Parquet: ${file.path} (${(cause as Error).message})`,
      "copy it again from its origin, or write it with Snappy, gzip or no compression",
      { cause },
    );
  }
  if (rows.length === 0) throw new DataError(`There is no row in ${file.path}`, "bring a table with rows");
  return {
    file,
    count: rows.length,
    columns: Object.keys(rows[0]!),
    value: (column, row) => cellOf(rows[row]![column]),
    place: (row) => `row ${row}`,
  };
}

/** Apache Parquet, decoded by hyparquet. */
export const parquet: SourceReader = {
  files: (parameters, context) => sourceFiles(parameters.path as string, context),
  open: async (_parameters, files) => tableSource(await Promise.all(files.map(readPart)), "rows"),
};

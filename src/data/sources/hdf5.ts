import type { Dataset, File, Metadata } from "h5wasm/node";
import { elementCount, type TypedArray } from "../../types/tensor.ts";
import { DataError } from "../error.ts";
import type { OpenContext, SourceFile, SourceReader } from "../source.ts";
import { sourceFiles } from "./files.ts";
import { type TablePart, type TableValue, tableSource } from "./table.ts";

/** Filters that the library has: deflate, shuffle, Fletcher's checksum, n-bit, scale and offset. */
const unpacked = new Set([1, 2, 3, 5, 6]);

/** Values are read in blocks of about so many: rows are mostly asked for in order. */
const blockSize = 1 << 20;

/** Classes of types in HDF5: H5T_INTEGER, H5T_FLOAT, H5T_STRING, H5T_ENUM. */
const kinds = { integer: 0, float: 1, string: 3, enumeration: 8 };

/** h5py writes truths as an enumeration of two. */
const isTruth = ({ type, enum_type }: Metadata): boolean =>
  type === kinds.enumeration &&
  Object.keys(enum_type?.members ?? {})
    .sort()
    .join() === "FALSE,TRUE";

/** What may be a column, or is told of: data sets with rows by their paths, and why a link leads to none. */
function entriesOf(file: File): ReadonlyMap<string, Dataset | string> {
  const entries = new Map<string, Dataset | string>();
  // Every path once: a group that links lead around to is not entered again.
  for (const path of file.paths()) {
    const entity = file.get(path);
    if (entity === null || !("type" in entity)) continue;
    if (entity.type === "ExternalLink") entries.set(path, "it lies in another file");
    if (entity.type === "BrokenSoftLink") entries.set(path, "it is a link to what is not there");
    if (entity.type !== "Dataset") continue;
    const dataset = entity as Dataset;
    if (dataset.shape && dataset.shape.length > 0) entries.set(path, dataset);
  }
  return entries;
}

/** Why a data set is no column of a table with so many rows; undefined where it is one. */
function unreadable({ metadata, filters, shape }: Dataset, count: number): string | undefined {
  const { type, size } = metadata;
  if (shape![0] !== count) return `it has ${shape![0]} rows`;
  if (!Object.values(kinds).includes(type)) return "its values are neither numbers nor strings";
  if (type === kinds.string && shape!.length > 1) return "its rows are lists of strings";
  if (type === kinds.float && size !== 4 && size !== 8) return `its numbers have ${8 * size} bits`;
  const packed = filters.find(({ id }) => !unpacked.has(id));
  return packed && `it is packed with ${packed.name.split(";")[0]}`;
}

/** The length that most have, of two the greater: other data sets are no columns of the table. */
function commonLength(entries: Iterable<Dataset | string>): number {
  const seen = new Map<number, number>();
  for (const entry of entries) {
    const rows = typeof entry === "string" ? 0 : entry.shape![0]!;
    seen.set(rows, (seen.get(rows) ?? 0) + 1);
  }
  seen.delete(0);
  return [...seen].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}

type Block = readonly (string | number | bigint | boolean)[] | Numbers;

/** The values of some rows, one after the other. */
function valuesOf(file: SourceFile, name: string, dataset: Dataset): (row: number) => TableValue {
  const { metadata, shape } = dataset;
  const inner = shape!.slice(1);
  const each = elementCount(inner);
  const truth = isTruth(metadata);
  const kept = keeper(metadata);
  // Whole chunks, so that none is unpacked twice.
  const chunk = metadata.chunks?.[0] ?? 1;
  const rows = Math.max(1, Math.floor(blockSize / each / chunk)) * chunk;
  let first = 0;
  let block: Block | undefined;
  const read = (from: number): Block => {
    const whole = inner.map((size): [number, number] => [0, size]);
    try {
      return dataset.slice([[from, Math.min(shape![0]!, from + rows)], ...whole]) as Block;
    } catch (cause) {
      throw new DataError(
        `\`${name}\` cannot be read in ${file.path} (${(cause as Error).message})`,
        "copy the file again from its origin",
        { cause, at: { column: name } },
      );
    }
  };
  return (row) => {
    if (!block || row < first || row >= first + rows) {
      first = row - (row % rows);
      block = read(first);
    }
    const at = (row - first) * each;
    if (inner.length > 0) return { shape: inner, data: kept((block as Numbers).subarray(at, at + each)) };
    const value = block[at]!;
    if (truth) return Boolean(value);
    return typeof value === "string" ? value : Number(value);
  };
}

type Numbers = TypedArray | Int8Array | Int16Array | Uint16Array | Uint32Array;

/** As `numpy` keeps tensors: bytes and truths as u8, whole numbers of up to 32 bits as i32, all else as f32. */
function keeper(metadata: Metadata): (values: Numbers) => TypedArray {
  const { type, size, signed } = metadata;
  const isByte = isTruth(metadata) || (type === kinds.integer && size === 1 && !signed);
  const isWhole = type !== kinds.float && (size < 4 || (size === 4 && signed));
  const Kept = isByte ? Uint8Array : isWhole ? Int32Array : Float32Array;
  return (values) =>
    values instanceof BigInt64Array || values instanceof BigUint64Array
      ? Float32Array.from(values, Number)
      : new Kept(values);
}

function partOf(file: SourceFile, opened: File, context: OpenContext): TablePart {
  const entries = entriesOf(opened);
  const count = commonLength(entries.values());
  if (count === 0)
    throw new DataError(
      `There is no data set with rows in ${file.path}`,
      "bring a file with data sets of one length",
    );
  const values = new Map<string, (row: number) => TableValue>();
  const left: string[] = [];
  for (const [path, entry] of entries) {
    const name = path.replaceAll("/", "_");
    let problem = typeof entry === "string" ? entry : unreadable(entry, count);
    if (values.has(name)) problem ??= "another data set has the same name";
    if (problem === undefined) values.set(name, valuesOf(file, name, entry as Dataset));
    else left.push(`\`${path}\`, as ${problem}`);
  }
  if (left.length > 0)
    context.note(`Of ${file.path}, whose data sets have ${count} rows, is left out: ${left.join("; ")}`);
  return {
    file,
    count,
    columns: [...values.keys()],
    value: (column, row) => values.get(column)!(row),
    place: (row) => `row ${row}`,
  };
}

/** HDF5, read by the HDF Group's own library as h5wasm brings it; it is loaded when a file is opened. */
export const hdf5: SourceReader = {
  files: (parameters, context) => sourceFiles(parameters.path as string, context),
  async open(_parameters, files, context) {
    const { File, ready } = await import("h5wasm/node");
    // Else the library prints what is wrong, and gives what was in memory.
    (await ready).activate_throwing_error_handler();
    const parts = files.map((file) => {
      let opened: File;
      try {
        opened = new File(file.path, "r");
        // A file that is none is found when it is first looked into.
        opened.keys();
      } catch (cause) {
        throw new DataError(
          `This file cannot be read as HDF5: ${file.path} (${(cause as Error).message})`,
          "copy it again from its origin",
          { cause },
        );
      }
      return partOf(file, opened, context);
    });
    return tableSource(parts, "rows");
  },
};

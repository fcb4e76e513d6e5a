import type { Dataset, File, Group, Metadata } from "h5wasm/node";
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

/** Why the values of a data set are not read; undefined where they are. */
function unreadable({ metadata, filters }: Dataset): string | undefined {
  const { type, size } = metadata;
  if (!Object.values(kinds).includes(type)) return "its values are neither numbers nor strings";
  if (type === kinds.float && size !== 4 && size !== 8) return `its numbers have ${8 * size} bits`;
  const packed = filters.find(({ id }) => !unpacked.has(id));
  return packed && `it is packed with ${packed.name.split(";")[0]}`;
}

/** Every data set with rows by its path, groups joined by `_`. */
function* datasetsOf(group: Group, prefix = ""): Generator<readonly [name: string, dataset: Dataset]> {
  for (const key of group.keys()) {
    const name = `${prefix}${key}`;
    const entity = group.get(key);
    if (entity === null || !("type" in entity)) continue;
    if (entity.type === "Group") yield* datasetsOf(entity as Group, `${name}_`);
    const dataset = entity as Dataset;
    if (entity.type === "Dataset" && dataset.shape && dataset.shape.length > 0) yield [name, dataset];
  }
}

/** The length that most have, of two the greater: other data sets are no columns of the table. */
function commonLength(datasets: Iterable<Dataset>): number {
  const seen = new Map<number, number>();
  for (const { shape } of datasets) seen.set(shape![0]!, (seen.get(shape![0]!) ?? 0) + 1);
  seen.delete(0);
  return [...seen].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}

type Block = readonly (string | number | bigint | boolean)[] | TypedArray;

/** The values of some rows, one after the other. */
function valuesOf(file: SourceFile, name: string, dataset: Dataset): (row: number) => TableValue {
  const { metadata, shape } = dataset;
  const inner = shape!.slice(1);
  const each = elementCount(inner);
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
    if (inner.length > 0)
      return {
        shape: inner,
        data: kept((block as TypedArray).slice(at, at + each), metadata),
      };
    const value = block[at]!;
    if (isTruth(metadata)) return Boolean(value);
    return typeof value === "string" ? value : Number(value);
  };
}

/** As `numpy` keeps tensors: bytes as u8, whole numbers of up to 32 bits as i32, all else as f32. */
function kept(
  values: ArrayLike<number> | BigInt64Array | BigUint64Array,
  { type, size, signed }: Metadata,
): TypedArray {
  const isWhole = type !== kinds.float && (size < 4 || (size === 4 && signed));
  if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    return Float32Array.from(values, Number);
  const numbers = values as ArrayLike<number>;
  if (type === kinds.integer && size === 1 && !signed) return new Uint8Array(numbers);
  return isWhole ? new Int32Array(numbers) : new Float32Array(numbers);
}

function partOf(file: SourceFile, opened: File, context: OpenContext): TablePart {
  const datasets = new Map(datasetsOf(opened));
  const count = commonLength(datasets.values());
  if (count === 0)
    throw new DataError(
      `There is no data set with rows in ${file.path}`,
      "bring a file with data sets of one length",
    );
  const left: string[] = [];
  for (const [name, dataset] of datasets) {
    const problem = dataset.shape![0] === count ? unreadable(dataset) : `it has ${dataset.shape![0]} rows`;
    if (problem === undefined) continue;
    datasets.delete(name);
    left.push(`\`${name}\`, as ${problem}`);
  }
  if (left.length > 0)
    context.note(`Of ${file.path}, whose data sets have ${count} rows, is left out: ${left.join("; ")}`);
  const values = new Map([...datasets].map(([name, dataset]) => [name, valuesOf(file, name, dataset)]));
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

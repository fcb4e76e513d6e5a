import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import type { FieldType } from "../../ops/field.ts";
import { DataError } from "../error.ts";
import type { SourceFile, SourceReader } from "../source.ts";
import { type Bytes, inflateStart, withBytes } from "./bytes.ts";
import { sourceFiles } from "./files.ts";
import { type TablePart, type TableValue, tableSource } from "./table.ts";

interface NumpyHeader {
  /** `f4`, `U12`. */
  readonly kind: string;
  readonly isLittle: boolean;
  readonly isColumnMajor: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly end: number;
}

interface NumpyArray extends NumpyHeader {
  /** Row-major; strings for the types `S` and `U`. */
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array | readonly string[];
}

const readers: Readonly<
  Record<string, { readonly size: number; read(view: DataView, at: number, little: boolean): number }>
> = {
  f2: { size: 2, read: (view, at, little) => halfFloat(view.getUint16(at, little)) },
  f4: { size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { size: 8, read: (view, at, little) => view.getFloat64(at, little) },
  i1: { size: 1, read: (view, at) => view.getInt8(at) },
  i2: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  i4: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  i8: { size: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u1: { size: 1, read: (view, at) => view.getUint8(at) },
  u2: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  u4: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  u8: { size: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  b1: { size: 1, read: (view, at) => view.getUint8(at) },
};

function halfFloat(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const isText = (kind: string): boolean => kind[0] === "S" || kind[0] === "U";

/** One `.npy`: the magic, a version, a header written as a Python dict, the elements. Throws an `Error` that says why not. */
function headerOf(bytes: Buffer): NumpyHeader {
  if (bytes.length < 10 || bytes.toString("latin1", 0, 6) !== "\x93NUMPY")
    throw new Error("it does not begin as .npy does");
  const long = bytes[6]! >= 2;
  const start = long ? 12 : 10;
  const length = long ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const header = bytes.toString("utf8", start, start + length);
  const type = /'descr':\s*'([<>|=])([a-zA-Z]\d*)'/.exec(header);
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header);
  if (!type || !shapeText) throw new Error("its elements are of a type that is not read here");
  const shape = [...shapeText[1]!.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const kind = type[2]!;
  if (!isText(kind) && !readers[kind])
    throw new Error(`its elements are of the type ${kind}, which is not read here`);
  return {
    kind,
    isLittle: type[1] !== ">",
    isColumnMajor: /'fortran_order':\s*True/.test(header),
    shape,
    end: start + length,
  };
}

/** The type of an entry of the first axis, as `readPart` gives it. */
function typeOfEntry({ kind, shape }: NumpyHeader): FieldType {
  const entry = shape.slice(1);
  if (entry.length === 0 && isText(kind)) return { kind: "string" };
  const dtype = kindOfNumbers(kind);
  const single = kind === "b1" ? "bool" : "f32";
  return { kind: "tensor", dtype: entry.length === 0 ? single : dtype, shape: entry };
}

/** How tensors are kept. */
function kindOfNumbers(kind: string): "u8" | "i32" | "f32" {
  if (kind === "u1" || kind === "b1") return "u8";
  return kind === "i1" || kind === "i2" || kind === "i4" ? "i32" : "f32";
}

function arrayOf(bytes: Buffer): NumpyArray {
  const header = headerOf(bytes);
  const { kind, shape, isLittle } = header;
  const count = shape.reduce((a, b) => a * b, 1);
  const body = bytes.subarray(header.end);
  const order = header.isColumnMajor ? columnMajor(shape) : (i: number) => i;
  if (isText(kind)) return { ...header, data: stringsOf(body, kind, count) };
  const reader = readers[kind]!;
  if (body.length < count * reader.size) throw new Error("its elements end too early");
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const read = (_: unknown, i: number) => reader.read(view, order(i) * reader.size, isLittle);
  const of = kindOfNumbers(kind);
  if (of === "u8") return { ...header, data: Uint8Array.from({ length: count }, read) };
  if (of === "i32") return { ...header, data: Int32Array.from({ length: count }, read) };
  // Single numbers keep all digits of an id; tensors are f32.
  return shape.length < 2
    ? { ...header, data: Float64Array.from({ length: count }, read) }
    : { ...header, data: Float32Array.from({ length: count }, read) };
}

/** Where the i-th element in row-major order lies in column-major order. */
function columnMajor(shape: readonly number[]): (i: number) => number {
  return (i) => {
    let rest = i;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const before = shape.slice(0, axis).reduce((a, b) => a * b, 1);
      at += (rest % shape[axis]!) * before;
      rest = Math.floor(rest / shape[axis]!);
    }
    return at;
  };
}

function stringsOf(body: Buffer, kind: string, count: number): string[] {
  const width = Number(kind.slice(1)) * (kind[0] === "U" ? 4 : 1);
  return Array.from({ length: count }, (_, i) => {
    const bytes = body.subarray(i * width, (i + 1) * width);
    if (kind[0] === "S") return bytes.toString("utf8").replace(/\0+$/, "");
    let text = "";
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      const point = bytes.readUInt32LE(at);
      if (point > 0) text += String.fromCodePoint(point);
    }
    return text;
  });
}

interface Packed {
  readonly isDeflated: boolean;
  readonly from: number;
  readonly to: number;
}

/** Where in a zip archive its files lie, stored or deflated, by its central directory. */
function packedIn(bytes: Bytes): Map<string, Packed> {
  // Behind the directory's end may stand a comment of 64 KiB.
  const tail = bytes.subarray(Math.max(0, bytes.length - 2 ** 16 - 22), bytes.length);
  const end = tail.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0) throw new Error("it is no zip archive, or it is cut short");
  const files = new Map<string, Packed>();
  const start = tail.readUInt32LE(end + 16);
  const directory = bytes.subarray(start, bytes.length);
  let at = 0;
  for (let i = tail.readUInt16LE(end + 10); i > 0; i--) {
    const [method, packed] = [directory.readUInt16LE(at + 10), directory.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = directory.readUInt32LE(at + 42);
    if (packed === 0xffffffff || local === 0xffffffff)
      throw new Error("it is larger than 4 GiB, which is not read here");
    const head = bytes.subarray(local, local + 30);
    const from = local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
    if (method !== 0 && method !== 8)
      throw new Error(`it is compressed by method ${method}, which is not read here`);
    const path = directory.toString("utf8", at + 46, at + 46 + name);
    files.set(path, { isDeflated: method === 8, from, to: from + packed });
    at += 46 + name + extra + comment;
  }
  return files;
}

const unpacked = (bytes: Bytes, { isDeflated, from, to }: Packed): Buffer =>
  isDeflated ? inflateRawSync(bytes.subarray(from, to)) : bytes.subarray(from, to);

/** Enough for the header of an array, packed or not. */
const startBytes = 2 ** 14;

function startOf(bytes: Bytes, { isDeflated, from, to }: Packed): Buffer {
  const start = bytes.subarray(from, Math.min(to, from + startBytes));
  return isDeflated ? inflateStart(start) : start;
}

/** Each array by its name, from its bytes or from their start. */
function arraysOf<T>(
  file: SourceFile,
  bytes: Bytes,
  bytesOf: (bytes: Bytes, packed: Packed) => Buffer,
  of: (bytes: Buffer) => T,
): Map<string, T> {
  try {
    const whole: Packed = { isDeflated: false, from: 0, to: bytes.length };
    const isArchive = bytes.subarray(0, 2).toString("latin1") === "PK";
    const files = isArchive ? packedIn(bytes) : new Map([["array", whole]]);
    return new Map(
      [...files].map(([name, packed]) => [name.replace(/\.npy$/, ""), of(bytesOf(bytes, packed))]),
    );
  } catch (cause) {
    throw new DataError(
      `This file cannot be read as NumPy's: ${file.path} (${(cause as Error).message})`,
      "write it with np.savez or np.save, with arrays of numbers or strings",
      { cause },
    );
  }
}

function readPart(file: SourceFile): TablePart {
  const arrays = arraysOf(file, readFileSync(file.path), unpacked, arrayOf);
  const lengths = [...arrays].map(([name, { shape }]) => `\`${name}\` has ${shape[0] ?? "none"}`);
  const count = [...arrays.values()][0]?.shape[0] ?? 0;
  if (count === 0 || [...arrays.values()].some(({ shape }) => shape[0] !== count))
    throw new DataError(
      `The arrays of ${file.path} have different numbers of rows: ${lengths.join(", ")}`,
      "let the first axis of each array be the rows",
    );
  return {
    file,
    count,
    columns: [...arrays.keys()],
    value(column, row): TableValue {
      const { kind, shape, data } = arrays.get(column)!;
      const each = shape.slice(1).reduce((a, b) => a * b, 1);
      if (shape.length === 1) return kind === "b1" ? data[row] === 1 : data[row];
      if (!ArrayBuffer.isView(data)) return undefined;
      return { shape: shape.slice(1), data: data.subarray(row * each, (row + 1) * each) };
    },
    place: (row) => `row ${row}`,
  };
}

/** Format: NumPy's NEP 1. */
export const numpy: SourceReader = {
  files: (parameters, context) => sourceFiles(parameters.path as string, context),
  open: (_parameters, files) => tableSource(files.map(readPart), "rows"),
  types: (_parameters, [first]) =>
    withBytes(first!.path, (bytes) => {
      const headers = arraysOf(first!, bytes, startOf, headerOf);
      return Object.fromEntries([...headers].map(([name, header]) => [name, typeOfEntry(header)]));
    }),
};

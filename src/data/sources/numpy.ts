import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { DataError } from "../error.ts";
import type { SourceFile, SourceReader } from "../source.ts";
import { sourceFiles } from "./files.ts";
import { type TablePart, type TableValue, tableSource } from "./table.ts";

interface NumpyArray {
  readonly shape: readonly number[];
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

/** One `.npy`: the magic, a version, a header written as a Python dict, the elements. Throws an `Error` that says why not. */
function arrayOf(bytes: Buffer): NumpyArray {
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
  const count = shape.reduce((a, b) => a * b, 1);
  const body = bytes.subarray(start + length);
  const kind = type[2]!;
  const order = /'fortran_order':\s*True/.test(header) ? columnMajor(shape) : (i: number) => i;
  if (kind[0] === "S" || kind[0] === "U") return { shape, data: stringsOf(body, kind, count) };
  const reader = readers[kind];
  if (!reader) throw new Error(`its elements are of the type ${kind}, which is not read here`);
  if (body.length < count * reader.size) throw new Error("its elements end too early");
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const little = type[1] !== ">";
  const read = (_: unknown, i: number) => reader.read(view, order(i) * reader.size, little);
  if (kind === "u1" || kind === "b1") return { shape, data: Uint8Array.from({ length: count }, read) };
  if (/^i/.test(kind) && kind !== "i8") return { shape, data: Int32Array.from({ length: count }, read) };
  // Single numbers keep all digits of an id; tensors are f32.
  return shape.length < 2
    ? { shape, data: Float64Array.from({ length: count }, read) }
    : { shape, data: Float32Array.from({ length: count }, read) };
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

/** The files of a zip archive, stored or deflated, by its central directory. */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0) throw new Error("it is no zip archive, or it is cut short");
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let i = bytes.readUInt16LE(end + 10); i > 0; i--) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = bytes.readUInt32LE(at + 42);
    if (packed === 0xffffffff || local === 0xffffffff)
      throw new Error("it is larger than 4 GiB, which is not read here");
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(from, from + packed);
    if (method !== 0 && method !== 8)
      throw new Error(`it is compressed by method ${method}, which is not read here`);
    files.set(bytes.toString("utf8", at + 46, at + 46 + name), method === 8 ? inflateRawSync(data) : data);
    at += 46 + name + extra + comment;
  }
  return files;
}

function arraysOf(file: SourceFile): Map<string, NumpyArray> {
  const bytes = readFileSync(file.path);
  try {
    if (bytes.readUInt16BE(0) !== 0x504b) return new Map([["array", arrayOf(bytes)]]);
    return new Map([...unzip(bytes)].map(([name, data]) => [name.replace(/\.npy$/, ""), arrayOf(data)]));
  } catch (cause) {
    throw new DataError(
      `This file cannot be read as NumPy's: ${file.path} (${(cause as Error).message})`,
      "write it with np.savez or np.save, with arrays of numbers or strings",
      { cause },
    );
  }
}

function readPart(file: SourceFile): TablePart {
  const arrays = arraysOf(file);
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
      const { shape, data } = arrays.get(column)!;
      const each = shape.slice(1).reduce((a, b) => a * b, 1);
      if (shape.length === 1) return data[row];
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
};

import { readFileSync } from "node:fs";
import { DataError } from "../error.ts";
import type { SourceFile, SourceReader } from "../source.ts";
import { type Bytes, withBytes } from "./bytes.ts";
import { sourceFiles } from "./files.ts";
import { type TablePart, type TableValue, tableSource, typesOfFirst } from "./table.ts";

/** CRC-32C (Castagnoli), bit by bit into a table. */
const crcTable = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** TFRecord's checksum: the CRC turned by 15 bits, plus a constant. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff]!;
  crc = (crc ^ 0xffffffff) >>> 0;
  return ((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0;
}

/** The payloads: `u64 length, u32 crc of it, bytes, u32 crc of them`, little-endian. */
function* recordsOf(file: SourceFile, bytes: Bytes): Generator<Buffer> {
  let count = 0;
  const damaged = (why: string): DataError =>
    new DataError(
      `This file is damaged: ${file.path}, record ${count} (${why})`,
      "copy it again from its origin, then run the same command again",
    );
  for (let at = 0; at < bytes.length; ) {
    if (at + 12 > bytes.length) throw damaged("it ends within a length");
    const head = bytes.subarray(at, at + 12);
    if (maskedCrc(head.subarray(0, 8)) !== head.readUInt32LE(8))
      throw count === 0
        ? new DataError(
            `This is not a TFRecord file: ${file.path}`,
            "tfrecord reads uncompressed files of tf.Example records",
          )
        : damaged("the checksum of its length is wrong");
    const length = Number(head.readBigUInt64LE(0));
    const from = at + 12;
    if (from + length + 4 > bytes.length) throw damaged("it ends too early");
    const payload = bytes.subarray(from, from + length);
    if (maskedCrc(payload) !== bytes.subarray(from + length, from + length + 4).readUInt32LE(0))
      throw damaged("its checksum is wrong");
    yield payload;
    count++;
    at = from + length + 4;
  }
}

/** Fields of a protobuf message: number, and bytes or varint. */
function* fieldsOf(
  bytes: Buffer,
): Generator<{ readonly field: number; readonly bytes: Buffer; readonly varint: bigint }> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("it ends within a number");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const field = key >>> 3;
    switch (key & 7) {
      case 0:
        yield { field, bytes: bytes.subarray(0, 0), varint: varint() };
        break;
      case 2: {
        const length = Number(varint());
        yield { field, bytes: bytes.subarray(at, at + length), varint: 0n };
        at += length;
        break;
      }
      case 5:
        yield { field, bytes: bytes.subarray(at, at + 4), varint: 0n };
        at += 4;
        break;
      default:
        throw new Error(`it has a field of wire type ${key & 7}`);
    }
  }
}

/** A `Feature`: bytes (1), floats (2) or whole numbers (3); numbers packed or one by one. */
function featureOf(bytes: Buffer): TableValue {
  for (const { field, bytes: list } of fieldsOf(bytes)) {
    if (field === 1) for (const { bytes: text } of fieldsOf(list)) return text.toString("utf8");
    const numbers: number[] = [];
    for (const entry of fieldsOf(list)) {
      if (field === 2) {
        const { bytes: packed } = entry;
        for (let at = 0; at + 4 <= packed.length; at += 4) numbers.push(packed.readFloatLE(at));
      } else if (entry.bytes.length > 0) numbers.push(...packedVarints(entry.bytes));
      else numbers.push(Number(BigInt.asIntN(64, entry.varint)));
    }
    if (numbers.length === 1) return numbers[0];
    if (numbers.length > 1) return { shape: [numbers.length], data: Float32Array.from(numbers) };
  }
  return undefined;
}

function packedVarints(bytes: Buffer): number[] {
  const numbers: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    numbers.push(Number(BigInt.asIntN(64, value)));
    value = 0n;
    shift = 0n;
  }
  return numbers;
}

/** `Example { features: Features { feature: map<string, Feature> } }`; all are field 1, a map's entry is key 1, value 2. */
function exampleOf(payload: Buffer): Map<string, TableValue> {
  const found = new Map<string, TableValue>();
  for (const { bytes: features } of fieldsOf(payload))
    for (const { bytes: entry } of fieldsOf(features)) {
      let name = "";
      let value: TableValue;
      for (const { field, bytes } of fieldsOf(entry)) {
        if (field === 1) name = bytes.toString("utf8");
        else if (field === 2) value = featureOf(bytes);
      }
      found.set(name, value);
    }
  return found;
}

/** Up to so many records. */
function readPart(file: SourceFile, bytes: Bytes, most = Number.POSITIVE_INFINITY): TablePart {
  const examples: Map<string, TableValue>[] = [];
  for (const payload of recordsOf(file, bytes)) {
    try {
      examples.push(exampleOf(payload));
    } catch (cause) {
      throw new DataError(
        `Record ${examples.length} of ${file.path} is no tf.Example (${(cause as Error).message})`,
        "tfrecord reads records that TensorFlow wrote with tf.train.Example",
        { cause },
      );
    }
    if (examples.length === most) break;
  }
  if (examples.length === 0)
    throw new DataError(`There is no record in ${file.path}`, "copy it again from its origin");
  return {
    file,
    count: examples.length,
    columns: [...examples[0]!.keys()].sort(),
    value: (column, row) => examples[row]!.get(column),
    place: (row) => `record ${row}`,
  };
}

/** Records that are looked at for the types of their features. */
const firstRecords = 16;

/** Format: TensorFlow's `record_writer.h` and `example.proto`. */
export const tfrecord: SourceReader = {
  files: (parameters, context) => sourceFiles(parameters.path as string, context),
  open: (_parameters, files) =>
    tableSource(
      files.map((file) => readPart(file, readFileSync(file.path))),
      "records",
    ),
  types: (_parameters, [first]) =>
    withBytes(first!.path, (bytes) => typesOfFirst(readPart(first!, bytes, firstRecords))),
};

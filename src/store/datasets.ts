/** What a run keeps of its data: digests of everything, the fields that metrics need, and a few pictures. */
import type { Dataset, FieldData } from "../data/dataset.ts";
import { type DType, emptyArray, type TypedArray } from "../types/tensor.ts";
import type { DataLock, LockedDataset, LockedField } from "./generated/data-lock.ts";
import { datasetDigest } from "./keys.ts";
import { getObject, putObject } from "./objects.ts";
import type { RunDataset } from "./run-data.ts";
import { DamagedFile } from "./schemas.ts";
import type { Writer } from "./writer.ts";

const splits = ["train", "valid", "test"] as const;
const pictureBudget = { rows: 120, bytes: 8 << 20 };

export function lockDatasets(writer: Writer, datasets: readonly Dataset[]): DataLock {
  return {
    format: "dlc.data/1",
    datasets: Object.fromEntries(datasets.map((dataset) => [dataset.name, lockDataset(writer, dataset)])),
  };
}

function lockDataset(writer: Writer, dataset: Dataset): LockedDataset {
  const rows = (split: (typeof splits)[number]) => ({
    count: dataset.rows[split].length,
    digest: dataset.rowDigests[split],
    object: putObject(writer, bytesOf(dataset.rows[split])),
  });
  return {
    count: dataset.count,
    digest: datasetDigest(dataset),
    fields: Object.values(dataset.fields).map((field) => lockField(writer, field)),
    rows: { train: rows("train"), valid: rows("valid"), test: rows("test") },
    pictures: lockPictures(writer, dataset),
  };
}

function lockField(writer: Writer, field: FieldData): LockedField {
  const kept = field.role !== "input";
  return {
    name: field.name,
    role: field.role,
    type: field.type as LockedField["type"],
    shape: [...field.shape],
    dtype: dtypeOf(field.data),
    classes: field.classes ? [...field.classes] : null,
    undo: field.undo as unknown as LockedField["undo"],
    digest: field.digest,
    object: kept ? putObject(writer, bytesOf(field.data)) : null,
  };
}

/** Test rows of the first image input, classes in turn, so that each has some. */
function lockPictures(writer: Writer, dataset: Dataset): LockedDataset["pictures"] {
  const field = Object.values(dataset.fields).find(
    ({ role, shape }) => role === "input" && shape.length === 3,
  );
  if (!field) return null;
  const size = field.shape.reduce((product, dim) => product * dim, 1);
  const room = Math.min(pictureBudget.rows, Math.floor(pictureBudget.bytes / (4 * size)));
  const rows = inTurn(dataset, room);
  const values = new Float32Array(rows.length * size);
  rows.forEach((row, k) => {
    for (let i = 0; i < size; i++) values[k * size + i] = Number(field.data[row * size + i]);
  });
  return { field: field.name, rows, shape: [...field.shape], object: putObject(writer, bytesOf(values)) };
}

function inTurn(dataset: Dataset, room: number): number[] {
  const target = Object.values(dataset.fields).find(
    ({ role, classes, shape }) => role === "target" && classes && shape.length === 0,
  );
  const byClass = new Map<number, number[]>();
  for (const row of dataset.rows.test) {
    const of = target ? Number(target.data[row]) : 0;
    byClass.set(of, [...(byClass.get(of) ?? []), row]);
  }
  const rows: number[] = [];
  for (let turn = 0; rows.length < Math.min(room, dataset.rows.test.length); turn++)
    for (const list of byClass.values()) if (turn < list.length && rows.length < room) rows.push(list[turn]!);
  return rows;
}

/** A locked dataset with its kept fields. Throws a `Problem` that names what is missing or damaged. */
export function readDataset(runs: string, name: string, locked: LockedDataset, lockPath: string): RunDataset {
  const values = (object: string, dtype: DType, length: number): TypedArray => {
    const bytes = getObject(runs, object);
    const array = emptyArray(dtype, length);
    if (bytes.length !== array.byteLength)
      throw new DamagedFile(
        lockPath,
        `${name}: object ${object} has ${bytes.length} bytes, not ${array.byteLength}`,
      );
    new Uint8Array(array.buffer).set(bytes);
    return array;
  };
  const rows = (split: (typeof splits)[number]) =>
    values(locked.rows[split].object, "i32", locked.rows[split].count) as Int32Array;
  const fields: Record<string, RunDataset["fields"][string]> = {};
  for (const { name: field, role, type, shape, dtype, classes, undo, object } of locked.fields) {
    if (!object) continue;
    const length = locked.count * shape.reduce((product, dim) => product * dim, 1);
    fields[field] = {
      role,
      type: type as RunDataset["fields"][string]["type"],
      shape,
      classes,
      undo: (undo ?? []) as RunDataset["fields"][string]["undo"],
      data: values(object, dtype, length),
    };
  }
  const { pictures } = locked;
  let drawn: Float32Array | undefined;
  return {
    name,
    count: locked.count,
    digest: locked.digest,
    rows: { train: rows("train"), valid: rows("valid"), test: rows("test") },
    fields,
    picture(row) {
      const k = pictures?.rows.indexOf(row) ?? -1;
      if (!pictures || k < 0) return null;
      const size = pictures.shape.reduce((product, dim) => product * dim, 1);
      drawn ??= values(pictures.object, "f32", pictures.rows.length * size) as Float32Array;
      return { shape: pictures.shape, data: drawn.subarray(k * size, (k + 1) * size) };
    },
  };
}

/** Little-endian, as every machine that TensorFlow runs on holds them. */
function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function dtypeOf(array: TypedArray): DType {
  if (array instanceof Float32Array) return "f32";
  if (array instanceof Float64Array) return "f64";
  if (array instanceof Int32Array) return "i32";
  if (array instanceof BigInt64Array) return "i64";
  if (array instanceof BigUint64Array) return "u64";
  return "u8";
}

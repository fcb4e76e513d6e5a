/**
 * Tensors as bytes and back, bit for bit, in the safetensors layout (github.com/huggingface/safetensors): the header's length
 * as u64, a JSON header, then the data, all little-endian. Names are sorted, so that equal tensors are equal bytes.
 */
import type { Tensors } from "../engine/engine.ts";
import { emptyTensor } from "../engine/tensors.ts";
import type { DType } from "../types/tensor.ts";
import type { Checkpoint, Prediction, SplitPredictions } from "./outcome.ts";

const codes: Readonly<Record<DType, string>> = {
  f32: "F32",
  f64: "F64",
  i32: "I32",
  i64: "I64",
  u64: "U64",
  u8: "U8",
  bool: "BOOL",
};
const dtypes = Object.fromEntries(Object.entries(codes).map(([dtype, code]) => [code, dtype as DType]));

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

export type Metadata = Readonly<Record<string, string>>;

export function writeTensors(tensors: Tensors, metadata: Metadata = {}): Uint8Array {
  const header: Record<string, Entry | Metadata> = { __metadata__: metadata };
  const names = Object.keys(tensors).sort();
  let end = 0;
  for (const name of names) {
    const { dtype, shape, data } = tensors[name]!;
    header[name] = { dtype: codes[dtype], shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const padded = Math.ceil(json.length / 8) * 8;
  const out = Buffer.alloc(8 + padded + end, " ");
  out.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(out, 8);
  let at = 8 + padded;
  for (const name of names) {
    const { data } = tensors[name]!;
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}

/** Throws an `Error` that says what is wrong where the bytes are damaged. */
export function readTensors(bytes: Uint8Array): { readonly tensors: Tensors; readonly metadata: Metadata } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 8) throw new Error("the tensors are cut short");
  const length = Number(buffer.readBigUInt64LE(0));
  const start = 8 + length;
  if (start > buffer.length) throw new Error("the tensors are cut short");
  const { __metadata__, ...entries } = parseHeader(buffer.toString("utf8", 8, start));
  const tensors: Record<string, Tensors[string]> = {};
  let end = 0;
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(
    entries as Record<string, Entry>,
  )) {
    const type = dtypes[dtype];
    if (!type) throw new Error(`${name} has the unknown type ${dtype}`);
    const tensor = emptyTensor({ dtype: type, shape });
    const size = tensor.data.byteLength;
    if (offsets[1] - offsets[0] !== size || start + offsets[1] > buffer.length)
      throw new Error(`${name} has ${Math.max(0, buffer.length - start - offsets[0])} bytes of ${size}`);
    const target = new Uint8Array(tensor.data.buffer, 0, size);
    target.set(buffer.subarray(start + offsets[0], start + offsets[1]));
    tensors[name] = tensor;
    end = Math.max(end, offsets[1]);
  }
  if (start + end !== buffer.length) throw new Error("bytes follow the last tensor");
  return { tensors, metadata: (__metadata__ ?? {}) as Metadata };
}

function parseHeader(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("the tensors' header is damaged");
  }
}

const prefixed = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]));

const withPrefix = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]),
  );

/** JSON has no NaN and no infinities. */
const asJson = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
const fromJson = (_: string, value: unknown) =>
  value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : value;

export function writeCheckpoint({ variables, best, ...loop }: Checkpoint): Uint8Array {
  const rest = { ...loop, best: best && { value: best.value, epoch: best.epoch } };
  return writeTensors(
    { ...prefixed("variables", variables), ...(best ? prefixed("best", best.weights) : {}) },
    { format: "dlc.checkpoint/1", loop: JSON.stringify(rest, asJson) },
  );
}

/** Undefined where another version of dlc wrote it in another form. */
export function readCheckpoint(bytes: Uint8Array): Checkpoint | undefined {
  const { tensors, metadata } = readTensors(bytes);
  if (metadata.format !== "dlc.checkpoint/1") return undefined;
  const loop = JSON.parse(metadata.loop!, fromJson);
  return {
    ...loop,
    variables: withPrefix("variables", tensors),
    best: loop.best && { ...loop.best, weights: withPrefix("best", tensors) },
  };
}

/** `order` names them as the program has them: weights of a trial whose layers were renamed since are found by their place. */
export function writeWeights(weights: Tensors, order: readonly string[]): Uint8Array {
  return writeTensors(weights, { format: "dlc.weights/1", order: JSON.stringify(order) });
}

/** Under `names` in place of the names that they were written with. Throws an `Error` that says what is wrong with the bytes. */
export function readWeights(bytes: Uint8Array, names: readonly string[]): Tensors {
  const { tensors, metadata } = readTensors(bytes);
  if (metadata.format !== "dlc.weights/1") throw new Error("these are not weights of dlc");
  const order: readonly string[] = JSON.parse(metadata.order!);
  if (order.length !== names.length)
    throw new Error(`there are ${order.length} weights; the network has ${names.length}`);
  return Object.fromEntries(names.map((name, i) => [name, tensors[order[i]!]!]));
}

/** `outputs` and `losses` of a sole network with a sole output; others have their label or name behind a slash. */
const keyOf = (what: "outputs" | "losses", name: string): string =>
  name === (what === "outputs" ? "output" : "") ? what : `${what}/${name}`;

const nameOf = (what: "outputs" | "losses", key: string): string =>
  key === what ? (what === "outputs" ? "output" : "") : key.slice(what.length + 1);

const isOf = (what: "outputs" | "losses", key: string): boolean => key === what || key.startsWith(`${what}/`);

export function writePredictions({ rows, outputs, losses }: SplitPredictions): Uint8Array {
  const { length } = rows;
  const tensors: Record<string, Tensors[string]> = { rows: { dtype: "i32", shape: [length], data: rows } };
  for (const [label, { shape, data }] of Object.entries(outputs))
    tensors[keyOf("outputs", label)] = { dtype: "f32", shape: [length, ...shape], data };
  for (const [name, data] of Object.entries(losses))
    tensors[keyOf("losses", name)] = { dtype: "f32", shape: [length], data };
  return writeTensors(tensors, { format: "dlc.predictions/1" });
}

export function readPredictions(bytes: Uint8Array): SplitPredictions {
  const { tensors, metadata } = readTensors(bytes);
  const { rows } = tensors;
  if (metadata.format !== "dlc.predictions/1" || !rows) throw new Error("these are not predictions of dlc");
  const outputs: Record<string, Prediction> = {};
  const losses: Record<string, Float32Array> = {};
  for (const [key, { shape, data }] of Object.entries(tensors)) {
    if (isOf("outputs", key))
      outputs[nameOf("outputs", key)] = { shape: shape.slice(1), data: data as Float32Array };
    if (isOf("losses", key)) losses[nameOf("losses", key)] = data as Float32Array;
  }
  return { rows: rows.data as Int32Array, outputs, losses };
}

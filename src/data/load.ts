import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { operatorOf } from "../ops/registry.ts";
import type { DataSpec } from "../study/plan.ts";
import { elementCount } from "../types/tensor.ts";
import {
  contentDigest,
  digestOf,
  dropEntry,
  entryPath,
  type Prepared,
  readEntry,
  writeEntry,
} from "./cache.ts";
import type { Dataset, FieldData } from "./dataset.ts";
import { bytesOf, checkNames, type Decoded, decodeFields, selectRows } from "./decode.ts";
import { DataError, faultAt } from "./error.ts";
import { withoutNames } from "./expression.ts";
import { createPace, type OnStage, type Pace } from "./pace.ts";
import { earlySteps, prepareFields, type Working } from "./prepare.ts";
import type { OpenContext, Source, SourceFile, SourceReader } from "./source.ts";
import { sourceReaders } from "./sources/all.ts";
import { type Labels, splitRows } from "./split.ts";

/** Goes up when reading, splitting or the cache's form change their meaning. */
const version = 3;

export interface LoadOptions {
  /** The folder for prepared data; made when needed. */
  readonly cache: string;
  readonly onStage?: OnStage;
  /** What the user should know: what was left out, what was rebuilt. */
  readonly onNote?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The data of a study: source, `where`, split, decoding, `prepare`, in that order; from the cache where the same content was
 * prepared the same way before. What the splits are and what the fields hold are kept apart: data that differ in their split alone
 * share their fields, as long as no step fits statistics. Throws a `DataError` (what is wrong, what to do) for data that is missing,
 * damaged or not as declared.
 */
export async function loadDataset(spec: DataSpec, options: LoadOptions): Promise<Dataset> {
  const located = locate(spec, options.cache);
  const { paths, notes } = located;
  const pace = createPace(options.onStage, options.signal);
  const selection = once(() => select(spec, located, pace));
  const kept = async (path: string, make: () => Promise<Omit<Prepared, "notes">>): Promise<Prepared> => {
    const found = await readEntry(path);
    if (found && found !== "damaged") return found;
    if (found) {
      dropEntry(path);
      options.onNote?.(`The prepared data of ${spec.name} were damaged and are made again: ${path}`);
    }
    const made = { ...(await make()), notes };
    await writeEntry(path, made);
    return made;
  };
  const split = await kept(paths.split, async () => divide(spec, await selection(), pace));
  const fields = await kept(paths.fields, async () =>
    fill(spec, await selection(), split.rows.train, located, pace),
  );
  for (const note of new Set([...split.notes, ...fields.notes])) options.onNote?.(note);
  return toDataset(spec, { ...fields, rows: split.rows });
}

/** The data of a study where they were prepared before; throws a `DataError` where their source is missing. */
export async function cachedDataset(spec: DataSpec, cache: string): Promise<Dataset | undefined> {
  const { paths } = locate(spec, cache);
  const split = await readEntry(paths.split);
  const fields = await readEntry(paths.fields);
  if (!split || split === "damaged" || !fields || fields === "damaged") return undefined;
  return toDataset(spec, { ...fields, rows: split.rows });
}

interface Located {
  readonly reader: SourceReader;
  readonly files: readonly SourceFile[];
  readonly context: OpenContext;
  readonly notes: readonly string[];
  /** Where the dataset lies once it is prepared. */
  readonly paths: { readonly split: string; readonly fields: string };
}

/** Where the data come from, and where they lie once they are prepared. */
function locate(spec: DataSpec, cache: string): Located {
  const notes: string[] = [];
  const context: OpenContext = { dataset: spec.name, note: (text) => notes.push(text) };
  const reader = sourceReaders[spec.source.op];
  if (!reader)
    throw new DataError(`The source ${spec.source.op} of ${spec.name} cannot be read in this version`);
  const files = reader.files(spec.source.parameters, context);
  mkdirSync(cache, { recursive: true });
  const keys = keysOf(spec, files, cache);
  return {
    reader,
    files,
    context,
    notes,
    paths: { split: entryPath(cache, digestOf(keys.split)), fields: entryPath(cache, digestOf(keys.fields)) },
  };
}

/** Everything that decides the bytes of a prepared dataset, and nothing else: no path, no name, no role. */
function keysOf(spec: DataSpec, files: readonly SourceFile[], cache: string) {
  const { path: _path, ...parameters } = spec.source.parameters;
  const source = {
    op: spec.source.op,
    version: operatorOf("reader", spec.source.op).version,
    parameters: files.length > 0 ? parameters : spec.source.parameters,
    content: files.length > 0 ? contentDigest(files, cache) : null,
  };
  const described = (fields: DataSpec["fields"]) =>
    fields.map(({ name, type, value }) => ({ name, type, value }));
  const where = spec.fields.flatMap((field) => field.where ?? []);
  const split = { ...spec.split, version: operatorOf("split", spec.split.op).version };
  const prepare = spec.prepare.map(({ fields, steps }) => ({
    fields,
    steps: steps.map((step) => ({ ...step, version: operatorOf("prepare", step.op).version })),
  }));
  const early = earlySteps(spec);
  const fits = spec.prepare.some(({ fields, steps }) =>
    fields.some((name) => !steps.every((step) => early[name]?.includes(step))),
  );
  return {
    split: { version, source, where, fields: described(deciding(spec)), split },
    fields: { version, source, where, fields: described(spec.fields), prepare, split: fits ? split : null },
  };
}

interface Selection {
  readonly spec: DataSpec;
  readonly source: Source;
  /** The rows of the source for which every `where` holds. */
  readonly rows: Int32Array;
}

async function select(spec: DataSpec, { reader, files, context }: Located, pace: Pace): Promise<Selection> {
  const source = await reader.open(spec.source.parameters, files, context);
  checkNames(spec, source);
  const named = withNumbers(spec, source);
  return { spec: named, source, rows: await selectRows(named, source, pace) };
}

/** The fields that the split goes by. */
function deciding({ split, fields }: DataSpec): DataSpec["fields"] {
  const by = [split.parameters.by].flat();
  return fields.filter(({ name }) => by.includes(name));
}

/** The rows of each split. */
async function divide(
  spec: DataSpec,
  { spec: named, source, rows }: Selection,
  pace: Pace,
): Promise<Omit<Prepared, "notes">> {
  const fields = deciding(named);
  const decoded = fields.length > 0 ? await decodeFields({ ...named, fields }, source, rows, {}, pace) : [];
  const given = source.given && Uint8Array.from(rows, (row) => source.given![row]!);
  const { op, parameters } = spec.split;
  const { train, valid, test } = splitRows(op, parameters, rows.length, labelsOf(spec, decoded), given);
  if (train.length === 0)
    throw new DataError(
      `The split of ${spec.name} leaves no row to train on (of ${rows.length})`,
      "give train a larger share, or bring more data",
      { at: "split" },
    );
  return { count: rows.length, fields: {}, rows: { train, valid, test } };
}

/** The fields, decoded and prepared; statistics are fitted on the training rows. */
async function fill(
  spec: DataSpec,
  { spec: named, source, rows }: Selection,
  train: Int32Array,
  { context }: Located,
  pace: Pace,
): Promise<Omit<Prepared, "notes">> {
  const early = earlySteps(spec);
  const decoded = await decodeFields(named, source, rows, early, pace);
  const working: Record<string, Working> = {};
  for (const field of decoded) working[field.spec.name] = { shape: field.shape, data: field.data };
  const undo = await prepareFields(spec, working, early, train, rows.length, pace, context.note);
  const fields: Record<string, Prepared["fields"][string]> = {};
  for (const { spec: field, classes, digest } of decoded) {
    const { shape, data } = working[field.name]!;
    fields[field.name] = {
      type: spec.prepared[field.name] ?? field.type,
      shape,
      data,
      classes,
      undo: undo[field.name]!,
      digest,
    };
  }
  for (const { name, role } of spec.fields) {
    if (role !== "input" && role !== "target") continue;
    const row = firstNotFinite(fields[name]!);
    if (row !== undefined)
      context.note(
        `${spec.name}.${name} is not finite in ${source.place(rows[row]!)}, perhaps elsewhere too, and nothing is learned from that: \`prepare ${name} { replace_nan(0) }\` puts a number there, \`where\` leaves rows out`,
      );
  }
  return { count: rows.length, fields, rows: noRows };
}

/** The first row that has a NaN or an infinite number. */
function firstNotFinite({ data, shape }: Prepared["fields"][string]): number | undefined {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return undefined;
  const at = data.findIndex((value) => !Number.isFinite(value));
  return at < 0 ? undefined : Math.floor(at / elementCount(shape));
}

const noRows = { train: new Int32Array(), valid: new Int32Array(), test: new Int32Array() };

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Names of values in fields and conditions as the integers that they have in this source. */
function withNumbers(spec: DataSpec, { columns }: Source): DataSpec {
  const fields = spec.fields.map((field) => ({
    ...field,
    value: faultAt({ field: field.name, part: "value" }, () => withoutNames(field.value, columns)),
    where:
      field.where && faultAt({ field: field.name, part: "where" }, () => withoutNames(field.where!, columns)),
  }));
  return { ...spec, fields };
}

/** What the split goes by: a class, a group, or the cells of two coordinates. */
function labelsOf({ split, fields }: DataSpec, decoded: readonly Decoded[]): Labels | undefined {
  const { by, cell } = split.parameters;
  const dataOf = (name: unknown) => decoded.find((field) => field.spec.name === name)?.data;
  if (Array.isArray(by)) {
    const [a, b] = by.map((name) => Array.from(dataOf(name) as ArrayLike<number>, Number));
    const cellOf = (value: number): number => Math.floor(value / (cell as number));
    const cells = a!.map((value, row) => `${cellOf(value)} ${cellOf(b![row]!)}`);
    return { ...numbered(cells), whole: true };
  }
  const data = dataOf(by);
  if (!data) return undefined;
  const whole = fields.find(({ name }) => name === by)?.role === "group";
  return { ...numbered(data as ArrayLike<number>), whole };
}

/** Numbered in the order of their first row. */
function numbered<T>(values: ArrayLike<T>): Labels {
  const numbers = new Map<T, number>();
  const labels = Int32Array.from({ length: values.length }, (_, row) => {
    const value = values[row]!;
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  });
  return { values: labels };
}

/** Roles are no part of what is kept, so this is looked at whenever the data are used. */
function checkWeights(dataset: string, { name, data }: FieldData, train: Int32Array): void {
  const wrong = data.findIndex(
    (value: number | bigint) => !(Number(value) >= 0 && Number.isFinite(Number(value))),
  );
  if (wrong >= 0)
    throw new DataError(
      `${dataset}.${name} weighs row ${wrong + 1} with ${data[wrong]}`,
      "weights are 0 or more: correct the source, or leave the row out with `where`",
      { at: { field: name, part: "value" } },
    );
  if (train.every((row) => data[row] === 0))
    throw new DataError(
      `${dataset}.${name} is 0 in every row of train: nothing would be learned`,
      "give the rows that count a weight above 0",
      { at: { field: name, part: "value" } },
    );
}

function toDataset(spec: DataSpec, prepared: Prepared): Dataset {
  const fields: Record<string, FieldData> = {};
  for (const { name, role } of spec.fields) fields[name] = { name, role, ...prepared.fields[name]! };
  for (const field of Object.values(fields))
    if (field.role === "weight") checkWeights(spec.name, field, prepared.rows.train);
  const digest = (rows: Int32Array): string => createHash("sha256").update(bytesOf(rows)).digest("hex");
  const { train, valid, test } = prepared.rows;
  return {
    name: spec.name,
    count: prepared.count,
    fields,
    rows: prepared.rows,
    rowDigests: { train: digest(train), valid: digest(valid), test: digest(test) },
  };
}

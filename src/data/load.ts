import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { operatorOf } from "../ops/registry.ts";
import type { DataSpec } from "../study/plan.ts";
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
import { bytesOf, type Decoded, decodeFields, selectRows } from "./decode.ts";
import { DataError } from "./error.ts";
import { withoutNames } from "./expression.ts";
import { createPace, type OnStage } from "./pace.ts";
import { earlySteps, prepareFields, type Working } from "./prepare.ts";
import type { OpenContext, Source, SourceFile, SourceReader } from "./source.ts";
import { sourceReaders } from "./sources/all.ts";
import { type Labels, splitRows } from "./split.ts";

/** Goes up when reading, splitting or the cache's form change their meaning. */
const version = 2;

export interface LoadOptions {
  /** The folder for prepared data; made when needed. */
  readonly cache: string;
  readonly onStage?: OnStage;
  /** What the user should know: what was left out, what was rebuilt. */
  readonly onNote?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The data of a study: source, `where`, decoding, split, `prepare`, in that order; from the cache where the same content was
 * prepared the same way before. Throws a `DataError` (what is wrong, what to do) for data that is missing, damaged or not as
 * declared.
 */
export async function loadDataset(spec: DataSpec, options: LoadOptions): Promise<Dataset> {
  const { reader, files, context, notes, path } = locate(spec, options.cache);
  const found = await readEntry(path);
  if (found === "damaged") {
    dropEntry(path);
    options.onNote?.(`The prepared data of ${spec.name} were damaged and are made again: ${path}`);
  }
  let prepared: Prepared;
  if (found && found !== "damaged") prepared = found;
  else {
    prepared = { ...(await build(spec, reader, files, context, options)), notes };
    await writeEntry(path, prepared);
  }
  for (const note of prepared.notes) options.onNote?.(note);
  return toDataset(spec, prepared);
}

/** The data of a study where they were prepared before; throws a `DataError` where their source is missing. */
export async function cachedDataset(spec: DataSpec, cache: string): Promise<Dataset | undefined> {
  const found = await readEntry(locate(spec, cache).path);
  return found && found !== "damaged" ? toDataset(spec, found) : undefined;
}

/** Where the data come from, and where they lie once they are prepared. */
function locate(spec: DataSpec, cache: string) {
  const notes: string[] = [];
  const context: OpenContext = { dataset: spec.name, note: (text) => notes.push(text) };
  const reader = sourceReaders[spec.source.op];
  if (!reader)
    throw new DataError(`The source ${spec.source.op} of ${spec.name} cannot be read in this version`);
  const files = reader.files(spec.source.parameters, context);
  mkdirSync(cache, { recursive: true });
  return { reader, files, context, notes, path: entryPath(cache, keyOf(spec, files, cache)) };
}

/** Everything that decides the bytes of a prepared dataset, and nothing else: no path, no name, no role. */
function keyOf(spec: DataSpec, files: readonly SourceFile[], cache: string): string {
  const { path: _path, ...parameters } = spec.source.parameters;
  return digestOf({
    version,
    source: {
      op: spec.source.op,
      version: operatorOf("reader", spec.source.op).version,
      parameters: files.length > 0 ? parameters : spec.source.parameters,
      content: files.length > 0 ? contentDigest(files, cache) : null,
    },
    fields: spec.fields.map(({ name, type, value, where }) => ({ name, type, value, where })),
    split: { ...spec.split, version: operatorOf("split", spec.split.op).version },
    prepare: spec.prepare.map(({ fields, steps }) => ({
      fields,
      steps: steps.map((step) => ({ ...step, version: operatorOf("prepare", step.op).version })),
    })),
  });
}

async function build(
  spec: DataSpec,
  reader: SourceReader,
  files: readonly SourceFile[],
  context: OpenContext,
  options: LoadOptions,
): Promise<Omit<Prepared, "notes">> {
  const pace = createPace(options.onStage, options.signal);
  const source = await reader.open(spec.source.parameters, files, context);
  const named = withNumbers(spec, source);
  const selected = await selectRows(named, source, pace);
  const early = earlySteps(spec);
  const decoded = await decodeFields(named, source, selected, early, pace);

  const given = source.given && Uint8Array.from(selected, (row) => source.given![row]!);
  const rows = splitRows(
    spec.split.op,
    spec.split.parameters,
    selected.length,
    labelsOf(spec, decoded),
    given,
  );
  if (rows.train.length === 0)
    throw new DataError(
      `The split of ${spec.name} leaves no row to train on (of ${selected.length})`,
      "give train a larger share, or bring more data",
    );

  const working: Record<string, Working> = {};
  for (const field of decoded) working[field.spec.name] = { shape: field.shape, data: field.data };
  const undo = await prepareFields(spec, working, early, rows.train, selected.length, pace);
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
  return { count: selected.length, fields, rows: { train: rows.train, valid: rows.valid, test: rows.test } };
}

/** Names of values in fields and conditions as the integers that they have in this source. */
function withNumbers(spec: DataSpec, { columns }: Source): DataSpec {
  const fields = spec.fields.map((field) => ({
    ...field,
    value: withoutNames(field.value, columns),
    where: field.where && withoutNames(field.where, columns),
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
  return { values: labels, count: numbers.size };
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
      { field: name },
    );
  if (train.every((row) => data[row] === 0))
    throw new DataError(
      `${dataset}.${name} is 0 in every row of train: nothing would be learned`,
      "give the rows that count a weight above 0",
      { field: name },
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

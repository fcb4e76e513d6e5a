/**
 * Prepared datasets on disk, known by their content. One file a dataset: a line of magic, the length of the header, the header in
 * JSON, then each array at a multiple of 64 bytes. The header holds the sha256 of the arrays, so damage is found when reading.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { Problem } from "../diagnostics/problem.ts";
import type { FieldType } from "../ops/field.ts";
import type { UndoneStep } from "../ops/prepare.ts";
import type { TypedArray } from "../types/tensor.ts";
import { bytesOf } from "./decode.ts";
import type { SourceFile } from "./source.ts";
import type { Rows } from "./split.ts";

const magic = "dlc data 1\n";
const alignment = 64;

const arrays = { Float32Array, Float64Array, Int32Array, BigInt64Array, BigUint64Array, Uint8Array } as const;

/** What is kept of a dataset; names and roles come from the plan. */
export interface Prepared {
  readonly count: number;
  readonly fields: Readonly<
    Record<
      string,
      {
        readonly type: FieldType;
        readonly shape: readonly number[];
        readonly data: TypedArray;
        readonly classes: readonly string[] | null;
        /** What leads back from `prepare`: see `FieldData`. */
        readonly undo: readonly UndoneStep[];
        readonly digest: string;
      }
    >
  >;
  readonly rows: Rows;
  readonly notes: readonly string[];
}

interface ArrayEntry {
  readonly kind: keyof typeof arrays;
  readonly at: number;
  readonly length: number;
}

interface Header {
  readonly count: number;
  readonly fields: Readonly<
    Record<
      string,
      {
        readonly type: FieldType;
        readonly shape: readonly number[];
        readonly array: ArrayEntry;
        readonly classes: readonly string[] | null;
        /** What leads back from `prepare`: see `FieldData`. */
        readonly undo: readonly UndoneStep[];
        readonly digest: string;
      }
    >
  >;
  readonly rows: Readonly<Record<"train" | "valid" | "test", ArrayEntry>>;
  readonly notes: readonly string[];
  readonly bytes: number;
  readonly sha256: string;
}

/** sha256 of a JSON value in canonical form (RFC 8785). */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(canonicalize(value) as string)
    .digest("hex");
}

/**
 * The sha256 of the names and contents of files. It is remembered under their paths, sizes and times of change, so files that
 * nobody touched are not read again.
 */
export function contentDigest(files: readonly SourceFile[], cache: string): string {
  const stamp = digestOf(
    files.map(({ name, path }) => {
      const { size, mtimeMs, ino } = statSync(path);
      return [name, path, size, mtimeMs, ino];
    }),
  );
  const memory = join(cache, "sources", stamp);
  try {
    const known = readFileSync(memory, "utf8").trim();
    if (/^[0-9a-f]{64}$/.test(known)) return known;
  } catch {
    // Not seen before.
  }
  const hash = createHash("sha256");
  for (const { name, path } of files)
    hash.update(`${name}\0${createHash("sha256").update(readFileSync(path)).digest("hex")}\n`);
  const digest = hash.digest("hex");
  mkdirSync(join(cache, "sources"), { recursive: true });
  const temporary = `${memory}.${randomBytes(6).toString("hex")}`;
  writeFileSync(temporary, `${digest}\n`);
  renameSync(temporary, memory);
  return digest;
}

export function entryPath(cache: string, key: string): string {
  return join(cache, `${key}.data`);
}

const align = (at: number): number => Math.ceil(at / alignment) * alignment;

export async function writeEntry(path: string, prepared: Prepared): Promise<void> {
  const blocks: { at: number; bytes: Uint8Array }[] = [];
  let end = 0;
  const place = (data: TypedArray): ArrayEntry => {
    const at = align(end);
    blocks.push({ at, bytes: bytesOf(data) });
    end = at + data.byteLength;
    return { kind: data.constructor.name as ArrayEntry["kind"], at, length: data.length };
  };
  const fields: Record<string, Header["fields"][string]> = {};
  for (const [name, { type, shape, data, classes, undo, digest }] of Object.entries(prepared.fields))
    fields[name] = { type, shape, array: place(data), classes, undo, digest };
  const rows = {
    train: place(prepared.rows.train),
    valid: place(prepared.rows.valid),
    test: place(prepared.rows.test),
  };
  const hash = createHash("sha256");
  let hashed = 0;
  for (const { at, bytes } of blocks) {
    hash.update(new Uint8Array(at - hashed)).update(bytes);
    hashed = at + bytes.length;
  }
  const header: Header = {
    count: prepared.count,
    fields,
    rows,
    notes: prepared.notes,
    bytes: end,
    sha256: hash.digest("hex"),
  };
  const text = Buffer.from(JSON.stringify(header));
  const lead = Buffer.alloc(align(magic.length + 4 + text.length));
  lead.write(magic, 0, "latin1");
  lead.writeUInt32LE(text.length, magic.length);
  text.copy(lead, magic.length + 4);

  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writev([lead], 0);
      for (const { at, bytes } of blocks) await writeAll(file, bytes, lead.length + at);
      // A hole at the end would shorten the file.
      await file.truncate(lead.length + end);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    const full = (cause as NodeJS.ErrnoException).code === "ENOSPC";
    throw new Problem(
      full
        ? `The disk is full: the prepared data need ${Math.ceil(end / 2 ** 20)} MiB in ${path}`
        : `The prepared data cannot be written to ${path}: ${(cause as Error).message}`,
      full ? "make room there, then run the same command again" : "check that the folder may be written",
      { cause },
    );
  }
}

async function writeAll(
  file: Awaited<ReturnType<typeof open>>,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(
      bytes,
      done,
      Math.min(bytes.length - done, 1 << 28),
      position + done,
    );
    done += bytesWritten;
  }
}

/** The entry; `undefined` where there is none, `"damaged"` where its bytes are not those that were written. */
export async function readEntry(path: string): Promise<Prepared | undefined | "damaged"> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return "damaged";
  }
  const header = readHeader(file);
  if (!header) return "damaged";
  const start = align(magic.length + 4 + file.readUInt32LE(magic.length));
  const body = file.subarray(start);
  if (body.length !== header.bytes || createHash("sha256").update(body).digest("hex") !== header.sha256)
    return "damaged";
  const view = ({ kind, at, length }: ArrayEntry): TypedArray =>
    new arrays[kind](body.buffer as ArrayBuffer, body.byteOffset + at, length);
  const fields: Record<string, Prepared["fields"][string]> = {};
  for (const [name, { array, ...rest }] of Object.entries(header.fields))
    fields[name] = { ...rest, data: view(array) };
  return {
    count: header.count,
    fields,
    rows: {
      train: view(header.rows.train) as Int32Array,
      valid: view(header.rows.valid) as Int32Array,
      test: view(header.rows.test) as Int32Array,
    },
    notes: header.notes,
  };
}

function readHeader(file: Buffer): Header | undefined {
  if (file.length < magic.length + 4 || file.toString("latin1", 0, magic.length) !== magic) return undefined;
  const length = file.readUInt32LE(magic.length);
  try {
    return JSON.parse(file.toString("utf8", magic.length + 4, magic.length + 4 + length)) as Header;
  } catch {
    return undefined;
  }
}

/** Takes a damaged entry away. */
export function dropEntry(path: string): void {
  rmSync(path, { force: true });
}

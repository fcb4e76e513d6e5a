/**
 * Prepared datasets on disk, known by their content. One file a dataset: a line of magic, the length of the header, the header in
 * JSON, then each array at a multiple of 64 bytes. The header holds the sha256 of the arrays, so damage is found when reading.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { Problem } from "../diagnostics/problem.ts";
import type { TypedArray } from "../types/tensor.ts";
import type { FieldData } from "./dataset.ts";
import { bytesOf } from "./decode.ts";
import { DataError } from "./error.ts";
import type { SourceFile } from "./source.ts";
import type { Rows } from "./split.ts";

const magic = "dlc data 1\n";
const alignment = 64;
/** Bytes of one read or write: the system takes less than 2 GiB. */
const mostAtOnce = 1 << 28;

const arrays = { Float32Array, Float64Array, Int32Array, BigInt64Array, BigUint64Array, Uint8Array } as const;

/** What is kept of a dataset; names and roles come from the plan. */
export interface Prepared {
  readonly count: number;
  readonly fields: Readonly<Record<string, Omit<FieldData, "name" | "role">>>;
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
    Record<string, Omit<FieldData, "name" | "role" | "data"> & { readonly array: ArrayEntry }>
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
      const { size, mtimeMs, ino } = readable(path, (each) => statSync(each));
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
    hash.update(
      `${name}\0${createHash("sha256")
        .update(readable(path, (each) => readFileSync(each)))
        .digest("hex")}\n`,
    );
  const digest = hash.digest("hex");
  mkdirSync(join(cache, "sources"), { recursive: true });
  const temporary = `${memory}.${randomBytes(6).toString("hex")}`;
  writeFileSync(temporary, `${digest}\n`);
  renameSync(temporary, memory);
  return digest;
}

/** What is read of a source's file, here before anywhere else. */
function readable<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ERR_FS_FILE_TOO_LARGE")
      throw new DataError(
        `This file is larger than 2 GiB, which is not read yet: ${path}`,
        "divide it into several: a path may have `*` in it",
        { cause },
      );
    throw new DataError(
      `This file cannot be read: ${path} (${code ?? cause})`,
      "check that it is there and may be read, then run the same command again",
      { cause },
    );
  }
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

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(
      bytes,
      done,
      Math.min(bytes.length - done, mostAtOnce),
      position + done,
    );
    done += bytesWritten;
  }
}

/** The entry; `undefined` where there is none, `"damaged"` where its bytes are not those that were written. */
export async function readEntry(path: string): Promise<Prepared | undefined | "damaged"> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "damaged";
  }
  try {
    return (await readWhole(file)) ?? "damaged";
  } catch {
    return "damaged";
  } finally {
    await file.close();
  }
}

/** Undefined, or an error, for bytes that are not those that were written. Every array is read on its own: together they may exceed what one buffer holds. */
async function readWhole(file: FileHandle): Promise<Prepared | undefined> {
  const lead = new Uint8Array(magic.length + 4);
  await readInto(file, lead, 0);
  const start = Buffer.from(lead.buffer);
  if (start.toString("latin1", 0, magic.length) !== magic) return undefined;
  const text = new Uint8Array(start.readUInt32LE(magic.length));
  await readInto(file, text, lead.length);
  const header = JSON.parse(Buffer.from(text.buffer).toString("utf8")) as Header;
  const first = align(lead.length + text.length);
  if ((await file.stat()).size !== first + header.bytes) return undefined;

  const hash = createHash("sha256");
  let end = 0;
  const next = async ({ kind, at, length }: ArrayEntry): Promise<TypedArray> => {
    const data = new arrays[kind](length);
    const gap = new Uint8Array(at - end);
    await readInto(file, gap, first + end);
    await readInto(file, bytesOf(data), first + at);
    hash.update(gap).update(bytesOf(data));
    end = at + data.byteLength;
    return data;
  };
  const fields: Record<string, Prepared["fields"][string]> = {};
  for (const [name, { array, ...rest }] of Object.entries(header.fields))
    fields[name] = { ...rest, data: await next(array) };
  const rows = {
    train: (await next(header.rows.train)) as Int32Array,
    valid: (await next(header.rows.valid)) as Int32Array,
    test: (await next(header.rows.test)) as Int32Array,
  };
  if (hash.digest("hex") !== header.sha256) return undefined;
  return { count: header.count, fields, rows, notes: header.notes };
}

/** Fills `bytes` from a place of the file; throws where it ends before. */
async function readInto(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(
      bytes,
      done,
      Math.min(bytes.length - done, mostAtOnce),
      position + done,
    );
    if (bytesRead === 0) throw new Error("the file ends too early");
    done += bytesRead;
  }
}

/** Takes a damaged entry away. */
export function dropEntry(path: string): void {
  rmSync(path, { force: true });
}

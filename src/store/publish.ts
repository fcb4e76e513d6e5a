/** The one way in which a file that others rely on comes to be: complete, synced, and linked to its name. */
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import { layout } from "./layout.ts";
import type { Writer } from "./writer.ts";

/** `ours`: the target holds these bytes. `theirs`: it holds others, which stay. */
export type Published = "ours" | "theirs";

/**
 * Writes `body` beside, syncs, links it to `target`, then reads the target and compares, whatever link() said: over a network
 * its answer may get lost. Never overwrites. Leases leave `sync` out.
 */
export function publish(
  writer: Writer,
  body: Uint8Array | string,
  target: string,
  { sync = true }: { sync?: boolean } = {},
): Published {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const made = writeTemporary(writer, bytes, sync);
  mkdirSync(dirname(target), { recursive: true });
  let refused: NodeJS.ErrnoException | undefined;
  try {
    linkSync(made, target);
  } catch (error) {
    refused = error as NodeJS.ErrnoException;
  }
  try {
    const there = readIfThere(target);
    if (!there) {
      if (refused) throw refused;
      throw new Problem(`${target} was linked and is not there`, "Look at the disk, then run again.");
    }
    const ours = Buffer.compare(there, bytes) === 0;
    if (ours && sync) syncFolder(dirname(target));
    return ours ? "ours" : "theirs";
  } finally {
    unlinkSync(made);
  }
}

/** A complete, synced file in the writer's own folder; the caller links or renames it. */
export function writeTemporary(writer: Writer, bytes: Uint8Array, sync: boolean): string {
  const path = join(layout.tmp(writer.runs, writer.id), String(++writer.files));
  const file = openSync(path, "wx", 0o444);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
    if (sync) fdatasyncSync(file);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
  return path;
}

/** Links a published file to a second name. A file of that name with other bytes is damage and stays. */
export function adopt(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  try {
    linkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (Buffer.compare(readFileSync(source), readFileSync(target)) !== 0)
      throw new Problem(
        `${target} differs from ${source}, of which it should be a copy`,
        "One of them was changed after it was written: move the changed one away, then run again.",
      );
  }
  syncFolder(dirname(target));
}

export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Some network file systems cannot sync a folder; they order names themselves.
    if (!["EINVAL", "ENOTSUP", "EBADF"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    closeSync(descriptor);
  }
}

export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** One attempt at a trial: a folder that only its worker writes. Checkpoints, metrics and logs lie here. */
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Checkpoint, EpochRecord } from "../train/outcome.ts";
import { readCheckpoint, writeCheckpoint } from "../train/serialize.ts";
import { jsonBytes, sha256 } from "./canonical.ts";
import type { AttemptEnd } from "./generated/attempt-end.ts";
import { type Journal, openJournal } from "./journal.ts";
import { leasesOf, listFolder } from "./leases.ts";
import { publish, readIfThere } from "./publish.ts";
import { parseRecord } from "./schemas.ts";
import type { Writer } from "./writer.ts";

export interface Attempt {
  readonly writer: Writer;
  /** Relative to the runs folder. */
  readonly path: string;
  readonly folder: string;
  readonly trialKey: string;
  /** What its lease is named by. */
  readonly slotKey: string;
  readonly ordinal: number;
  readonly fence: number;
  readonly metrics: Journal;
}

export interface Found {
  readonly checkpoint: Checkpoint;
  readonly from: { readonly attempt: string; readonly step: number };
}

/** Makes the folder; `run` is the run's id. The record of its start follows when it is known from where it goes on. */
export function openAttempt(
  writer: Writer,
  run: string,
  path: string,
  of: Pick<Attempt, "trialKey" | "slotKey" | "ordinal" | "fence">,
): Attempt {
  const folder = join(writer.runs, path);
  mkdirSync(join(folder, "checkpoints"), { recursive: true });
  const metrics = openJournal(join(folder, "metrics.ndjson"), `${run}/${basename(path)}`);
  return { writer, path, folder, metrics, ...of };
}

export function startAttempt(attempt: Attempt, execKey: string, from: Found["from"] | null): void {
  const { writer, trialKey, ordinal, fence } = attempt;
  const at = new Date().toISOString();
  publish(
    writer,
    jsonBytes({
      format: "dlc.attempt/1",
      trial: trialKey,
      exec: execKey,
      ordinal,
      fence,
      w: writer.id,
      at,
      from,
    }),
    join(attempt.folder, "attempt.json"),
    { sync: false },
  );
}

/** One epoch as columns. */
export function appendEpoch(attempt: Attempt, { epoch, step, lr, metrics }: EpochRecord): void {
  const columns = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, [value]]));
  attempt.metrics.append("metrics", { epoch: [epoch], step: [step], lr: [lr], columns });
}

export type End = Pick<AttemptEnd, "state" | "step" | "seconds"> & { message?: string | null };

export function endAttempt(attempt: Attempt, end: End): void {
  const record: AttemptEnd = {
    format: "dlc.attempt-end/1",
    at: new Date().toISOString(),
    peakBytes: process.resourceUsage().maxRSS * 1024,
    message: null,
    ...end,
  };
  attempt.metrics.close();
  publish(attempt.writer, jsonBytes(record), join(attempt.folder, "end.json"), { sync: false });
}

export function readAttemptEnd(folder: string): AttemptEnd | undefined {
  const path = join(folder, "end.json");
  const bytes = readIfThere(path);
  return bytes && parseRecord("attempt-end", bytes, path);
}

/** `<step>.<sha256>.safetensors`: a checkpoint is one file that says itself whether it is whole. */
const checkpointName = /^(\d+)\.([0-9a-f]{64})\.safetensors$/;

/** Publishes a checkpoint. Older ones go once it stands; the one before it stays. */
export function saveCheckpoint(attempt: Attempt, checkpoint: Checkpoint): void {
  const bytes = writeCheckpoint(checkpoint);
  const place = join(attempt.folder, "checkpoints");
  publish(attempt.writer, bytes, join(place, `${checkpoint.step}.${sha256(bytes)}.safetensors`));
  for (const { name } of checkpointsIn(place).slice(2)) rmSync(join(place, name));
}

/** After a commit: nobody goes on from them. */
export function dropCheckpoints({ folder }: Attempt): void {
  rmSync(join(folder, "checkpoints"), { recursive: true, force: true });
}

/** Newest first. */
function checkpointsIn(place: string): { name: string; step: number; digest: string }[] {
  return listFolder(place)
    .flatMap((name) => {
      const [, step, digest] = checkpointName.exec(name) ?? [];
      return step && digest ? [{ name, step: Number(step), digest }] : [];
    })
    .sort((a, b) => b.step - a.step);
}

/**
 * The newest checkpoint of any earlier attempt of this execution key that verifies and has this version's form. Its file is linked
 * into the attempt's own folder first and read there, so that its owner may drop it. `onDamage` is told of files that do not verify.
 */
export function findCheckpoint(
  attempt: Attempt,
  execKey: string,
  onDamage: (path: string) => void,
): Found | null {
  const { writer, slotKey, fence } = attempt;
  const candidates = leasesOf(writer.runs, slotKey)
    .filter((lease) => lease.fence < fence && executionOf(writer.runs, lease.attempt) === execKey)
    .flatMap((lease) => {
      const place = join(writer.runs, lease.attempt, "checkpoints");
      return checkpointsIn(place).map((found) => ({ ...found, from: lease.attempt, place }));
    })
    .sort((a, b) => b.step - a.step);
  for (const { name, step, digest, from, place } of candidates) {
    const own = join(attempt.folder, "checkpoints", name);
    try {
      if (!existsSync(own)) linkSync(join(place, name), own);
    } catch {
      continue; // Dropped by its owner meanwhile.
    }
    const bytes = readFileSync(own);
    if (sha256(bytes) === digest) {
      const checkpoint = readCheckpoint(bytes);
      if (checkpoint) return { checkpoint, from: { attempt: from, step } };
      continue;
    }
    rmSync(own);
    onDamage(join(place, name));
  }
  return null;
}

/** The execution key of an attempt that started. */
function executionOf(runs: string, attempt: string): string | undefined {
  const path = join(runs, attempt, "attempt.json");
  const bytes = readIfThere(path);
  return bytes && parseRecord("attempt", bytes, path).exec;
}

/** True where an earlier attempt left a checkpoint, of whatever execution key. */
export function hasCheckpoint(runs: string, slotKey: string): boolean {
  return leasesOf(runs, slotKey).some(
    ({ attempt }) => checkpointsIn(join(runs, attempt, "checkpoints")).length > 0,
  );
}

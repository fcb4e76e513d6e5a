/** How trials and runs stand: derived from slots, leases and attempts, never a field that a crash leaves lying. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { readAttemptEnd } from "./attempts.ts";
import type { RunRecord } from "./generated/run.ts";
import { slotKey } from "./keys.ts";
import { layout } from "./layout.ts";
import { leasesOf, listFolder } from "./leases.ts";
import type { TrialState } from "./run-data.ts";
import { lifeOf, type ProcessIdentity } from "./writer.ts";

export interface TrialStanding {
  /** `done` and `diverged` are told apart by the result. */
  readonly state: Exclude<TrialState, "diverged">;
  readonly error: string | null;
}

/** Attempt folders of a trial in a run, lowest fence first. */
export function attemptFolders(directory: string, ordinal: number, trialKey: string): string[] {
  const place = join(layout.trial(directory, ordinal, trialKey), "attempts");
  const fence = (name: string) => Number(name.split("-")[1]);
  return listFolder(place)
    .sort((a, b) => fence(a) - fence(b))
    .map((name) => join(place, name));
}

/** `ordinal` counts from 1. */
export function standingOf(
  runs: string,
  directory: string,
  record: RunRecord,
  ordinal: number,
): TrialStanding {
  const trialKey = record.trials[ordinal - 1]!;
  if (existsSync(layout.result(directory, ordinal, trialKey))) return { state: "done", error: null };
  const last = leasesOf(runs, slotKey(trialKey, record)).at(-1);
  if (last && !last.ended && seemsAlive(runs, last)) return { state: "running", error: null };
  const newest = attemptFolders(directory, ordinal, trialKey).at(-1);
  const end = newest ? readAttemptEnd(newest) : undefined;
  if (end?.state === "failed") return { state: "failed", error: end.message ?? "it failed" };
  return { state: "planned", error: null };
}

/** For display only. Of another machine's process: whether its heartbeat was written within two minutes. */
function seemsAlive(runs: string, holder: ProcessIdentity & { readonly w: string }): boolean {
  const heartbeat = statSync(layout.alive(runs, holder.w), { throwIfNoEntry: false });
  if (!heartbeat) return false;
  const life = lifeOf(holder);
  return life === "unknown" ? Date.now() - heartbeat.mtimeMs < 120_000 : life === "alive";
}

/** True where a process that opened a journal in this run still lives. */
export function isWorkedOn(runs: string, directory: string): boolean {
  return listFolder(join(directory, "journal")).some((name) => {
    const holder = firstLine(join(directory, "journal", name));
    return holder !== undefined && seemsAlive(runs, holder);
  });
}

function firstLine(path: string): (ProcessIdentity & { w: string }) | undefined {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(4096);
    const text = bytes.toString("utf8", 0, readSync(file, bytes, 0, 4096, 0));
    const { data } = JSON.parse(text.slice(0, text.indexOf("\n")));
    return typeof data?.w === "string" ? data : undefined;
  } catch {
    return undefined; // Torn at its first line.
  } finally {
    closeSync(file);
  }
}

export type RunState = "running" | "finished" | "interrupted" | "failed";

export interface RunStanding {
  readonly state: RunState;
  readonly trials: { readonly total: number; readonly done: number; readonly failed: number };
}

export function runStanding(runs: string, directory: string, record: RunRecord): RunStanding {
  let done = 0;
  let failed = 0;
  let running = 0;
  record.trials.forEach((_, i) => {
    const { state } = standingOf(runs, directory, record, i + 1);
    if (state === "done") done++;
    else if (state === "failed") failed++;
    else if (state === "running") running++;
  });
  const total = record.trials.length;
  const state =
    done === total
      ? "finished"
      : running > 0 || isWorkedOn(runs, directory)
        ? "running"
        : done + failed === total
          ? "failed"
          : "interrupted";
  return { state, trials: { total, done, failed } };
}

/** Who works on which trial. A lease is a file that is never deleted, rewritten or used again; its fence counts up. */
import { existsSync, readdirSync } from "node:fs";
import { jsonBytes } from "./canonical.ts";
import type { Lease } from "./generated/lease.ts";
import { layout } from "./layout.ts";
import { publish, readIfThere } from "./publish.ts";
import { parseRecord } from "./schemas.ts";
import { lifeOf, type Writer } from "./writer.ts";

export type { Lease };

export interface HeldLease extends Lease {
  readonly fence: number;
  readonly ended: boolean;
}

/** All leases ever taken on a key, lowest fence first. */
export function leasesOf(runs: string, slotKey: string): HeldLease[] {
  const prefix = `${slotKey}.lease.`;
  const listed = listFolder(layout.keyFolder(runs, slotKey))
    .filter((name) => name.startsWith(prefix) && !name.endsWith(".end"))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
  const leases: HeldLease[] = [];
  const add = (fence: number): boolean => {
    const path = layout.lease(runs, slotKey, fence);
    const bytes = readIfThere(path);
    if (!bytes) return false;
    const ended = existsSync(layout.leaseEnd(runs, slotKey, fence));
    leases.push({ ...parseRecord("lease", bytes, path), fence, ended });
    return true;
  };
  for (const fence of listed) add(fence);
  // A listing over a network may be old; names asked for are not.
  for (let fence = (listed.at(-1) ?? 0) + 1; add(fence); fence++);
  return leases;
}

/** What one observer has seen of other writers' heartbeats, on its own monotonic clock. */
export type Observations = Map<string, { readonly bytes: string; readonly since: number }>;

const staleAfter = 60_000;

/** True where the holder is surely dead, or its heartbeat has not changed for 60 s of the observer's clock. */
export function isStale(
  runs: string,
  lease: Lease,
  seen: Observations,
  now: number = performance.now(),
): boolean {
  if (lifeOf(lease) === "dead") return true;
  const bytes = readIfThere(layout.alive(runs, lease.w))?.toString("latin1") ?? "";
  const before = seen.get(lease.w);
  if (!before || before.bytes !== bytes) {
    seen.set(lease.w, { bytes, since: now });
    return false;
  }
  return now - before.since >= staleAfter;
}

/** Who works on a key now; nobody where its last lease has ended or its holder is `abandoned`: dead or stale. */
export function holderOf(
  runs: string,
  slotKey: string,
  abandoned: (holder: Lease) => boolean,
): HeldLease | undefined {
  const last = leasesOf(runs, slotKey).at(-1);
  return last && !last.ended && !abandoned(last) ? last : undefined;
}

export type Taken =
  | { readonly state: "taken"; readonly fence: number; readonly attempt: string }
  /** Somebody else works on it. */
  | { readonly state: "held"; readonly by: HeldLease }
  /** It got its result meanwhile. */
  | { readonly state: "committed" };

/**
 * Takes the key, unless another has it. `attemptFolder` gives the attempt's folder, relative to the runs folder; `committed`
 * says whether a slot serves the key, and is asked before and again after the lease stands; `abandoned` says whether the holder is dead or stale.
 */
export function takeLease(
  writer: Writer,
  slotKey: string,
  run: string,
  attemptFolder: (fence: number) => string,
  committed: () => boolean,
  abandoned: (holder: Lease) => boolean,
): Taken {
  for (;;) {
    if (committed()) return { state: "committed" };
    const leases = leasesOf(writer.runs, slotKey);
    const last = leases.at(-1);
    if (last && !last.ended && !abandoned(last)) return { state: "held", by: last };
    const fence = (last?.fence ?? 0) + 1;
    const attempt = attemptFolder(fence);
    const lease: Lease = { ...writer.process, w: writer.id, run, attempt };
    const target = layout.lease(writer.runs, slotKey, fence);
    if (publish(writer, jsonBytes(lease), target, { sync: false }) === "theirs") continue;
    if (committed()) {
      endLease(writer, slotKey, fence);
      return { state: "committed" };
    }
    return { state: "taken", fence, attempt };
  }
}

export function endLease(writer: Writer, slotKey: string, fence: number): void {
  publish(writer, jsonBytes({ w: writer.id }), layout.leaseEnd(writer.runs, slotKey, fence), {
    sync: false,
  });
}

/** False once the lease is gone or another one stands after it: the holder must stop without committing. */
export function stillHolds(writer: Writer, slotKey: string, fence: number): boolean {
  const own = readIfThere(layout.lease(writer.runs, slotKey, fence));
  if (!own) return false;
  const next = readIfThere(layout.lease(writer.runs, slotKey, fence + 1));
  return next === undefined;
}

/** Names in a folder; none where it is not there. */
export function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

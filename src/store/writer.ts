/** A writer is one process at work in a runs folder. Every file it makes while making is its own. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { layout } from "./layout.ts";

/** What tells on one machine whether a process still lives. Null where the system does not say. */
export interface ProcessIdentity {
  readonly boot: string | null;
  readonly pidns: string | null;
  readonly pid: number;
  /** Clock ticks after boot at which it started. */
  readonly start: string | null;
}

export interface Writer {
  readonly runs: string;
  /** 16 random hex digits, new at every process start. */
  readonly id: string;
  readonly process: ProcessIdentity;
  /** Counter of files in `tmp/<id>/`. */
  files: number;
  /** Descriptor of `alive/<id>`; undefined once closed. */
  alive: number | undefined;
  beats: number;
}

/** What a writer works on, as its heartbeat tells it. */
export interface Work {
  readonly key: string;
  readonly fence: number;
  readonly step: number;
}

const reserveBytes = 1 << 20;

export function openWriter(runs: string): Writer {
  const id = randomBytes(8).toString("hex");
  mkdirSync(layout.tmp(runs, id), { recursive: true });
  mkdirSync(join(runs, "alive"), { recursive: true });
  const writer: Writer = {
    runs,
    id,
    process: ownIdentity(),
    files: 0,
    alive: openSync(layout.alive(runs, id), "wx", 0o644),
    beats: 0,
  };
  // Given back when the disk is full, so that what must still be written has room.
  writeFileSync(join(layout.tmp(runs, id), "reserve"), Buffer.alloc(reserveBytes, 1));
  beat(writer, null);
  return writer;
}

/** Rewrites the heartbeat: 128 bytes, always other ones than before. Throws where that fails. */
export function beat(writer: Writer, work: Work | null): void {
  if (writer.alive === undefined) return;
  writer.beats++;
  const told = work ? ` ${work.key.slice(0, 32)} ${work.fence} ${work.step}` : "";
  const bytes = Buffer.alloc(128, " ");
  bytes.write(`${writer.beats}${told}`);
  bytes[127] = 10;
  if (writeSync(writer.alive, bytes, 0, 128, 0) !== 128) throw new Error("a heartbeat could not be written");
}

export function freeReserve(writer: Writer): void {
  rmSync(join(layout.tmp(writer.runs, writer.id), "reserve"), { force: true });
}

/** Takes the writer's heartbeat and its folder for files in the making away. Its leases must have ended. */
export function closeWriter(writer: Writer): void {
  if (writer.alive === undefined) return;
  closeSync(writer.alive);
  writer.alive = undefined;
  rmSync(layout.alive(writer.runs, writer.id), { force: true });
  rmSync(layout.tmp(writer.runs, writer.id), { recursive: true, force: true });
}

function ownIdentity(): ProcessIdentity {
  return {
    boot: readOr("/proc/sys/kernel/random/boot_id"),
    pidns: pidNamespace(),
    pid: process.pid,
    start: statOf(process.pid)?.start ?? null,
  };
}

function readOr(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

function pidNamespace(): string | null {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}

/** From proc(5): the state letter and field 22, the start time. The name in parentheses may hold anything. */
function statOf(pid: number): { state: string; start: string } | null {
  const stat = readOr(`/proc/${pid}/stat`);
  if (!stat) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0]!, start: fields[19]! };
}

/** `alive` and `dead` are certain; `unknown` is another machine, another container, or a system without /proc. */
export function lifeOf(other: ProcessIdentity): "alive" | "dead" | "unknown" {
  const own = ownIdentity();
  if (other.boot === null || own.boot !== other.boot || own.pidns !== other.pidns) return "unknown";
  const stat = statOf(other.pid);
  if (!stat || stat.start !== other.start || stat.state === "Z" || stat.state === "X") return "dead";
  return "alive";
}

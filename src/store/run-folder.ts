/** The folder of a run: made complete, then linked to its plan; whoever comes second joins. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import { jsonBytes, sha256 } from "./canonical.ts";
import type { DataLock } from "./generated/data-lock.ts";
import type { EnvironmentRecord } from "./generated/env.ts";
import type { PlanRecord } from "./generated/plan.ts";
import type { RunRecord } from "./generated/run.ts";
import { layout } from "./layout.ts";
import { publish, readIfThere, syncFolder } from "./publish.ts";
import { DamagedFile, parseRecord } from "./schemas.ts";
import { runStanding } from "./state.ts";
import type { Writer } from "./writer.ts";

export interface SpecFile {
  /** As the user named it; `std/vision.dl` for the standard library. */
  readonly path: string;
  readonly text: string;
}

export interface NewRun {
  readonly record: Omit<RunRecord, "format" | "id" | "startedAt" | "spec">;
  readonly spec: readonly SpecFile[];
  /** Path of the file that was run. */
  readonly main: string;
  readonly plan: PlanRecord;
  readonly data: DataLock;
  readonly environment: EnvironmentRecord;
}

export interface OpenedRun {
  readonly directory: string;
  readonly record: RunRecord;
  /** False where it was made just now, by this writer. */
  readonly continues: boolean;
}

/** The run that answers a plan and is not closed; `make` is asked only where there is none. */
export function openRun(writer: Writer, planHash: string, make: () => NewRun): OpenedRun {
  let n = 1;
  for (; ; n++) {
    const found = runOfPlan(writer.runs, planHash, n);
    if (!found) break;
    if (!isClosed(writer.runs, found)) return { ...found, continues: true };
  }
  const { directory, record, head } = buildRun(writer, make());
  if (publish(writer, head, layout.plan(writer.runs, planHash, n)) === "ours")
    return { directory, record, continues: false };
  rmSync(directory, { recursive: true, force: true });
  const theirs = runOfPlan(writer.runs, planHash, n);
  if (!theirs) throw new Problem(`${layout.plan(writer.runs, planHash, n)} vanished`, "Run again.");
  return { ...theirs, continues: true };
}

/** Where nothing is reused, a finished run is no answer for whoever asks again. */
function isClosed(runs: string, { directory, record }: Omit<OpenedRun, "continues">): boolean {
  if (existsSync(join(directory, "seal.json"))) return true;
  return record.policy.reuse === "off" && runStanding(runs, directory, record).state === "finished";
}

function runOfPlan(runs: string, planHash: string, n: number): Omit<OpenedRun, "continues"> | undefined {
  const path = layout.plan(runs, planHash, n);
  const bytes = readIfThere(path);
  if (!bytes) return undefined;
  const record = parseRecord("run", bytes, path);
  if (record.id !== basename(record.id)) throw new DamagedFile(path, "names no run of this folder");
  const directory = layout.run(runs, record.id);
  if (!existsSync(join(directory, "run.json")))
    throw new Problem(
      `${directory} is missing; ${path} says that it holds this study's run`,
      `Bring it back, or delete ${path} to begin a new run (finished trials are reused).`,
    );
  return { directory, record };
}

function buildRun(writer: Writer, { record, spec, main, plan, data, environment }: NewRun) {
  const started = new Date();
  const time = started
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.\d+Z$/, "Z");
  const made = join(layout.tmp(writer.runs, writer.id), `run-${++writer.files}`);
  const files = placeSpec(spec, main);
  for (const [file, text] of files) {
    mkdirSync(dirname(join(made, "spec", file)), { recursive: true });
    writeFileSync(join(made, "spec", file), text);
  }
  for (const folder of ["journal", "trials", "analysis"]) mkdirSync(join(made, folder), { recursive: true });
  const study = record.study.replace(/[^\w.-]+/g, "-");
  for (let second = 0; ; second++) {
    const id = `${study}-${time}-${record.plan.slice(0, 6)}${second ? `-${second + 1}` : ""}`;
    const complete: RunRecord = {
      format: "dlc.run/1",
      ...record,
      id,
      startedAt: started.toISOString(),
      spec: files.map(([path, text]) => ({ path, digest: sha256(text) })),
    };
    const head = jsonBytes(complete);
    const write = (name: string, bytes: Uint8Array) =>
      writeFileSync(join(made, name), bytes, { flush: true });
    write("plan.json", jsonBytes(plan));
    write("data.lock.json", jsonBytes(data));
    write("env.json", jsonBytes(environment));
    write("run.json", head);
    syncFolder(made);
    const directory = layout.run(writer.runs, id);
    try {
      renameSync(made, directory);
    } catch (error) {
      // Another process began the same plan within the same second.
      if (["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) continue;
      throw error;
    }
    syncFolder(writer.runs);
    return { directory, record: complete, head };
  }
}

/** Names within `spec/`: relative to the main file's folder; the standard library under `std/`. */
function placeSpec(spec: readonly SpecFile[], main: string): [string, string][] {
  const taken = new Set<string>();
  const root = dirname(main);
  return spec.map(({ path, text }) => {
    const inside = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
    const safe = inside.startsWith("/") || inside.split("/").includes("..") ? basename(inside) : inside;
    let name = safe;
    for (let k = 2; taken.has(name); k++) name = `${k}-${safe.replaceAll("/", "-")}`;
    taken.add(name);
    return [name, text];
  });
}

function readRecord<K extends "run" | "plan" | "data-lock" | "env">(
  kind: K,
  directory: string,
  name: string,
) {
  const path = join(directory, name);
  const bytes = readIfThere(path);
  if (!bytes) throw new DamagedFile(path, "is missing", "Copy it from a backup.");
  return parseRecord(kind, bytes, path);
}

export function readRunRecord(directory: string): RunRecord {
  return readRecord("run", directory, "run.json");
}

/** The run's own record and what it was made from; validated. */
export function readRunFiles(directory: string) {
  const record = readRunRecord(directory);
  const spec = record.spec.map(({ path, digest }) => {
    const at = join(directory, "spec", path);
    const bytes = readIfThere(at);
    if (!bytes) throw new DamagedFile(at, "is missing", "Copy it from a backup.");
    if (sha256(bytes) !== digest) throw new DamagedFile(at, "was changed after the run began");
    return { path, text: bytes.toString("utf8") };
  });
  return {
    record,
    spec,
    plan: readRecord("plan", directory, "plan.json"),
    data: readRecord("data-lock", directory, "data.lock.json"),
    environment: readRecord("env", directory, "env.json"),
  };
}

/** Names of the folders in a runs folder that hold a run. */
export function runNames(runs: string): string[] {
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .filter((name) => existsSync(join(runs, name, "run.json")))
    .sort();
}

/** On what a run is started. */
import { execFileSync } from "node:child_process";
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import manifest from "../../package.json" with { type: "json" };
import type { EngineInfo } from "../engine/engine.ts";
import type { EnvironmentRecord } from "../store/generated/env.ts";

export const dlcVersion: string = manifest.version;

export const cores: number = availableParallelism();

/** Of each trial; one where there are as many trials as cores: the fastest, and deterministic. */
export function threadsFor(trials: number): number {
  return Math.max(1, Math.floor(cores / trials));
}

/** Trials at the same time. */
export function workersFor(threads: number): number {
  return Math.max(1, Math.floor(cores / threads));
}

/** `folder` is where the `.dl` file lies: its git commit is recorded. */
export function describeEnvironment(engine: EngineInfo, threads: number, folder: string): EnvironmentRecord {
  return {
    format: "dlc.env/1",
    dlc: dlcVersion,
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores,
    memoryBytes: totalmem(),
    engine: {
      name: engine.name,
      version: engine.version,
      digest: engine.digest,
      devices: [...engine.devices],
    },
    threads,
    git: gitOf(folder),
  };
}

function gitOf(folder: string): EnvironmentRecord["git"] {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, ...args], {
      encoding: "utf8",
      timeout: 3000,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    return { commit: git("rev-parse", "HEAD"), dirty: git("status", "--porcelain", "-uno") !== "" };
  } catch {
    return null; // No git, or no repository.
  }
}

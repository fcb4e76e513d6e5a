/** What a trial's bits depend on besides its own content. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import type { EngineInfo } from "../engine/engine.ts";
import type { ExecutedOn } from "../store/results.ts";

export function executedOn(engine: EngineInfo, threads: number): ExecutedOn {
  return {
    engine: engine.name,
    version: engine.version,
    library: engine.digest,
    threads,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
  };
}

/**
 * Digest of the bundled code that trains, a stand-in for the engine's input: the same code makes the same graph of the same
 * trial. Chunks are named by their content, and the worker's file names them.
 */
export function codeDigest(workerFile: string): string {
  const hash = createHash("sha256").update(readFileSync(workerFile));
  const chunks = readdirSync(dirname(workerFile)).filter((name) => /^chunk-.*\.js$/.test(name));
  for (const name of chunks.sort())
    hash.update(`\n${name}\n`).update(readFileSync(join(dirname(workerFile), name)));
  return hash.digest("hex");
}

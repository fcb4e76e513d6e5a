/** What a trial's bits depend on besides its own content. */
import { cpus } from "node:os";
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

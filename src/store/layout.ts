/** Where everything lies in a runs folder. Paths are relative to it wherever they are written down. */
import { join } from "node:path";

/** Name of a trial's folder in a run: `0007-1c4e9a02`. */
function trialName(ordinal: number, trialKey: string): string {
  return `${String(ordinal).padStart(4, "0")}-${trialKey.slice(0, 8)}`;
}

export const layout = {
  object: (runs: string, digest: string) =>
    join(runs, "objects", "sha256", digest.slice(0, 2), digest.slice(2)),
  keyFolder: (runs: string, slotKey: string) => join(runs, "trials", slotKey.slice(0, 2)),
  slot: (runs: string, slotKey: string, execKey: string) =>
    join(runs, "trials", slotKey.slice(0, 2), `${slotKey}.${execKey.slice(0, 16)}.json`),
  lease: (runs: string, slotKey: string, fence: number) =>
    join(runs, "trials", slotKey.slice(0, 2), `${slotKey}.lease.${fence}`),
  leaseEnd: (runs: string, slotKey: string, fence: number) =>
    join(runs, "trials", slotKey.slice(0, 2), `${slotKey}.lease.${fence}.end`),
  evaluation: (runs: string, evaluationKey: string) =>
    join(runs, "evaluations", evaluationKey.slice(0, 2), `${evaluationKey}.json`),
  plan: (runs: string, planHash: string, n: number) => join(runs, "plans", `${planHash}.${n}`),
  alive: (runs: string, writer: string) => join(runs, "alive", writer),
  tmp: (runs: string, writer: string) => join(runs, "tmp", writer),
  run: (runs: string, id: string) => join(runs, id),
  journal: (runDirectory: string, writer: string) => join(runDirectory, "journal", `${writer}.ndjson`),
  trial: (runDirectory: string, ordinal: number, trialKey: string) =>
    join(runDirectory, "trials", trialName(ordinal, trialKey)),
  result: (runDirectory: string, ordinal: number, trialKey: string) =>
    join(runDirectory, "trials", trialName(ordinal, trialKey), "result.json"),
  /** A link of the evaluation of a split, beside the result. */
  evaluated: (runDirectory: string, ordinal: number, trialKey: string, split: string) =>
    join(runDirectory, "trials", trialName(ordinal, trialKey), `${split}.json`),
  /** Relative to the runs folder. */
  attempt: (run: string, ordinal: number, trialKey: string, fence: number, writer: string) =>
    join(
      run,
      "trials",
      trialName(ordinal, trialKey),
      "attempts",
      `${trialKey.slice(0, 8)}-${fence}-${writer}`,
    ),
} as const;

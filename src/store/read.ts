/** Reads a run back. */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import { readAttemptEnd } from "./attempts.ts";
import { readDataset } from "./datasets.ts";
import { predictionsOf, readEvaluation } from "./evaluations.ts";
import type { RunRecord } from "./generated/run.ts";
import { slotKey } from "./keys.ts";
import { layout } from "./layout.ts";
import { leasesOf } from "./leases.ts";
import { planFrom } from "./plan-file.ts";
import { epochsFrom, readResult } from "./results.ts";
import type { RunData, TrialRecord } from "./run-data.ts";
import { readRunFiles } from "./run-folder.ts";
import { OtherForm } from "./schemas.ts";
import { attemptFolders, standingOf } from "./state.ts";

/**
 * Everything validated; throws a `Problem` that names the first file that is missing or damaged, or says that the run is of a
 * version of dlc whose files are not read any more. Predictions are read when asked for.
 */
export function readRun(directory: string): RunData {
  if (!existsSync(join(directory, "run.json")))
    throw new Problem(`${directory} is not the folder of a run`, "`dlc ls` lists the runs.");
  try {
    return readWhole(directory);
  } catch (error) {
    if (!(error instanceof OtherForm)) throw error;
    const report = join(directory, "analysis", "report.html");
    throw new Problem(
      `${directory} was made by another version of dlc, and this one cannot read it (${error.message})`,
      existsSync(report)
        ? `The report that was written then is ${report}. To ask anew, run its spec, which is in ${join(directory, "spec")}.`
        : `Read it with the dlc that wrote it, or run its spec again, which is in ${join(directory, "spec")}.`,
    );
  }
}

function readWhole(directory: string): RunData {
  const runs = dirname(resolve(directory));
  const { record, spec, plan, data, environment } = readRunFiles(directory);
  return {
    id: record.id,
    directory: relative("", directory) || directory,
    study: record.study,
    startedAt: record.startedAt,
    plan: planFrom(plan),
    spec: mainFirst(spec, `${record.study}.dl`),
    set: record.set,
    environment: {
      dlc: environment.dlc,
      node: environment.node,
      platform: environment.platform,
      cpu: environment.cpu,
      cores: environment.cores,
      engine: environment.engine,
      threads: record.threads,
      git: environment.git,
    },
    trials: record.trials.map((_, i) => readTrial(runs, directory, record, i + 1)),
    datasets: Object.fromEntries(
      Object.entries(data.datasets).map(([name, locked]) => [
        name,
        readDataset(runs, name, locked, join(directory, "data.lock.json")),
      ]),
    ),
  };
}

function mainFirst<F extends { readonly path: string }>(files: readonly F[], main: string): readonly F[] {
  return [...files.filter(({ path }) => path === main), ...files.filter(({ path }) => path !== main)];
}

function readTrial(runs: string, directory: string, record: RunRecord, ordinal: number): TrialRecord {
  const key = record.trials[ordinal - 1]!;
  const { state, error } = standingOf(runs, directory, record, ordinal);
  const open = {
    ordinal,
    divergedAt: null,
    epochs: [],
    steps: 0,
    predictions: () => null,
    weights: null,
    seconds: null,
    reused: false,
    error,
  };
  if (state !== "done") return { ...open, state };
  const result = readResult(layout.result(directory, ordinal, key), key);
  const closed = {
    ...open,
    epochs: epochsFrom(result.epochs),
    seconds: secondsOf(runs, slotKey(key, record)),
    reused: attemptFolders(directory, ordinal, key).length === 0,
  };
  if (result.state === "diverged")
    return { ...closed, state: "diverged", divergedAt: result.step, steps: result.step };
  return {
    ...closed,
    state: "done",
    steps: result.steps,
    weights: result.weights.digest,
    predictions(split) {
      const made = readEvaluation(layout.evaluated(directory, ordinal, key, split));
      return made ? predictionsOf(runs, made.predictions) : null;
    },
  };
}

/** Of all attempts at a trial, wherever they were made. */
function secondsOf(runs: string, key: string): number | null {
  let seconds: number | null = null;
  for (const { attempt } of leasesOf(runs, key)) {
    const end = readAttemptEnd(join(runs, attempt));
    if (end && end.state !== "robbed") seconds = (seconds ?? 0) + end.seconds;
  }
  return seconds;
}

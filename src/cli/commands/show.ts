import { answer } from "../../report/answer.ts";
import { findRun } from "../../store/list.ts";
import { readRun } from "../../store/read.ts";
import { trialLabel } from "../../study/summarise.ts";
import { type ExitCode, exit } from "../exit.ts";
import { type RunsOption, runsFolder } from "../runs-folder.ts";
import { table } from "../table.ts";
import { lookOf, print, printJson } from "../terminal.ts";
import { duration } from "../words.ts";

export async function show(asked: string, options: RunsOption & { json?: boolean }): Promise<ExitCode> {
  const run = readRun(findRun(runsFolder(options), asked));
  const trials = run.plan.trials.map((trial, i) => ({ trial, record: run.trials[i]! }));
  if (options.json) {
    printJson({
      run: run.id,
      directory: run.directory,
      study: run.study,
      startedAt: run.startedAt,
      environment: run.environment,
      trials: trials.map(({ trial, record }) => ({
        ordinal: trial.ordinal,
        experiment: trial.experiment,
        levels: trial.levels,
        replicates: trial.replicates,
        state: record.state,
        steps: record.steps,
        weights: record.weights,
        seconds: record.seconds,
        error: record.error,
        last: record.epochs.at(-1)?.metrics ?? {},
      })),
      answer: trials.every(({ record }) => record.state === "planned") ? null : answer(run),
    });
    return exit.fine;
  }
  const look = lookOf(process.stdout);
  const rows = trials.map(({ trial, record }) => {
    const last = Object.entries(record.epochs.at(-1)?.metrics ?? {}).map(
      ([name, value]) => `${name} ${value.toFixed(3)}`,
    );
    const state = record.state === "diverged" ? `diverged at step ${record.divergedAt}` : record.state;
    return [
      String(trial.ordinal),
      trialLabel(trial),
      state,
      record.seconds === null ? "" : duration(record.seconds),
      record.weights?.slice(0, 12) ?? "",
      last.join("  "),
    ];
  });
  print(`${run.id}   ${run.startedAt}   ${run.directory}`);
  print(table(["trial", "", "state", "time", "weights", "last epoch"], rows, "rllrll", look));
  return exit.fine;
}

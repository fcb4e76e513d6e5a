import { findRun } from "../../store/list.ts";
import { readLogs } from "../../store/logs.ts";
import { type ExitCode, exit, UsageError } from "../exit.ts";
import { type RunsOption, runsFolder } from "../runs-folder.ts";
import { print, say } from "../terminal.ts";

export async function logs(asked: string, trial: string | undefined, options: RunsOption): Promise<ExitCode> {
  if (trial !== undefined && !/^[1-9]\d*$/.test(trial))
    throw new UsageError(`a trial is named by its number, not ${trial}`);
  const found = readLogs(
    findRun(runsFolder(options), asked),
    trial === undefined ? undefined : Number(trial),
  );
  if (found.length === 0) say(trial ? `Trial ${trial} has written no log.` : "No trial has written a log.");
  for (const { ordinal, attempt, text } of found) print(`--- trial ${ordinal}, ${attempt}\n${text}`);
  return exit.fine;
}

/** What workers wrote to their standard output and error, attempt by attempt. */
import { basename, join } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import { readIfThere } from "./publish.ts";
import { readRunRecord } from "./run-folder.ts";
import { attemptFolders } from "./state.ts";

export interface AttemptLog {
  readonly ordinal: number;
  readonly attempt: string;
  readonly text: string;
}

/** Logs that hold something, of one trial or of all. Throws a `Problem` where the run has no such trial. */
export function readLogs(directory: string, ordinal?: number): AttemptLog[] {
  const { trials } = readRunRecord(directory);
  if (ordinal !== undefined && !trials[ordinal - 1])
    throw new Problem(
      `there is no trial ${ordinal} in ${directory}`,
      `Its trials are 1 to ${trials.length}.`,
    );
  return trials.flatMap((key, i) =>
    ordinal !== undefined && ordinal !== i + 1
      ? []
      : attemptFolders(directory, i + 1, key).flatMap((folder) => {
          const text = readIfThere(join(folder, "log.txt"))?.toString("utf8") ?? "";
          return text === "" ? [] : [{ ordinal: i + 1, attempt: basename(folder), text }];
        }),
  );
}

import { listRuns } from "../../store/list.ts";
import { type ExitCode, exit } from "../exit.ts";
import { type RunsOption, runsFolder } from "../runs-folder.ts";
import { table } from "../table.ts";
import { command, lookOf, print, printJson, say } from "../terminal.ts";

export async function ls(options: RunsOption & { json?: boolean }): Promise<ExitCode> {
  const folder = runsFolder(options);
  const runs = listRuns(folder);
  if (options.json) printJson(runs);
  else if (runs.length === 0) say(`There are no runs in ${folder}. ${command()} run FILE makes one.`);
  else {
    const rows = runs.map(({ run, study, state, trials }) => [
      run,
      study ?? "",
      state,
      trials ? `${trials.done} of ${trials.total}` : "",
      trials && trials.failed > 0 ? String(trials.failed) : "",
    ]);
    print(table(["run", "study", "state", "done", "failed"], rows, "lllrr", lookOf(process.stdout)));
    for (const run of runs) if (run.state === "unreadable") say(`${run.run}: ${run.problem}`);
  }
  return exit.fine;
}

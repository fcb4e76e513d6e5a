import { findRun } from "../../store/list.ts";
import { giveAnswer } from "../answer.ts";
import { type ExitCode, exit } from "../exit.ts";
import { type RunsOption, runsFolder } from "../runs-folder.ts";

export async function report(asked: string, options: RunsOption & { json?: boolean }): Promise<ExitCode> {
  const folder = findRun(runsFolder(options), asked);
  await giveAnswer(folder, folder, options);
  return exit.fine;
}

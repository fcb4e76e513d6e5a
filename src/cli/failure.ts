/** The end of a command that could not go on: in words; a stack trace goes to a file and only for our own bugs. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlacedProblem, Problem } from "../diagnostics/problem.ts";
import { isDiskFull } from "../store/disk.ts";
import { tellDiagnostics } from "./diagnostics.ts";
import { type ExitCode, exit, UsageError } from "./exit.ts";
import { say } from "./terminal.ts";

export function endWith(error: unknown): never {
  if (error instanceof UsageError) {
    say(`dlc: ${error.message}`);
    process.exit(exit.usage);
  }
  if (error instanceof PlacedProblem) {
    tellDiagnostics([error.diagnostic]);
    process.exit(exitOf(error));
  }
  const problem = asProblem(error);
  if (problem) {
    say(`dlc: ${problem.message}`);
    if (problem.hint) say(`     ${problem.hint}`);
    process.exit(isDiskFull(error) ? exit.interrupted : exit.unavailable);
  }
  const told = error instanceof Error ? error : new Error(String(error));
  say(`dlc: this is a bug in dlc, not in your study: ${told.message}`);
  const trace = keepTrace(told);
  if (trace)
    say(
      `     What happened is written in ${trace}: please report it with that file. What was finished is kept.`,
    );
  process.exit(exit.bug);
}

/** By whether the study is to be corrected, or what it needs to be brought. */
export const exitOf = ({ isMistake }: PlacedProblem): ExitCode =>
  isMistake ? exit.specHasErrors : exit.unavailable;

/** Errors of the operating system that a user can mend are problems too. */
function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const at = path ? ` ${path}` : "";
  if (isDiskFull(error))
    return new Problem(
      `the disk is full${at && `: could not write${at}`}`,
      "Free some space and run the same command again: what was finished is kept.",
    );
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return new Problem(
      `no permission for${at || " a file"}`,
      "Give dlc access to it, or name another place (--runs FOLDER, DLC_CACHE).",
    );
  if (code === "EMFILE" || code === "ENFILE")
    return new Problem(
      "too many open files",
      "Raise the limit (ulimit -n 4096) and run the same command again.",
    );
  return undefined;
}

function keepTrace(error: Error): string | undefined {
  try {
    const file = join(mkdtempSync(join(tmpdir(), "dlc-")), "bug.txt");
    writeFileSync(
      file,
      `node ${process.version} ${process.platform} ${process.arch}\n${process.argv.slice(2).join(" ")}\n${error.stack}\n`,
    );
    return file;
  } catch {
    return undefined;
  }
}

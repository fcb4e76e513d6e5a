/** Runs of a runs folder, and the one that is meant. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import type { RunRecord } from "./generated/run.ts";
import { readRunRecord, runNames } from "./run-folder.ts";
import { type RunStanding, runStanding } from "./state.ts";

export type RunListing = { readonly run: string } & (
  | ({ readonly study: string } & RunStanding)
  /** A file of it is damaged, missing, or in the form of another version of dlc. */
  | {
      readonly study: string | null;
      readonly state: "unreadable";
      readonly trials: null;
      readonly problem: string;
    }
);

/** In the order in which they began. */
export function listRuns(runs: string): RunListing[] {
  return runNames(runs)
    .map((run) => ({ run, record: recordOf(join(runs, run)) }))
    .sort((a, b) => (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0))
    .map(({ run, record }): RunListing => {
      let study: string | null = null;
      try {
        if (record instanceof Problem) throw record;
        study = record.study;
        return { run, study, ...runStanding(runs, join(runs, run), record) };
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return { run, study, state: "unreadable", trials: null, problem: error.message };
      }
    });
}

/** Where it cannot be read: why. */
function recordOf(directory: string): RunRecord | Problem {
  try {
    return readRunRecord(directory);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

const startOf = ({ record }: { readonly record: RunRecord | Problem }): string =>
  record instanceof Problem ? "" : record.startedAt;

/**
 * The folder of the run that is meant: a path, a run's name, a study's name (its newest run), or how a name begins where only
 * one does. Throws a `Problem` otherwise.
 */
export function findRun(runs: string, asked: string): string {
  const wanted = asked.replace(/\/+$/, "");
  if (existsSync(join(wanted, "run.json"))) return relative("", wanted) || ".";
  const names = runNames(runs);
  if (names.includes(wanted)) return join(runs, wanted);
  const ofStudy = names
    .map((name) => ({ name, record: recordOf(join(runs, name)) }))
    .filter(({ record }) => !(record instanceof Problem) && record.study === wanted)
    .sort((a, b) => (startOf(a) < startOf(b) ? 1 : -1));
  if (ofStudy[0]) return join(runs, ofStudy[0].name);
  const beginning = names.filter((name) => name.startsWith(wanted));
  if (beginning.length === 1) return join(runs, beginning[0]!);
  if (beginning.length > 1)
    throw new Problem(`${asked} may be any of ${beginning.join(", ")}`, "Write more of the name.");
  throw new Problem(
    names.length === 0 ? `there are no runs in ${runs}` : `there is no run ${asked} in ${runs}`,
    names.length === 0
      ? "Name another folder with --runs DIR."
      : "`dlc ls` lists the runs; --runs DIR names another folder.",
  );
}

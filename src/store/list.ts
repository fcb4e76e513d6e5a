/** Runs of a runs folder, and the one that is meant. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import type { RunRecord } from "./generated/run.ts";
import { runNames } from "./run-folder.ts";
import { parseRecord } from "./schemas.ts";
import { type RunStanding, runStanding } from "./state.ts";

export interface RunListing extends RunStanding {
  readonly run: string;
  readonly study: string;
}

function recordOf(directory: string): RunRecord {
  const path = join(directory, "run.json");
  return parseRecord("run", readFileSync(path), path);
}

/** Oldest first. Throws a `Problem` that names a damaged file. */
export function listRuns(runs: string): RunListing[] {
  return runNames(runs)
    .map((name) => recordOf(join(runs, name)))
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
    .map((record) => ({
      run: record.id,
      study: record.study,
      ...runStanding(runs, join(runs, record.id), record),
    }));
}

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
    .map((name) => recordOf(join(runs, name)))
    .filter(({ study }) => study === wanted)
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  if (ofStudy[0]) return join(runs, ofStudy[0].id);
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

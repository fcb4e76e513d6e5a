/** A run's answer to its question, as data: what is printed, drawn and written to `analysis/` are views of it. */
import type { RunData } from "../store/run-data.ts";
import type { ExperimentPlan, TrialSpec } from "../study/plan.ts";
import { type Arm, armsOf, describeTrial, namesOf, openFactors } from "./arms.ts";
import { applyChoices, type Choice } from "./choose.ts";
import { type Comparison, comparisonsOf } from "./comparison.ts";
import { plural } from "./numbers.ts";
import { type Table, tableOf } from "./table.ts";
import { measurementsOf } from "./values.ts";

export interface Answer {
  readonly run: string;
  readonly study: string;
  /** The file's `//!` comment. */
  readonly question: string | null;
  readonly trials: {
    readonly total: number;
    readonly done: number;
    readonly diverged: number;
    readonly failed: number;
    /** Not begun, or not finished. */
    readonly open: number;
  };
  readonly experiments: readonly ExperimentAnswer[];
}

export interface ExperimentAnswer {
  readonly name: string;
  readonly doc: string | null;
  /** Short names of all paths: `lr` for `recipe.optimizer.lr`. */
  readonly names: Readonly<Record<string, string>>;
  /** Factors that no `choose` closes: the columns that tell arms apart. */
  readonly factors: readonly string[];
  /** `seed`, with how many levels. */
  readonly replicates: readonly { readonly name: string; readonly levels: number }[];
  readonly choices: readonly Choice[];
  readonly arms: readonly Arm[];
  readonly tables: readonly Table[];
  readonly comparisons: readonly Comparison[];
  /** Trials without a result and how they are handled, in sentences. */
  readonly notes: readonly string[];
  readonly allowed: readonly { readonly code: string; readonly because: string }[];
}

/** All numbers come from the run's results; nothing is read but predictions. A run that is not finished has a preliminary answer. */
export function answer(run: RunData): Answer {
  const count = (state: string): number => run.trials.filter((trial) => trial.state === state).length;
  return {
    run: run.id,
    study: run.study,
    question: run.plan.question,
    trials: {
      total: run.trials.length,
      done: count("done"),
      diverged: count("diverged"),
      failed: count("failed"),
      open: count("planned") + count("running"),
    },
    experiments: run.plan.experiments.map((experiment) => answerExperiment(run, experiment)),
  };
}

function answerExperiment(run: RunData, experiment: ExperimentPlan): ExperimentAnswer {
  const measured = measurementsOf(run);
  const { choices, kept } = applyChoices(run, experiment, measured);
  const planned = experiment.trials.map((ordinal) => run.plan.trials[ordinal - 1]!);
  const arms = armsOf(run, experiment, kept);
  return {
    name: experiment.name,
    doc: experiment.doc,
    names: Object.fromEntries(namesOf(experiment)),
    factors: openFactors(experiment),
    replicates: experiment.replicates.map(({ path, labels }) => ({
      name: namesOf(experiment).get(path) ?? path,
      levels: labels.length,
    })),
    choices,
    arms,
    tables: experiment.reports.map((report) => tableOf(run, report, arms, measured)),
    comparisons: comparisonsOf(experiment, planned, kept, measured),
    notes: notesOf(run, experiment, new Set(kept)),
    allowed: experiment.allowed,
  };
}

const named = 6;

function notesOf(run: RunData, experiment: ExperimentPlan, kept: ReadonlySet<TrialSpec>): string[] {
  const names = namesOf(experiment);
  const trials = experiment.trials.map((ordinal) => run.plan.trials[ordinal - 1]!);
  const inState = (...states: string[]) =>
    trials.filter(({ ordinal }) => states.includes(run.trials[ordinal - 1]!.state));
  const who = (trial: TrialSpec): string => `Trial ${trial.ordinal} (${describeTrial(trial, names)})`;
  const paired = experiment.comparisons.some((compare) => compare.paired.length > 0);
  const missing = paired ? "it counts as missing, and its pair is left out" : "it counts as missing";
  const notes: string[] = [];

  const diverged = inState("diverged");
  for (const trial of diverged.slice(0, named)) {
    const { divergedAt } = run.trials[trial.ordinal - 1]!;
    const where = divergedAt === null ? "diverged" : `diverged at step ${divergedAt}`;
    const handled = kept.has(trial) ? missing : "its level was not chosen";
    notes.push(`${who(trial)} ${where}: ${handled}.`);
  }
  if (diverged.length > named)
    notes.push(`${diverged.length - named} more diverged: ${diverged.length} of ${trials.length}.`);

  const failed = inState("failed");
  for (const trial of failed.slice(0, named)) {
    const reason = run.trials[trial.ordinal - 1]!.error?.split("\n")[0]?.replace(/\.$/, "");
    notes.push(
      `${who(trial)} failed${reason ? ` (${reason})` : ""}: ${missing}. See dlc logs ${run.id} ${trial.ordinal}.`,
    );
  }
  if (failed.length > named)
    notes.push(`${failed.length - named} more failed: ${failed.length} of ${trials.length}.`);

  const open = inState("planned", "running").length;
  if (open > 0) {
    const all = `${trials.length} ${plural("training", trials.length)}`;
    notes.push(`${open} of ${all} ${open === 1 ? "is" : "are"} not done: this answer is preliminary.`);
  }
  return notes;
}

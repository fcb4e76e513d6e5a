/** What lies ahead of a study: which of its trials are done, and how long the others take on this machine. */
import { join } from "node:path";
import { asClause, asSentence, PlacedProblem, Problem } from "../diagnostics/problem.ts";
import { cacheFolder } from "../engine/cache.ts";
import { openEngine } from "../engine/open.ts";
import { macsOf } from "../report/values.ts";
import { checkBatches } from "../run/check-batches.ts";
import { checkMetrics } from "../run/check-metrics.ts";
import { cachedDatasets, type Datasets, loadDatasets } from "../run/datasets.ts";
import { threadsFor, workersFor } from "../run/environment.ts";
import type { RunEvent } from "../run/events.ts";
import { doneIn, type Job, jobsOf } from "../run/jobs.ts";
import { measurePace, type Pace } from "../run/pace.ts";
import { evaluateBatch } from "../run/work.ts";
import { canonicalJson } from "../store/canonical.ts";
import type { Plan, TrialSpec } from "../study/plan.ts";
import { ensureTensorflow } from "./ensure-engine.ts";

export interface Outlook {
  /** By ordinal: the folder of the run that has the result. A trial that is not in it is new. */
  readonly done: ReadonlyMap<number, string>;
  /** By ordinal. Undefined where nothing was measured. */
  readonly paces: ReadonlyMap<number, Pace> | undefined;
  /** Trainings at the same time. */
  readonly together: number;
}

interface LookOptions {
  readonly runs: string;
  /** Data that were not prepared before are read now. */
  readonly read: boolean;
  readonly measure: boolean;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** Why nothing can be told. */
export interface Unknown {
  readonly because: string;
  /** True where reading the data would tell. */
  readonly unread: boolean;
  /** Where a line of the study is the reason. */
  readonly problem?: PlacedProblem;
}

export async function lookAhead(plan: Plan, options: LookOptions): Promise<Outlook | Unknown> {
  const { runs, signal, onEvent } = options;
  const cache = cacheFolder();
  let datasets: Datasets | undefined;
  try {
    datasets = options.read
      ? await loadDatasets(plan, { cacheFolder: cache, onEvent, signal })
      : await cachedDatasets(plan, cache);
    if (datasets) {
      checkMetrics(plan, datasets.of);
      checkBatches(plan, datasets.of);
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { message, hint } = error instanceof PlacedProblem ? error.sentence : error;
    return {
      because: [asClause(message), ...(hint ? [asSentence(hint)] : [])].join(". "),
      unread: false,
      ...(error instanceof PlacedProblem && { problem: error }),
    };
  }
  if (!datasets)
    return signal.aborted
      ? { because: "stopped", unread: false }
      : { because: "the data were not read yet", unread: true };
  const jobs = jobsOf(plan, datasets.of);
  const done = new Map(
    jobs.flatMap((job) => {
      const found = doneIn(runs, job);
      return found ? [[job.ordinal, found.run ? join(runs, found.run) : "an earlier run"] as const] : [];
    }),
  );
  const threads = threadsFor(jobs.length);
  const together = Math.min(workersFor(threads), jobs.length);
  const open = jobs.filter(({ ordinal }) => !done.has(ordinal));
  const paces =
    options.measure && open.length > 0
      ? await measureAll(open, datasets, { threads, together, onEvent, signal })
      : undefined;
  return { done, paces, together };
}

interface MeasureOptions extends Pick<LookOptions, "onEvent" | "signal"> {
  readonly threads: number;
  readonly together: number;
}

/** Programs that are measured at most; others are estimated from their multiply-accumulates. */
const measuredAtMost = 6;

async function measureAll(
  jobs: readonly Job[],
  datasets: Datasets,
  { threads, together, onEvent, signal }: MeasureOptions,
): Promise<Map<number, Pace> | undefined> {
  await ensureTensorflow();
  const engine = await openEngine("tensorflow");
  const groups = new Map<string, TrialSpec[]>();
  for (const { trial } of jobs) {
    const key = costKey(trial);
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  const paces = new Map<number, Pace>();
  const of = Math.min(groups.size, measuredAtMost);
  let measured: { readonly macs: number; readonly pace: Pace } | undefined;
  let index = 0;
  for (const trials of groups.values()) {
    const trial = trials[0]!;
    const macs = macsOf(trial.networks);
    let pace: Pace | undefined;
    if (index < of) {
      onEvent({ type: "stage", name: "measuring the pace", done: index, of, unit: "networks" });
      const options = { engine, threads, together, evaluateBatch, signal };
      pace = await measurePace(trial, datasets.of(trial.data), options);
      if (pace) measured = { macs, pace };
      index++;
    } else if (measured) pace = scale(measured.pace, macs / measured.macs);
    if (!pace) return undefined;
    for (const { ordinal } of trials) paces.set(ordinal, pace);
  }
  return paces;
}

/** Trials with the same text cost the same: values that are fed or constant do not count. */
function costKey({ networks, data, recipe }: TrialSpec): string {
  const { batch, length } = recipe;
  const layers = networks.map(({ network }) =>
    network.layers.map(({ op, output, weights }) => [op, output, weights.map(({ shape }) => shape)]),
  );
  const objectives = recipe.objectives.map(({ loss, optimizer, every }) => [loss.text, optimizer.op, every]);
  return canonicalJson({ data, layers, batch, length, objectives });
}

function scale({ seconds, low, high }: Pace, by: number): Pace {
  return { seconds: seconds * by, low: low * by, high: high * by };
}

/** One trial in a worker: lease, checkpoint to go on from, training, commit. */
import { join } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import { Problem } from "../diagnostics/problem.ts";
import type { Engine, Tensors } from "../engine/engine.ts";
import {
  type Attempt,
  appendEpoch,
  dropCheckpoints,
  endAttempt,
  findCheckpoint,
  openAttempt,
  saveCheckpoint,
  startAttempt,
} from "../store/attempts.ts";
import type { Journal } from "../store/journal.ts";
import { execKey, trialKey } from "../store/keys.ts";
import { layout } from "../store/layout.ts";
import { endLease, stillHolds, takeLease } from "../store/leases.ts";
import { isDiskFull } from "../store/probe.ts";
import { commitResult, type ExecutedOn, findSlot } from "../store/results.ts";
import { beat, freeReserve, lifeOf, type Writer } from "../store/writer.ts";
import { buildTrial } from "../train/build.ts";
import { withClassWeights } from "../train/class-weights.ts";
import type { TrialOutcome } from "../train/outcome.ts";
import { stateOf, type TrialProgram } from "../train/program.ts";
import { trainTrial } from "../train/trial.ts";
import { executedOn } from "./execution.ts";
import type { FromWorker, ToWorker, TrialOrder, TrialReply, Valid } from "./messages.ts";

export interface Bench {
  readonly engine: Engine;
  readonly writer: Writer;
  readonly journal: Journal;
  readonly joined: Extract<ToWorker, { type: "join" }>;
  /** The dataset of a trial, as prepared. */
  readonly dataset: (trial: TrialOrder["trial"]) => Promise<Dataset>;
  readonly tell: (message: FromWorker) => void;
  /** Ends the trial at the next step with a checkpoint. */
  readonly signal: AbortSignal;
}

const heartbeatMs = 10_000;
/** Rows of one evaluation call: large enough to use the cores, small enough for the memory of a deep network. */
export const evaluateBatch = 64;

export async function workOn(bench: Bench, order: TrialOrder): Promise<TrialReply> {
  const { writer, joined, engine } = bench;
  const { ordinal, key } = order;
  const on = executedOn(engine.info, joined.threads);
  const exec = execKey(key, on, joined.code);
  const runDirectory = layout.run(writer.runs, joined.run);
  const attemptPath = (fence: number) =>
    join(
      joined.run,
      "trials",
      layout.trialName(ordinal, key),
      "attempts",
      layout.attempt(key, fence, writer.id),
    );
  const taken = takeLease(
    writer,
    key,
    joined.run,
    attemptPath,
    () => findSlot(writer.runs, key, exec, joined.reuse) !== undefined,
    (holder) => lifeOf(holder) === "dead" || order.stale.includes(holder.w),
  );
  if (taken.state === "committed") return { type: "committed" };
  if (taken.state === "held") return { type: "held", pid: taken.by.pid, run: taken.by.run };
  const { fence } = taken;
  const attempt = openAttempt(writer, joined.run, taken.attempt, {
    trialKey: key,
    execKey: exec,
    ordinal,
    fence,
  });
  bench.journal.append("trial.lease", { trial: key, fence, attempt: taken.attempt }, true);
  try {
    const reply = await attemptTrial(bench, order, attempt, { on, exec, runDirectory });
    bench.journal.append(`attempt.${reply.type}`, { trial: key, fence }, true);
    return reply;
  } finally {
    endLease(writer, key, fence);
  }
}

async function attemptTrial(
  bench: Bench,
  order: TrialOrder,
  attempt: Attempt,
  { on, exec, runDirectory }: { on: ExecutedOn; exec: string; runDirectory: string },
): Promise<TrialReply> {
  const { writer, joined, engine, tell, journal } = bench;
  const { ordinal, trial, key, watch } = order;
  const { fence } = attempt;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let step = 0;
  let robbed = false;
  const lost = new AbortController();
  const heartbeat = setInterval(() => {
    try {
      beat(writer, { key, fence, step });
      if (stillHolds(writer, key, fence)) return;
    } catch {
      // Without a heartbeat others will take the trial for abandoned.
    }
    robbed = true;
    lost.abort();
  }, heartbeatMs);
  try {
    beat(writer, { key, fence, step });
    const dataset = await bench.dataset(trial);
    if (trialKey(trial, dataset, watch) !== key)
      throw new Problem(
        `the data of ${trial.data.name} changed while the study ran`,
        "Run again: what was trained on the old data is kept, the new data is trained anew.",
      );
    const program = buildTrial(withClassWeights(trial, dataset), dataset.count, { evaluateBatch });
    const found = findCheckpoint(attempt, {
      fits: ({ variables }) => hasVariables(program, variables),
      onDamage: (path) =>
        tell({ type: "note", text: `${path} is damaged and is not used; an older checkpoint serves` }),
    });
    step = found?.checkpoint.step ?? 0;
    startAttempt(attempt, found?.from ?? null);
    tell({ type: "started", ordinal, attempt: attempt.path, fromStep: step });
    const outcome = await trainTrial({
      trial,
      program,
      dataset,
      engine,
      threads: joined.threads,
      from: found?.checkpoint,
      signal: AbortSignal.any([bench.signal, lost.signal]),
      watch,
      onProgress(progress) {
        step = progress.step;
        tell({ type: "progress", ordinal, progress });
      },
      onEpoch: (record) => appendEpoch(attempt, record),
      onCheckpoint(checkpoint) {
        saveCheckpoint(attempt, checkpoint);
        tell({ type: "checkpoint", ordinal, step: checkpoint.step });
      },
      checkpointSeconds: joined.checkpointSeconds,
      limit: joined.smoke ? { steps: 2, evaluations: 1 } : undefined,
    });
    if (robbed || !stillHolds(writer, key, fence)) {
      endAttempt(attempt, { state: "robbed", step, seconds: seconds() });
      return { type: "robbed" };
    }
    if (outcome.state === "interrupted") {
      step = outcome.checkpoint.step;
      // Before the first step there is nothing to keep, and the user is told of none.
      if (step > 0) saveCheckpoint(attempt, outcome.checkpoint);
      endAttempt(attempt, { state: "interrupted", step, seconds: seconds() });
      return { type: "interrupted", step };
    }
    commitResult(writer, { trialKey: key, execKey: exec, on, ordinal, runDirectory }, outcome);
    journal.append("trial.commit", { trial: key, exec, fence }, true);
    const took = seconds();
    step = outcome.state === "done" ? outcome.steps : outcome.step;
    endAttempt(attempt, { state: outcome.state, step, seconds: took });
    dropCheckpoints(attempt);
    return outcome.state === "diverged"
      ? { type: "diverged", step: outcome.step }
      : { type: "done", seconds: took, valid: lastValid(outcome) };
  } catch (error) {
    return failed(bench, attempt, error, step, seconds());
  } finally {
    clearInterval(heartbeat);
    beat(writer, null);
  }
}

/** Names are not in a trial's key: a checkpoint of before a layer was renamed does not fit. */
function hasVariables(program: TrialProgram, variables: Tensors): boolean {
  const names = stateOf(program);
  return names.length === Object.keys(variables).length && names.every((name) => name in variables);
}

function failed(
  { writer }: Bench,
  attempt: Attempt,
  error: unknown,
  step: number,
  seconds: number,
): TrialReply {
  if (isDiskFull(error)) {
    freeReserve(writer);
    endAttempt(attempt, { state: "interrupted", step, seconds });
    return { type: "disk-full" };
  }
  const told = error instanceof Error ? error : new Error(String(error));
  const message = told instanceof Problem && told.hint ? `${told.message}. ${told.hint}` : told.message;
  endAttempt(attempt, { state: "failed", step, seconds, message });
  return { type: "failed", message, details: told instanceof Problem ? message : (told.stack ?? message) };
}

/** `valid.accuracy` of the last epoch, else the first metric measured on valid. */
function lastValid({ epochs }: Extract<TrialOutcome, { state: "done" }>): Valid | null {
  const metrics = Object.entries(epochs.at(-1)?.metrics ?? {}).filter(([name]) => name.startsWith("valid."));
  const [metric, value] = metrics.find(([name]) => name === "valid.accuracy") ?? metrics[0] ?? [];
  return metric === undefined || value === undefined ? null : { metric, value };
}

/** One trial in a worker: lease, checkpoint to go on from, training, commit. */
import { setImmediate } from "node:timers/promises";
import type { Dataset } from "../data/dataset.ts";
import { Problem } from "../diagnostics/problem.ts";
import type { Engine } from "../engine/engine.ts";
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
import { canonicalJson } from "../store/canonical.ts";
import { isDiskFull } from "../store/disk.ts";
import { putEvaluation } from "../store/evaluations.ts";
import type { Journal } from "../store/journal.ts";
import { execKey, type Split, trialKey } from "../store/keys.ts";
import { layout } from "../store/layout.ts";
import { endLease, holderOf, type Lease, stillHolds, takeLease } from "../store/leases.ts";
import { getObject } from "../store/objects.ts";
import { adoptResult, commitResult, type ExecutedOn, findSlot, type TrialPlace } from "../store/results.ts";
import { beat, freeReserve, lifeOf, type Writer } from "../store/writer.ts";
import { buildTrial } from "../train/build.ts";
import { withClasses } from "../train/class-names.ts";
import type { TrialOutcome } from "../train/outcome.ts";
import type { TrialProgram } from "../train/program.ts";
import { readWeights } from "../train/serialize.ts";
import { evaluateWeights, trainTrial } from "../train/trial.ts";
import { elementCount, type StaticType } from "../types/tensor.ts";
import { executedOn } from "./execution.ts";
import { recordFailure } from "./failure.ts";
import { evaluatedOf } from "./jobs.ts";
import type { DiskNeeds, FromWorker, ToWorker, TrialOrder, TrialReply, Valid } from "./messages.ts";

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
  try {
    return await takeUp(bench, order);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    freeReserve(bench.writer);
    return { type: "disk-full", folder: bench.writer.runs, needs: null };
  }
}

async function takeUp(bench: Bench, order: TrialOrder): Promise<TrialReply> {
  const { writer, joined, signal } = bench;
  const { ordinal, key, slotKey } = order;
  const abandoned = (holder: Lease) => lifeOf(holder) === "dead" || order.stale.includes(holder.w);
  const heldBy = ({ pid, run }: Lease): TrialReply => ({ type: "held", pid, run });
  if (order.slot !== null) return evaluateSlot(bench, order, order.slot);
  // Where several processes run a study, most of its trials are another's: nothing is built for these.
  const holder = holderOf(writer.runs, slotKey, abandoned);
  if (holder) return heldBy(holder);
  let prepared: Prepared;
  try {
    prepared = await prepare(bench, order);
  } catch (error) {
    if (isDiskFull(error)) return { type: "disk-full", folder: joined.cache, needs: null };
    if (signal.aborted) return { type: "interrupted", step: 0 };
    const told = describe(error);
    const attempt = recordFailure(writer, joined.run, order, told.message, abandoned) ?? null;
    return { type: "failed", ...told, attempt };
  }
  // Building takes a while in which nothing is heard: who is asked to stop takes no lease any more.
  await hearing();
  if (signal.aborted) return { type: "interrupted", step: 0 };
  const slot = () => findSlot(writer.runs, slotKey, prepared.exec, joined.reuse);
  const attemptPath = (fence: number) => layout.attempt(joined.run, ordinal, key, fence, writer.id);
  const taken = takeLease(writer, slotKey, joined.run, attemptPath, () => slot() !== undefined, abandoned);
  if (taken.state === "committed") return { type: "committed", slot: slot()! };
  if (taken.state === "held") return heldBy(taken.by);
  const { fence } = taken;
  try {
    const of = { trialKey: key, slotKey, ordinal, fence };
    const attempt = openAttempt(writer, joined.run, taken.attempt, of);
    bench.journal.append("trial.lease", { trial: key, fence, attempt: taken.attempt }, true);
    const reply = await attemptTrial(bench, order, attempt, prepared);
    bench.journal.append(`attempt.${reply.type}`, { trial: key, fence }, true);
    return reply;
  } finally {
    endLease(writer, slotKey, fence);
  }
}

/** Settles when what was said to this process is heard: the first turn of the event loop may be the end of the one in progress. */
async function hearing(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** What is known of a trial before it is trained. */
interface Prepared {
  readonly dataset: Dataset;
  readonly program: TrialProgram;
  readonly on: ExecutedOn;
  readonly exec: string;
}

async function prepare(
  { engine, joined, dataset: read }: Bench,
  { trial, key, watch, evaluated }: TrialOrder,
): Promise<Prepared> {
  const dataset = await read(trial);
  const isAsPlanned =
    trialKey(trial, dataset) === key &&
    canonicalJson(evaluatedOf(key, trial, dataset, watch)) === canonicalJson(evaluated);
  if (!isAsPlanned)
    throw new Problem(
      `the data of ${trial.data.name} changed while the study ran`,
      "Run again: what was trained on the old data is kept, the new data is trained anew.",
    );
  const program = buildTrial(withClasses(trial, dataset), dataset.count, { evaluateBatch });
  const on = executedOn(engine.info, joined.threads);
  const input = engine.inputDigest(program.program, { threads: joined.threads });
  return { dataset, program, on, exec: execKey(key, { on, input, watch }) };
}

/** Nothing is trained: what the weights of a committed result predict, for rows or metrics that were not asked for then. */
async function evaluateSlot(bench: Bench, order: TrialOrder, slot: string): Promise<TrialReply> {
  const { writer, engine, joined } = bench;
  const { trial, evaluated } = order;
  try {
    const { result, missing } = adoptResult(writer.runs, slot, placeOf(bench, order));
    if (result.state !== "done" || missing.length === 0) return { type: "evaluated" };
    const { dataset, program } = await prepare(bench, order);
    const names = program.weights.map(({ name }) => name);
    const weights = readWeights(getObject(writer.runs, result.weights.object), names);
    const { threads } = joined;
    const options = { trial, program, dataset, engine, threads, weights, splits: missing };
    for (const [split, made] of Object.entries(await evaluateWeights(options)))
      putEvaluation(writer, result.weights.digest, evaluated[split as Split]!, made);
    return { type: "evaluated" };
  } catch (error) {
    if (isDiskFull(error)) throw error;
    if (bench.signal.aborted) return { type: "interrupted", step: 0 };
    return { type: "failed", ...describe(error), attempt: null };
  }
}

function placeOf({ writer, joined }: Bench, order: TrialOrder): TrialPlace {
  return { ...order, runDirectory: layout.run(writer.runs, joined.run) };
}

async function attemptTrial(
  bench: Bench,
  order: TrialOrder,
  attempt: Attempt,
  { dataset, program, on, exec }: Prepared,
): Promise<TrialReply> {
  const { writer, joined, engine, tell, journal } = bench;
  const { ordinal, trial, key, slotKey, watch } = order;
  const { fence } = attempt;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let step = 0;
  let robbed = false;
  let unheard: unknown;
  const lost = new AbortController();
  const heartbeat = setInterval(() => {
    try {
      beat(writer, { key: slotKey, fence, step });
      if (stillHolds(writer, slotKey, fence)) return;
    } catch (error) {
      // Without a heartbeat others will take the trial for abandoned.
      unheard = error;
    }
    robbed = true;
    lost.abort();
  }, heartbeatMs);
  try {
    beat(writer, { key: slotKey, fence, step });
    const found = findCheckpoint(attempt, exec, (path) =>
      tell({ type: "note", text: `${path} is damaged and is not used; an older checkpoint serves` }),
    );
    step = found?.checkpoint.step ?? 0;
    startAttempt(attempt, exec, found?.from ?? null);
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
    if (isDiskFull(unheard)) throw unheard;
    if (robbed || !stillHolds(writer, slotKey, fence)) {
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
    const place = placeOf(bench, order);
    const weights = program.weights.map(({ name }) => name);
    const slot = commitResult(writer, place, { key: exec, on, weights }, outcome);
    const { missing } = adoptResult(writer.runs, slot, place);
    journal.append("trial.commit", { trial: key, exec, fence }, true);
    const took = seconds();
    step = outcome.state === "done" ? outcome.steps : outcome.step;
    endAttempt(attempt, { state: outcome.state, step, seconds: took });
    dropCheckpoints(attempt);
    // Somebody was first, with other weights, and the predictions are of ours.
    if (missing.length > 0) return { type: "committed", slot };
    return outcome.state === "diverged"
      ? { type: "diverged", step: outcome.step }
      : { type: "done", seconds: took, valid: lastValid(outcome) };
  } catch (error) {
    if (isDiskFull(error)) {
      freeReserve(writer);
      endAttempt(attempt, { state: "interrupted", step, seconds: seconds() });
      return { type: "disk-full", folder: writer.runs, needs: needsOf(program, dataset) };
    }
    const told = describe(error);
    endAttempt(attempt, { state: "failed", step, seconds: seconds(), message: told.message });
    return { type: "failed", ...told, attempt: attempt.path };
  } finally {
    clearInterval(heartbeat);
    beat(writer, null);
  }
}

/** Two checkpoints stay while a third one is written. */
function needsOf(
  { weights, slots, averages, predictions, losses }: TrialProgram,
  { rows }: Dataset,
): DiskNeeds {
  const bytesOf = (all: readonly { readonly type: StaticType }[]) =>
    all.reduce((sum, { type }) => sum + 4 * elementCount(type.shape), 0);
  const perRow = Object.values(predictions).reduce(
    (sum, shape) => sum + elementCount(shape),
    losses.length + 1,
  );
  const kept = bytesOf(weights) + 4 * perRow * (rows.valid.length + rows.test.length);
  // The best weights so far are in it as well.
  return { kept, working: 3 * (2 * bytesOf(weights) + bytesOf(slots) + bytesOf(averages)) };
}

/** `details` go to the trial's log: of an error that is not the user's, where it came from. */
function describe(error: unknown): { readonly message: string; readonly details: string } {
  const told = error instanceof Error ? error : new Error(String(error));
  const message = told instanceof Problem && told.hint ? `${told.message}. ${told.hint}` : told.message;
  return { message, details: told instanceof Problem ? message : (told.stack ?? message) };
}

/** `valid.accuracy` of the last epoch, else the first metric measured on valid. */
function lastValid({ epochs }: Extract<TrialOutcome, { state: "done" }>): Valid | null {
  const metrics = Object.entries(epochs.at(-1)?.metrics ?? {}).filter(([name]) => name.startsWith("valid."));
  const [metric, value] = metrics.find(([name]) => name === "valid.accuracy") ?? metrics[0] ?? [];
  return metric === undefined || value === undefined ? null : { metric, value };
}

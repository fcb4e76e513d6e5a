/** Hands trials to workers until every one has its result, has failed, or the user asked to stop. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import type { EngineInfo } from "../engine/engine.ts";
import { hasCheckpoint } from "../store/attempts.ts";
import { canonicalJson } from "../store/canonical.ts";
import { diskFull, isDiskFull } from "../store/disk.ts";
import type { Journal } from "../store/journal.ts";
import { slotKey } from "../store/keys.ts";
import { layout } from "../store/layout.ts";
import { isStale, leasesOf, type Observations } from "../store/leases.ts";
import { adoptResult, readResult, slotsOf } from "../store/results.ts";
import type { OpenedRun } from "../store/run-folder.ts";
import { freeReserve, lifeOf, type Writer } from "../store/writer.ts";
import { trialLabel } from "../study/summarise.ts";
import type { RunEnd, RunEvent } from "./events.ts";
import { executedOn } from "./execution.ts";
import { recordFailure } from "./failure.ts";
import type { Job } from "./jobs.ts";
import type { DiskNeeds, FromWorker, ToWorker, TrialReply } from "./messages.ts";
import type { WorkerHandle } from "./pool.ts";

export interface Sweep {
  readonly writer: Writer;
  readonly journal: Journal;
  readonly opened: OpenedRun;
  /** The run's folder as it is told to the user. */
  readonly shown: string;
  readonly jobs: readonly Job[];
  readonly engine: EngineInfo;
  readonly join: Extract<ToWorker, { type: "join" }>;
  /** How many trainings at the same time at most. */
  readonly workers: number;
  /** Started already. */
  readonly first: WorkerHandle;
  readonly start: () => WorkerHandle;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** A job of this run: what its leases and slots are named by. */
interface Task extends Job {
  readonly slotKey: string;
}

type Left =
  | { readonly to: "nothing" }
  | { readonly to: "train"; readonly slot: null }
  | { readonly to: "evaluate"; readonly slot: string };

type Standing = "todo" | "running" | "held" | "done" | "failed";

const deathsAllowed = 5;
const lookAgainMs = 1000;

export async function sweep(context: Sweep): Promise<RunEnd> {
  const { writer, journal, opened, join: joined, onEvent, signal } = context;
  const runs = writer.runs;
  const jobs = context.jobs.map((job): Task => ({ ...job, slotKey: slotKey(job.key, opened.record) }));
  const standing = new Map<number, Standing>(jobs.map(({ ordinal }) => [ordinal, "todo"]));
  const count = (state: Standing) => [...standing.values()].filter((held) => held === state).length;
  const seen: Observations = new Map();

  /** Slots that workers found: they know the execution keys. */
  const named = new Map<number, string>();
  /** The slot that serves a trial, where that can be told without its execution key. */
  const slotOf = ({ ordinal, key, slotKey }: Task): string | undefined => {
    const slots = slotsOf(runs, slotKey);
    if (slots.length === 1 && joined.reuse !== "exact") return slots[0];
    const taken = layout.result(opened.directory, ordinal, key);
    if (slots.length > 0 && existsSync(taken)) return layout.slot(runs, slotKey, readResult(taken, key).exec);
    return named.get(ordinal);
  };
  const on = canonicalJson(executedOn(context.engine, joined.threads));
  let elsewhere = 0;
  /** Takes over a result that is there, from whomever, and says what is left to do for the trial. */
  const adopt = (job: Task): Left => {
    let slot: string | undefined;
    try {
      slot = slotOf(job);
      if (!slot) return { to: "train", slot: null };
      const place = { ...job, runDirectory: opened.directory };
      const { result, missing } = adoptResult(runs, slot, place);
      if (missing.length > 0) return { to: "evaluate", slot };
      standing.set(job.ordinal, "done");
      if (canonicalJson(result.on) !== on) elsewhere++;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      fail(job, describe(error), slot ?? opened.directory);
    }
    return { to: "nothing" };
  };
  const fail = (job: Job, message: string, log: string) => {
    standing.set(job.ordinal, "failed");
    onEvent({ type: "trial.failed", ordinal: job.ordinal, label: trialLabel(job.trial), message, log });
  };

  let reused = 0;
  let unevaluated = 0;
  for (const job of jobs) {
    const here = existsSync(layout.result(opened.directory, job.ordinal, job.key));
    if (adopt(job).to === "evaluate") unevaluated++;
    if (!here && standing.get(job.ordinal) === "done") {
      reused++;
      journal.append("cache.hit", { trial: job.key });
    }
  }
  const before = count("done");
  const open = jobs.filter(({ ordinal }) => standing.get(ordinal) === "todo");
  onEvent({
    type: "run",
    run: opened.record.id,
    directory: context.shown,
    total: jobs.length,
    done: before,
    resumed: open.filter(({ slotKey }) => hasCheckpoint(runs, slotKey)).length,
    workers: context.workers,
    threads: joined.threads,
    continues: opened.continues,
  });
  // Of a run that begins, `run` has said it.
  if (opened.continues && reused > 0 && reused < jobs.length)
    onEvent({
      type: "note",
      text: `${reused} trials are already done and reused (nothing in them changed); ${jobs.length - reused} are new`,
    });
  if (elsewhere > 0)
    onEvent({
      type: "note",
      text: `${elsewhere} of the ${before} results come from another engine, machine or number of threads (--reuse exact trains these here)`,
    });
  if (unevaluated > 0)
    onEvent({
      type: "note",
      text: `${unevaluated} trials are trained already and are only evaluated anew: their test rows or what is measured changed`,
    });
  if (open.length === 0) return count("failed") > 0 ? "failed" : "finished";

  return new Promise<RunEnd>((settle, refuse) => {
    const byOrdinal = new Map(jobs.map((job) => [job.ordinal, job]));
    const workers = new Map<WorkerHandle, Task | undefined>();
    const deaths = new Map<number, number>();
    const saved = new Map<number, number>();
    let fruitlessStarts = 0;
    /** The folder whose disk is full. */
    let full: { readonly folder: string; readonly needs: DiskNeeds | null } | undefined;
    let ended = false;
    let toldHeld = false;

    const end = (result: RunEnd | Error) => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      signal.removeEventListener("abort", stopAll);
      for (const worker of workers.keys()) worker.send({ type: "stop" });
      const left = [...workers.keys()].map(({ gone }) => gone);
      Promise.all(left).then(() => (result instanceof Error ? refuse(result) : settle(result)), refuse);
    };
    const guarded =
      <A extends unknown[]>(body: (...args: A) => void) =>
      (...args: A) => {
        try {
          body(...args);
        } catch (error) {
          if (isDiskFull(error)) stopFull({ folder: runs, needs: null });
          else end(error as Error);
        }
      };

    const stopping = () => signal.aborted || full !== undefined;
    const stopAll = guarded(() => {
      for (const worker of workers.keys()) worker.send({ type: "stop" });
      proceed();
    });

    /** Nothing more is begun on a full disk; what there is room for is written. */
    const stopFull = (where: NonNullable<typeof full>) => {
      full = full?.needs ? full : where;
      freeReserve(writer);
      stopAll();
    };

    const tellFull = ({ folder, needs }: NonNullable<typeof full>) => {
      const left = jobs.length - count("done") - count("failed");
      const needed = needs && left * needs.kept + Math.min(left, context.workers) * needs.working;
      onEvent({ type: "note", text: describe(diskFull(folder, needed ?? undefined)) });
    };

    /** Gives idle workers trials; ends when nothing is left. */
    const proceed = (): void => {
      if (ended) return;
      if (stopping()) {
        if (count("running") > 0) return;
        if (full) tellFull(full);
        onEvent({
          type: "stopping",
          done: count("done"),
          total: jobs.length,
          saved: [...saved].map(([ordinal, step]) => ({ ordinal, step })),
        });
        end("interrupted");
        return;
      }
      for (const [worker, busy] of workers) {
        if (busy) continue;
        const next = nextJob();
        if (!next) break;
        handOver(worker, next.job, next.slot);
      }
      if (count("todo") + count("running") + count("held") === 0)
        end(count("failed") > 0 ? "failed" : "finished");
    };

    const nextJob = (): { readonly job: Task; readonly slot: string | null } | undefined => {
      const inWork = new Set([...workers.values()].map((job) => job?.key));
      for (const job of open) {
        // Two trials of a plan may be equal in all but their names: one is trained, the other adopts its result.
        if (standing.get(job.ordinal) !== "todo" || inWork.has(job.key)) continue;
        const left = adopt(job);
        if (left.to !== "nothing") return { job, slot: left.slot };
        if (standing.get(job.ordinal) === "done") tellDone(job, { seconds: 0, valid: null, reused: true });
      }
      return undefined;
    };

    /** `slot` is the result that is evaluated; null where the trial is trained. */
    const handOver = (worker: WorkerHandle, job: Task, slot: string | null) => {
      standing.set(job.ordinal, "running");
      workers.set(worker, job);
      const stale = leasesOf(runs, job.slotKey)
        .filter((lease) => !lease.ended && isStale(runs, lease, seen))
        .map(({ w }) => w);
      worker.send({ type: "trial", ...job, slot, stale });
    };

    const tellDone = (
      { ordinal, trial }: Job,
      how: Pick<Extract<RunEvent, { type: "trial.done" }>, "seconds" | "valid" | "reused">,
    ) => onEvent({ type: "trial.done", ordinal, label: trialLabel(trial), ...how });

    const onMessage = (worker: WorkerHandle, message: FromWorker) => {
      if (message.type === "note") onEvent({ type: "note", text: message.text });
      if (message.type === "broken" && message.diskFull) stopFull({ folder: runs, needs: null });
      if (!("ordinal" in message)) return;
      const job = byOrdinal.get(message.ordinal)!;
      switch (message.type) {
        case "started":
          worker.logTo(join(runs, message.attempt, "log.txt"));
          onEvent({
            type: "trial.start",
            ordinal: job.ordinal,
            label: trialLabel(job.trial),
            fromStep: message.fromStep,
          });
          return;
        case "progress":
          onEvent({ type: "trial.progress", ordinal: job.ordinal, progress: message.progress });
          return;
        case "checkpoint":
          deaths.delete(job.ordinal);
          return;
        case "reply":
          workers.set(worker, undefined);
          onReply(worker, job, message.reply);
          proceed();
      }
    };

    const onReply = (worker: WorkerHandle, job: Task, reply: TrialReply) => {
      switch (reply.type) {
        case "done":
          standing.set(job.ordinal, "done");
          return tellDone(job, { seconds: reply.seconds, valid: reply.valid, reused: false });
        case "diverged":
          standing.set(job.ordinal, "done");
          onEvent({
            type: "trial.diverged",
            ordinal: job.ordinal,
            label: trialLabel(job.trial),
            step: reply.step,
          });
          return;
        case "failed":
          if (reply.attempt === null) return fail(job, reply.message, context.shown);
          worker.logTo(join(runs, reply.attempt, "log.txt"));
          worker.log(`${reply.details}\n`);
          return fail(job, reply.message, worker.logPath() ?? "");
        case "interrupted":
          standing.set(job.ordinal, "todo");
          if (reply.step > 0) saved.set(job.ordinal, reply.step);
          return;
        case "held":
          standing.set(job.ordinal, "held");
          if (!toldHeld)
            onEvent({
              type: "note",
              text: `another dlc (process ${reply.pid}) works on trials of this study as well; each is trained once`,
            });
          toldHeld = true;
          return;
        case "committed":
          named.set(job.ordinal, reply.slot);
          standing.set(job.ordinal, "todo");
          return;
        case "evaluated":
          journal.append("trial.evaluated", { trial: job.key });
          standing.set(job.ordinal, "todo");
          return;
        case "robbed":
          standing.set(job.ordinal, "todo");
          return;
        case "disk-full":
          standing.set(job.ordinal, "todo");
          stopFull(reply);
      }
    };

    const onExit = (worker: WorkerHandle, how: string) => {
      const job = workers.get(worker);
      workers.delete(worker);
      if (ended) return;
      if (job) {
        standing.set(job.ordinal, "todo");
        if (!stopping()) mourn(worker, job, how);
      } else if (!stopping() && ++fruitlessStarts >= deathsAllowed) {
        worker.ready.then(
          () => end(new Problem(`worker processes end by themselves: the last one ${how}`)),
          end,
        );
        return;
      }
      if (!stopping() && workers.size === 0 && !todoLeft()) return proceed();
      if (!stopping() && todoLeft()) addWorker(context.start());
      proceed();
    };

    /** A worker died over a trial: another takes it up, unless it was the fifth in a row without a checkpoint between. */
    const mourn = (worker: WorkerHandle, job: Task, how: string) => {
      const times = (deaths.get(job.ordinal) ?? 0) + 1;
      deaths.set(job.ordinal, times);
      journal.append("worker.died", { trial: job.key, how, times }, true);
      if (times < deathsAllowed) {
        onEvent({
          type: "note",
          text: `the worker of trial ${job.ordinal} (${trialLabel(job.trial)}) ${how}; another goes on from its last checkpoint`,
        });
        return;
      }
      const message = `its worker ${how}, ${times} times in a row without a new checkpoint${/SIGKILL/.test(how) ? " (often the machine is short of memory: try --jobs 1)" : ""}`;
      recordFailure(writer, opened.record.id, job, message, (holder) => lifeOf(holder) === "dead");
      fail(job, message, worker.logPath() ?? "");
    };

    const todoLeft = () => count("todo") > 0 || count("held") > 0;

    const addWorker = (worker: WorkerHandle) => {
      workers.set(worker, undefined);
      worker.listen({
        onMessage: guarded((message) => onMessage(worker, message)),
        onExit: guarded((how) => onExit(worker, how)),
      });
      worker.send(joined);
    };

    /** Trials that others held: done by them, or given up? */
    const lookAgain = guarded(() => {
      if (ended || stopping()) return;
      let changed = false;
      for (const job of open) {
        if (standing.get(job.ordinal) !== "held") continue;
        const last = leasesOf(runs, job.slotKey).at(-1);
        if (slotOf(job) || !last || last.ended || isStale(runs, last, seen)) {
          standing.set(job.ordinal, "todo");
          changed = true;
        }
      }
      if (changed) proceed();
    });
    const timer = setInterval(lookAgain, lookAgainMs);

    signal.addEventListener("abort", stopAll);
    addWorker(context.first);
    for (let k = 1; k < Math.min(context.workers, open.length); k++) addWorker(context.start());
    guarded(proceed)();
  });
}

function describe({ message, hint }: Problem): string {
  return hint ? `${message}. ${hint}` : message;
}

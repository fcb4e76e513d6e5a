/** Runs a plan: loads its data, opens or joins its run, and has workers train what is not done yet. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import type { EngineInfo } from "../engine/engine.ts";
import type { Program } from "../modules/program.ts";
import { lockDatasets } from "../store/datasets.ts";
import type { RunRecord } from "../store/generated/run.ts";
import { openJournal } from "../store/journal.ts";
import { planHash } from "../store/keys.ts";
import { layout } from "../store/layout.ts";
import { planRecord } from "../store/plan-file.ts";
import { probeRunsFolder } from "../store/probe.ts";
import { openRun } from "../store/run-folder.ts";
import { beat, closeWriter, openWriter, type Writer } from "../store/writer.ts";
import type { Plan } from "../study/plan.ts";
import { checkBatches } from "./check-batches.ts";
import { checkMetrics } from "./check-metrics.ts";
import { loadDatasets } from "./datasets.ts";
import { describeEnvironment, dlcVersion, threadsFor, workersFor } from "./environment.ts";
import type { RunEnd, RunEvent } from "./events.ts";
import { type Job, jobsOf } from "./jobs.ts";
import { bundledWorker, startWorker } from "./pool.ts";
import { sweep } from "./sweep.ts";

export interface RunOptions {
  readonly study: {
    readonly plan: Plan;
    readonly program: Program;
    /** `--set`, as given. */
    readonly set?: readonly { readonly path: string; readonly text: string }[];
  };
  readonly runsFolder: string;
  readonly cacheFolder: string;
  readonly engineName: "tensorflow" | "reference";
  /** Trainings at the same time; as many as there are cores without it. */
  readonly jobs?: number | undefined;
  /** Every trial makes two steps and one evaluation, in a folder that is thrown away. */
  readonly smoke?: boolean;
  /**
   * Which committed results serve: `logical` (the default) takes those of other engines, machines and thread counts too, `exact`
   * only those of the same; `off` trains everything anew.
   */
  readonly reuse?: RunRecord["policy"]["reuse"] | undefined;
  readonly onEvent: (event: RunEvent) => void;
  /** Aborted: every trial checkpoints at its next step, and the run ends `interrupted`. */
  readonly signal: AbortSignal;
  /** The worker's file, where it is not beside the caller's bundle. */
  readonly workerFile?: string;
  /** A checkpoint is made when so much time went by since the last. */
  readonly checkpointSeconds?: number;
}

/**
 * `directory` is relative to the working directory. Throws a `Problem` for what the user can mend: data, disk, engine. A trial
 * that fails is told as an event and does not keep others from going on; the run then ends `failed`.
 */
export async function runStudy(options: RunOptions): Promise<{ end: RunEnd; directory: string }> {
  if (!options.smoke) return runIn(options, options.runsFolder);
  const folder = mkdtempSync(join(tmpdir(), "dlc-smoke-"));
  try {
    return await runIn(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(options: RunOptions, runs: string): Promise<{ end: RunEnd; directory: string }> {
  const { study, signal, onEvent } = options;
  probeRunsFolder(runs);
  const writer = openWriter(runs);
  const heartbeat = setInterval(() => beat(writer, null), 10_000);
  const workerFile = options.workerFile ?? bundledWorker;
  const start = () => startWorker(workerFile, options.engineName);
  // The engine loads while the data is read.
  const first = start();
  try {
    const datasets = await loadDatasets(study.plan, options);
    if (!datasets) return { end: "interrupted", directory: runs };
    checkMetrics(study.plan, datasets.of);
    checkBatches(study.plan, datasets.of);
    const engine = await first.ready;
    const jobs = jobsOf(study.plan, datasets.of);
    const opened = openOrJoin(options, writer, jobs, datasets.all(), engine);
    datasets.drop();
    const { record, directory } = opened;
    const shown = relative("", directory) || directory;
    const journal = openJournal(layout.journal(directory, writer.id), `${record.id}/${writer.id}`);
    try {
      journal.append("run.open", { w: writer.id, ...writer.process, continues: opened.continues }, true);
      const end = await sweep({
        writer,
        journal,
        opened,
        shown,
        jobs,
        engine,
        workers: workerCount(options, record.threads, jobs.length),
        join: {
          type: "join",
          runs,
          run: record.id,
          cache: options.cacheFolder,
          threads: record.threads,
          reuse: options.reuse ?? "logical",
          smoke: options.smoke ?? false,
          checkpointSeconds: options.checkpointSeconds,
        },
        first,
        start,
        onEvent,
        signal,
      });
      journal.append("run.leave", { end }, true);
      return { end, directory: shown };
    } finally {
      journal.close();
    }
  } finally {
    first.send({ type: "stop" });
    await first.gone;
    clearInterval(heartbeat);
    closeWriter(writer);
  }
}

function openOrJoin(
  options: RunOptions,
  writer: Writer,
  jobs: readonly Job[],
  datasets: readonly Dataset[],
  engine: EngineInfo,
) {
  const { plan, program, set = [] } = options.study;
  const policy: RunRecord["policy"] = {
    engine: engine.name,
    version: engine.version,
    library: engine.digest,
    precision: "f32",
    threads: "auto",
    reuse: options.reuse ?? "logical",
    smoke: options.smoke ?? false,
  };
  const keys = jobs.map(({ key }) => key);
  const hash = planHash(plan, keys, policy);
  return openRun(writer, hash, () => {
    const threads = threadsFor(jobs.length);
    const { source } = program.main.file;
    return {
      record: {
        study: plan.study,
        question: plan.question,
        dlc: dlcVersion,
        plan: hash,
        policy,
        threads,
        set: [...set],
        trials: keys,
      },
      spec: program.modules.map(({ file }) => file.source),
      main: source.path,
      plan: planRecord(plan),
      data: lockDatasets(writer, datasets),
      environment: describeEnvironment(engine, threads, dirname(source.path)),
    };
  });
}

/** Threads were fixed when the run began; how many trials go on at once is this machine's matter. */
function workerCount({ jobs }: RunOptions, threads: number, trials: number): number {
  return Math.min(jobs ?? workersFor(threads), trials);
}

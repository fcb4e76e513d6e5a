/**
 * A worker process: loads the engine once and runs the trials that the orchestrator hands it, one after another. It ignores
 * SIGINT, which a terminal sends to everybody; when the orchestrator is gone it checkpoints, ends its lease and goes.
 */

import type { Dataset } from "../data/dataset.ts";
import { loadDataset } from "../data/load.ts";
import { Problem } from "../diagnostics/problem.ts";
import type { Engine } from "../engine/engine.ts";
import { openEngine } from "../engine/open.ts";
import { canonicalJson } from "../store/canonical.ts";
import { isDiskFull } from "../store/disk.ts";
import { type Journal, openJournal } from "../store/journal.ts";
import { layout } from "../store/layout.ts";
import { closeWriter, openWriter, type Writer } from "../store/writer.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { workOn } from "./work.ts";

const stop = new AbortController();
let engine: Engine | undefined;
let joined: Extract<ToWorker, { type: "join" }> | undefined;
let writer: Writer | undefined;
let journal: Journal | undefined;
let last: { readonly spec: string; readonly dataset: Dataset } | undefined;
/** Messages are worked on one after another. */
let queue: Promise<void> = Promise.resolve();

/** Settles when the newest message is out of this process, and so all before it. */
let sent: Promise<void> = Promise.resolve();

function tell(message: FromWorker): void {
  if (!process.connected) return;
  sent = new Promise((settle) => {
    process.send!(message, () => settle());
  });
}

/** Trials on the same data follow each other: one dataset is kept. */
async function datasetOf(spec: Parameters<typeof loadDataset>[0]): Promise<Dataset> {
  const text = canonicalJson(spec);
  if (last?.spec !== text) {
    last = undefined;
    last = { spec: text, dataset: await loadDataset(spec, { cache: joined!.cache, signal: stop.signal }) };
  }
  return last.dataset;
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case "open":
      engine = await openEngine(message.engine);
      tell({ type: "ready", info: engine.info });
      return;
    case "join": {
      joined = message;
      writer = openWriter(message.runs);
      const path = layout.journal(layout.run(message.runs, message.run), writer.id);
      journal = openJournal(path, `${message.run}/${writer.id}`);
      journal.append("worker.open", { w: writer.id, ...writer.process }, true);
      return;
    }
    case "trial": {
      if (!engine || !joined || !writer || !journal) throw new Error("a trial came before its run");
      const { type: _, ...order } = message;
      const reply = stop.signal.aborted
        ? ({ type: "interrupted", step: 0 } as const)
        : await workOn(
            {
              engine,
              writer,
              journal,
              joined,
              dataset: (trial) => datasetOf(trial.data),
              tell,
              signal: stop.signal,
            },
            order,
          );
      tell({ type: "reply", ordinal: message.ordinal, reply });
      return;
    }
    case "stop":
      await leave();
  }
}

async function leave(): Promise<void> {
  journal?.close();
  if (writer) closeWriter(writer);
  // Ending the process drops what is not sent: the orchestrator would not know what was saved, or done.
  await sent;
  process.exit(0);
}

function broken(error: unknown): void {
  const told = error instanceof Error ? error : new Error(String(error));
  const message: FromWorker = {
    type: "broken",
    message: told.message,
    hint: told instanceof Problem ? told.hint : undefined,
    details: told.stack ?? told.message,
    diskFull: isDiskFull(error),
  };
  if (process.connected) process.send!(message, () => process.exit(1));
  else process.exit(1);
}

function askToStop(): void {
  stop.abort();
  queue = queue.then(leave);
}

process.on("SIGINT", () => {});
process.on("SIGTERM", askToStop);
process.on("disconnect", askToStop);
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
process.on("uncaughtException", broken);
process.on("unhandledRejection", broken);
process.on("message", (message: ToWorker) => {
  if (message.type === "stop") stop.abort();
  queue = queue.then(() => handle(message)).catch(broken);
});

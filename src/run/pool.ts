/** Worker processes: started, spoken to, listened to. */
import { type ChildProcess, fork } from "node:child_process";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Problem } from "../diagnostics/problem.ts";
import type { EngineInfo } from "../engine/engine.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

export interface WorkerEvents {
  onMessage(message: FromWorker): void;
  /** `how` in words: "was killed (SIGKILL)". */
  onExit(how: string): void;
}

export interface WorkerHandle {
  readonly pid: number | undefined;
  /** Resolves when the engine is loaded; rejects with a `Problem` where it cannot be. */
  readonly ready: Promise<EngineInfo>;
  /** The file to which what the process writes is appended from now on. */
  logTo(path: string): void;
  logPath(): string | undefined;
  log(text: string): void;
  send(message: ToWorker): void;
  listen(events: WorkerEvents): void;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
}

/** Beside the bundled command line. */
export const bundledWorker = fileURLToPath(new URL("./worker.cjs", import.meta.url));

export function startWorker(file: string, engine: "tensorflow" | "reference"): WorkerHandle {
  // Its own process group: Ctrl-C in a terminal reaches only the orchestrator.
  const child = fork(file, [], {
    detached: true,
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [],
  });
  let events: WorkerEvents | undefined;
  let ended: string | undefined;
  const log = createLog();
  const ready = deferred<EngineInfo>();
  const gone = deferred<void>();
  const onEnd = (how: string) => {
    if (ended !== undefined) return;
    ended = how;
    const wrote = log.early();
    ready.reject(new Problem(`a worker process ${how} before it was ready${wrote && `:\n${wrote}`}`));
    events?.onExit(how);
    gone.resolve();
  };
  child.stdout!.on("data", (chunk: Buffer) => log.write(chunk.toString("utf8")));
  child.stderr!.on("data", (chunk: Buffer) => log.write(chunk.toString("utf8")));
  child.on("message", (message: FromWorker) => {
    if (message.type === "ready") ready.resolve(message.info);
    if (message.type === "broken") {
      log.write(`${message.details}\n`);
      ready.reject(problemOf(message));
    }
    events?.onMessage(message);
  });
  child.on("error", (error) => {
    // Also reported when a message cannot be sent to a process that has just gone; `close` follows then.
    if (child.pid === undefined) onEnd(`could not be started (${error.message})`);
  });
  // `close` comes after the last of the output.
  child.on("close", (code, signal) =>
    onEnd(signal ? `was killed (${signal})` : `ended with exit code ${code}`),
  );
  const send = (message: ToWorker) => {
    if (child.connected) (child as ChildProcess).send(message, () => {});
  };
  send({ type: "open", engine });
  return {
    pid: child.pid,
    ready: ready.promise,
    gone: gone.promise,
    logTo: log.to,
    logPath: log.path,
    log: log.write,
    send,
    listen(next) {
      events = next;
      if (ended !== undefined) next.onExit(ended);
    },
  };
}

function problemOf({ message, hint }: Extract<FromWorker, { type: "broken" }>): Error {
  return hint === undefined ? new Error(message) : new Problem(message, hint);
}

/** Keeps the last 16 KB until there is a file to write to. */
function createLog() {
  let file: string | undefined;
  let early = "";
  return {
    early: () => early.trimEnd(),
    path: () => file,
    to(path: string) {
      file = path;
    },
    write(text: string) {
      if (!file) {
        early = (early + text).slice(-16_384);
        return;
      }
      try {
        appendFileSync(file, text);
      } catch {
        // A full disk must not end the run over a log.
      }
    },
  };
}

/** Rejection that nobody waits for is no error of the process. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((settle, refuse) => {
    resolve = settle;
    reject = refuse;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}

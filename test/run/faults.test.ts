/** Processes killed on the way: what was finished stays, every trial has one result, with the bits of an undisturbed run. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/run/events.ts";
import { readEvaluation } from "../../src/store/evaluations.ts";
import { readJournal } from "../../src/store/journal.ts";
import { layout } from "../../src/store/layout.ts";
import { leasesOf } from "../../src/store/leases.ts";
import { listRuns } from "../../src/store/list.ts";
import { slotsOf } from "../../src/store/results.ts";
import { lifeOf, type ProcessIdentity } from "../../src/store/writer.ts";
import { bundle } from "../bundle.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { heldWorker, hold } from "./hold.ts";
import { attemptsOf, keysOf, resultsOf, runTiny, temporaryFolder, tinyData, tinyPlan } from "./tiny-study.ts";

const engine = await tensorflowForTests();
const epochs = 30;
const planIn = (folder: string) => tinyPlan(tinyData(join(folder, "data")), { length: { epochs } });

describe.skipIf(!engine)("faults", { timeout: 180_000 }, () => {
  let worker = "";
  let orchestrator = "";
  let undisturbed: Record<string, string> = {};
  beforeAll(async () => {
    worker = await heldWorker();
    orchestrator = await bundle("test/run/orchestrate.ts");
    const folder = temporaryFolder();
    await runTiny(planIn(folder), folder, worker);
    undisturbed = resultsOf(folder);
    expect(Object.keys(undisturbed)).toHaveLength(4);
  }, 180_000);

  const holderOf = (runs: string, run: string, ordinal: number): number =>
    leasesOf(runs, keysOf(runs, run)[ordinal - 1]!).at(-1)!.pid;

  it("a worker killed with SIGKILL takes only its trial with it, and another goes on from the checkpoint", async () => {
    const folder = temporaryFolder();
    let run = "";
    let killed = 0;
    const { release } = hold("epoch 8");
    const { end, events } = await runTiny(planIn(folder), folder, worker, {
      onEvent(event) {
        if (event.type === "run") run = event.run;
        if (event.type !== "trial.progress" || event.progress.epoch < 8 || killed) return;
        killed = event.ordinal;
        process.kill(holderOf(join(folder, "runs"), run, event.ordinal), "SIGKILL");
        release();
      },
    });
    expect(end).toBe("finished");
    expect(resultsOf(folder)).toEqual(undisturbed);
    const starts = events.flatMap((event) =>
      event.type === "trial.start" && event.ordinal === killed ? [event.fromStep] : [],
    );
    expect(starts).toHaveLength(2);
    expect(starts[1]).toBeGreaterThan(0);
  });

  it("a trial whose worker dies five times without a checkpoint fails, the others go on", async () => {
    const folder = temporaryFolder();
    let run = "";
    const { release } = hold("started 2");
    const { end, events } = await runTiny(planIn(folder), folder, worker, {
      onEvent(event) {
        if (event.type === "run") run = event.run;
        if (event.type === "trial.start" && event.ordinal === 2)
          process.kill(holderOf(join(folder, "runs"), run, 2), "SIGKILL");
      },
    });
    expect(end).toBe("failed");
    expect(events.filter(({ type }) => type === "trial.done")).toHaveLength(3);
    expect(events.find(({ type }) => type === "trial.failed")).toMatchObject({
      ordinal: 2,
      message: expect.stringContaining("its worker was killed (SIGKILL), 5 times in a row"),
    });
    expect(listRuns(join(folder, "runs"))[0]).toMatchObject({
      state: "failed",
      trials: { done: 3, failed: 1 },
    });
    release();
    expect(await runTiny(planIn(folder), folder, worker)).toMatchObject({ end: "finished" });
    expect(resultsOf(folder)).toEqual(undisturbed);
  });

  const start = (folder: string, onEvent: (event: RunEvent, child: ChildProcess) => void = () => {}) =>
    new Promise<{ signal: string | null; events: RunEvent[]; end: string | undefined }>((settle) => {
      const child = spawn(process.execPath, [orchestrator, folder, worker, String(epochs)], {
        stdio: ["ignore", "pipe", "inherit"],
        detached: true,
      });
      const events: RunEvent[] = [];
      let end: string | undefined;
      createInterface({ input: child.stdout! }).on("line", (line) => {
        const event = JSON.parse(line);
        if (event.type === "end") end = event.end;
        else {
          events.push(event);
          onEvent(event, child);
        }
      });
      child.on("close", (_, signal) => settle({ signal, events, end }));
    });

  /** Every process that joined the run, as its journal names it. */
  const alive = (directory: string) =>
    readdirSync(join(directory, "journal")).filter((name) => {
      const id = `${basename(directory)}/${basename(name, ".ndjson")}`;
      const [open] = readJournal(join(directory, "journal", name), id).lines;
      return open && lifeOf(open.data as unknown as ProcessIdentity) === "alive";
    });

  it("the orchestrator killed with SIGKILL: its workers save and go; the same command continues", async () => {
    const folder = temporaryFolder();
    const runs = join(folder, "runs");
    const { release } = hold("epoch 8");
    const dead = await start(folder, (event, child) => {
      if (event.type === "trial.progress" && event.progress.epoch >= 8) child.kill("SIGKILL");
    });
    expect(dead.signal).toBe("SIGKILL");
    release();
    const { run } = listRuns(runs)[0]!;
    await expect.poll(() => alive(layout.run(runs, run)), { timeout: 120_000 }).toEqual([]);
    for (const key of keysOf(runs, run)) expect(leasesOf(runs, key).every(({ ended }) => ended)).toBe(true);
    expect(listRuns(runs)[0]!.state).toBe("interrupted");
    const { end, events } = await runTiny(planIn(folder), folder, worker);
    expect(end).toBe("finished");
    expect(events.find(({ type }) => type === "run")).toMatchObject({ run, continues: true });
    expect(events.some((event) => event.type === "trial.start" && event.fromStep > 0)).toBe(true);
    expect(resultsOf(folder)).toEqual(undisturbed);
  });

  it("the orchestrator killed while a worker prepares the trial that it was given: nobody takes the trial", async () => {
    const folder = temporaryFolder();
    const runs = join(folder, "runs");
    const { release, reached } = hold("given 3");
    let orchestrating: ChildProcess | undefined;
    const dead = start(folder, (_, child) => {
      orchestrating = child;
    });
    await reached();
    orchestrating!.kill("SIGKILL");
    await dead;
    release();
    const { run } = listRuns(runs)[0]!;
    await expect.poll(() => alive(layout.run(runs, run)), { timeout: 120_000 }).toEqual([]);
    expect(leasesOf(runs, keysOf(runs, run)[2]!)).toEqual([]);
  });

  it("SIGINT to the whole process group: saved, interrupted, continued", async () => {
    const folder = temporaryFolder();
    let sent = false;
    const { release } = hold("epoch 8");
    const { end } = await start(folder, (event, child) => {
      if (event.type !== "trial.progress" || event.progress.epoch < 8 || sent) return;
      sent = true;
      process.kill(-child.pid!, "SIGINT");
      release();
    });
    expect(end).toBe("interrupted");
    expect(await runTiny(planIn(folder), folder, worker)).toMatchObject({ end: "finished" });
    expect(resultsOf(folder)).toEqual(undisturbed);
  });

  it("two at once share one run and train every trial once", async () => {
    const folder = temporaryFolder();
    tinyData(join(folder, "data"));
    const both = await Promise.all([start(folder), start(folder)]);
    expect(both.map(({ end }) => end)).toEqual(["finished", "finished"]);
    const runs = join(folder, "runs");
    expect(listRuns(runs)).toHaveLength(1);
    expect(resultsOf(folder)).toEqual(undisturbed);
    expect(attemptsOf(runs, listRuns(runs)[0]!.run)).toEqual([1, 1, 1, 1]);
    const trained = both.flatMap(({ events }) =>
      events.flatMap((event) => (event.type === "trial.done" && !event.reused ? [event.ordinal] : [])),
    );
    expect(trained.sort()).toEqual([1, 2, 3, 4]);
  });

  it("a damaged slot or evaluation stops its trial, by name", async () => {
    const folder = temporaryFolder();
    const runs = join(folder, "runs");
    const { directory } = await runTiny(planIn(folder), folder, worker);
    const cut = (path: string) => {
      chmodSync(path, 0o644);
      writeFileSync(path, readFileSync(path, "utf8").slice(0, 100));
    };
    const [key, other] = keysOf(runs, basename(directory)) as [string, string];
    const slot = slotsOf(runs, key)[0]!;
    cut(slot);
    const link = join(directory, "trials", `0002-${other.slice(0, 8)}`, "test.json");
    const { evaluation } = readEvaluation(link)!;
    cut(link);
    const { end, events } = await runTiny(planIn(folder), folder, worker);
    expect(end).toBe("failed");
    expect(events.filter(({ type }) => type === "trial.failed")).toMatchObject([
      { ordinal: 1, message: expect.stringContaining(`${slot}: is not JSON`) },
      { ordinal: 2, message: expect.stringContaining(`${layout.evaluation(runs, evaluation)}: is not JSON`) },
    ]);
  });
});

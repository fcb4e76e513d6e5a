/** Which results and checkpoints serve a trial: of another build of dlc, of another machine, of nobody. */
import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/run/events.ts";
import { jsonBytes } from "../../src/store/canonical.ts";
import { readRun } from "../../src/store/read.ts";
import { bundle } from "../bundle.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { resultsOf, runTiny, temporaryFolder, tinyData, tinyPlan } from "./tiny-study.ts";

const engine = await tensorflowForTests();
const worker = engine ? await bundle("src/run/worker.ts") : "";
const starts = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "trial.start" ? [event.fromStep] : []));
const notes = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === "note" ? [event.text] : []));

/** Gives every result the look of one that another machine committed. */
function asIfElsewhere(folder: string): void {
  const trials = join(folder, "runs", "trials");
  for (const part of readdirSync(trials))
    for (const name of readdirSync(join(trials, part)).filter((each) => each.endsWith(".json"))) {
      const path = join(trials, part, name);
      const record = JSON.parse(readFileSync(path, "utf8"));
      rmSync(path);
      const exec = "0".repeat(64);
      const body = { ...record, exec, on: { ...record.on, cpu: "another" } };
      writeFileSync(path.replace(/\.[0-9a-f]{16}\.json$/, `.${exec.slice(0, 16)}.json`), jsonBytes(body));
    }
  for (const run of readdirSync(join(folder, "runs")).filter((name) => name.startsWith("tiny-")))
    renameSync(join(folder, "runs", run), join(folder, `moved-${run}`));
  rmSync(join(folder, "runs", "plans"), { recursive: true });
}

describe.skipIf(!engine)("reuse", { timeout: 180_000 }, () => {
  it("another build of dlc that lowers to the same graph goes on from the checkpoints", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 30 } });
    const stop = new AbortController();
    await runTiny(plan, folder, worker, {
      signal: stop.signal,
      onEvent(event) {
        if (event.type === "trial.progress" && event.progress.epoch > 8) stop.abort();
      },
    });
    const rebuilt = `${worker.replace(/\.js$/, "")}-rebuilt.js`;
    copyFileSync(worker, rebuilt);
    appendFileSync(rebuilt, "\n// another build\n");
    const { end, events } = await runTiny(plan, folder, rebuilt);
    expect(end).toBe("finished");
    expect(starts(events).some((step) => step > 0)).toBe(true);
    const elsewhere = temporaryFolder();
    await runTiny(plan, elsewhere, worker);
    expect(resultsOf(folder)).toEqual(resultsOf(elsewhere));
  });

  it("logical takes another machine's results and says so, exact trains its own beside them, once", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 2 } });
    await runTiny(plan, folder, worker);
    const own = resultsOf(folder);
    asIfElsewhere(folder);

    const logical = await runTiny(plan, folder, worker);
    expect([logical.end, starts(logical.events)]).toEqual(["finished", []]);
    expect(notes(logical.events)).toEqual([expect.stringContaining("4 of the 4 results come from another")]);
    expect(readRun(logical.directory).trials.map(({ reused }) => reused)).toEqual(Array(4).fill(true));

    const exact = await runTiny(plan, folder, worker, { reuse: "exact" });
    expect([exact.end, starts(exact.events)]).toEqual(["finished", [0, 0, 0, 0]]);
    expect(exact.directory).not.toBe(logical.directory);
    expect(resultsOf(folder)).toMatchObject(own);
    expect(Object.keys(resultsOf(folder))).toHaveLength(8);
    const again = await runTiny(plan, folder, worker, { reuse: "exact" });
    expect(again).toMatchObject({ end: "finished", directory: exact.directory });
    expect(again.events.find(({ type }) => type === "run")).toMatchObject({ done: 4 });
    // Another study with the same trials: a worker finds that they are done.
    const renamed = await runTiny({ ...plan, study: "renamed" }, folder, worker, { reuse: "exact" });
    expect([renamed.end, starts(renamed.events)]).toEqual(["finished", []]);
    expect(renamed.events.flatMap((event) => (event.type === "trial.done" ? [event.reused] : []))).toEqual(
      Array(4).fill(true),
    );
    expect(readRun(renamed.directory).trials.map(({ reused }) => reused)).toEqual(Array(4).fill(true));
  });

  it("off trains everything anew; what was stopped goes on, what is finished begins again", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 20 } });
    await runTiny(plan, folder, worker);
    const bodies = () => Object.values(resultsOf(folder)).sort();
    const before = bodies();
    const stop = new AbortController();
    const first = await runTiny(plan, folder, worker, {
      reuse: "off",
      signal: stop.signal,
      onEvent(event) {
        if (event.type === "trial.progress" && event.progress.epoch > 5) stop.abort();
      },
    });
    expect(first.end).toBe("interrupted");
    const second = await runTiny(plan, folder, worker, { reuse: "off" });
    expect(second).toMatchObject({ end: "finished", directory: first.directory });
    expect(starts(second.events).some((step) => step > 0)).toBe(true);
    expect(bodies()).toEqual([...before, ...before].sort());
    expect(readRun(second.directory).trials.map(({ state, reused }) => [state, reused])).toEqual(
      Array(4).fill(["done", false]),
    );
    const third = await runTiny(plan, folder, worker, { reuse: "off" });
    expect([third.end, starts(third.events)]).toEqual(["finished", [0, 0, 0, 0]]);
    expect(third.directory).not.toBe(first.directory);
  });
});

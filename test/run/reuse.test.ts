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
import { measurementsOf } from "../../src/report/values.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { jsonBytes } from "../../src/store/canonical.ts";
import { readRun } from "../../src/store/read.ts";
import type { Plan } from "../../src/study/plan.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { heldWorker, hold } from "./hold.ts";
import { resultsOf, runTiny, temporaryFolder, tinyData, tinyPlan } from "./tiny-study.ts";

const engine = await tensorflowForTests();
const worker = engine ? await heldWorker() : "";
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
    const { release } = hold("epoch 8");
    await runTiny(plan, folder, worker, {
      signal: stop.signal,
      onEvent(event) {
        if (event.type !== "trial.progress" || event.progress.epoch < 8) return;
        stop.abort();
        release();
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

  it("other predictions, names of layers and metrics of training rows are evaluated, not trained", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 2 } });
    const first = readRun((await runTiny(plan, folder, worker)).directory);
    const [experiment] = plan.experiments;
    const asked = { split: "train", metric: "accuracy", parameters: {} } as const;
    const changed: Plan = {
      ...plan,
      experiments: [{ ...experiment!, reports: [{ metrics: [asked], as: null, by: null }] }],
      trials: plan.trials.map((trial) => ({
        ...trial,
        networks: trial.networks.map(({ name, network }) => ({
          name,
          network: {
            ...network,
            // In another order of the alphabet.
            layers: network.layers.map((layer, i) => ({ ...layer, path: `z${9 - i}/${layer.path}` })),
          },
        })),
        predictions: { logits: trial.predictions.output! },
        pair: { ...trial.pair!, prediction: "logits" },
      })),
    };
    const { end, directory, events } = await runTiny(changed, folder, worker);
    expect([end, starts(events)]).toEqual(["finished", []]);
    expect(notes(events)).toEqual([
      expect.stringContaining("4 trials are trained already and are only evaluated"),
    ]);
    const run = readRun(directory);
    for (const [i, trial] of run.trials.entries()) {
      expect(trial).toMatchObject({ state: "done", reused: true, weights: first.trials[i]!.weights });
      for (const split of ["valid", "test"] as const)
        expect(trial.predictions(split)!.outputs.logits).toEqual(
          first.trials[i]!.predictions(split)!.outputs.output,
        );
    }
    const again = await runTiny(changed, folder, worker);
    expect(again.events.find(({ type }) => type === "run")).toMatchObject({ done: 4, continues: true });
    expect(notes(again.events)).toEqual([]);

    // Trained with the metric, each epoch has it; the last is what was evaluated.
    const elsewhere = temporaryFolder();
    const anew = readRun((await runTiny(changed, elsewhere, worker)).directory);
    expect(anew.trials[0]!.epochs[0]!.metrics).toHaveProperty("train.accuracy");
    expect(anew.trials[0]!.predictions("train")).toBeNull();
    for (const { ordinal } of plan.trials)
      expect(measurementsOf(run).value(ordinal, asked)).toBe(measurementsOf(anew).value(ordinal, asked));
  });

  it("off trains everything anew; what was stopped goes on, what is finished begins again", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 20 } });
    await runTiny(plan, folder, worker);
    const bodies = () => Object.values(resultsOf(folder)).sort();
    const before = bodies();
    const stop = new AbortController();
    const { release } = hold("epoch 5");
    const first = await runTiny(plan, folder, worker, {
      reuse: "off",
      signal: stop.signal,
      onEvent(event) {
        if (event.type !== "trial.progress" || event.progress.epoch < 5) return;
        stop.abort();
        release();
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

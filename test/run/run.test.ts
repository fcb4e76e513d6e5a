import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/run/events.ts";
import { findRun, listRuns } from "../../src/store/list.ts";
import { readLogs } from "../../src/store/logs.ts";
import { readRun } from "../../src/store/read.ts";
import type { Plan } from "../../src/study/plan.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { heldWorker, hold } from "./hold.ts";
import { resultsOf, runTiny, temporaryFolder, tinyData, tinyPlan } from "./tiny-study.ts";

const engine = await tensorflowForTests();
const worker = engine ? await heldWorker() : "";
const ofType = <T extends RunEvent["type"]>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

describe.skipIf(!engine)("a study", { timeout: 180_000 }, () => {
  it("finishes; again there is nothing to run; anew it gives the same bytes; renamed it reuses them", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 3 } });
    const { end, directory, events } = await runTiny(plan, folder, worker);
    expect(ofType(events, "trial.failed")).toEqual([]);
    expect(end).toBe("finished");
    expect(ofType(events, "trial.done")).toHaveLength(4);
    const run = readRun(directory);
    expect(run.trials.map(({ state, epochs, reused }) => [state, epochs.length, reused])).toEqual(
      Array(4).fill(["done", 3, false]),
    );
    expect(run.trials.every(({ seconds }) => seconds! > 0)).toBe(true);
    expect(run.plan.experiments).toEqual(plan.experiments);
    expect(run.spec).toEqual([{ path: "tiny.dl", text: "//! which width?\n" }]);
    const { rows, fields, picture } = run.datasets.sides!;
    const predicted = run.trials[3]!.predictions("test")!;
    expect(predicted.rows).toEqual(rows.test);
    expect(predicted.outputs.output!.data).toHaveLength(2 * rows.test.length);
    expect(fields.y!.data).toHaveLength(240);
    expect(fields.x).toBeUndefined();
    expect(picture(rows.test[0]!)!.shape).toEqual([8, 8, 1]);
    expect(picture(rows.train[0]!)).toBeNull();
    expect(listRuns(join(folder, "runs"))).toEqual([
      { run: run.id, study: "tiny", state: "finished", trials: { total: 4, done: 4, failed: 0 } },
    ]);
    expect(readdirSync(join(folder, "runs", "alive"))).toEqual([]);
    const runs = join(folder, "runs");
    for (const asked of [run.id, "tiny", run.id.slice(0, 12), directory, `${directory}/`])
      expect(resolve(findRun(runs, asked))).toBe(resolve(directory));
    expect(() => findRun(runs, "large")).toThrow(`there is no run large in ${runs}`);
    expect(() => readRun(runs)).toThrow("is not the folder of a run");

    const again = await runTiny(plan, folder, worker);
    expect(again).toMatchObject({ end: "finished", directory });
    expect(ofType(again.events, "run")).toMatchObject([{ total: 4, done: 4, continues: true }]);
    expect(ofType(again.events, "trial.start")).toEqual([]);

    const elsewhere = temporaryFolder();
    await runTiny(plan, elsewhere, worker);
    expect(resultsOf(elsewhere)).toEqual(resultsOf(folder));

    const renamed = await runTiny({ ...plan, study: "renamed" }, folder, worker);
    expect(ofType(renamed.events, "trial.start")).toEqual([]);
    expect(readRun(renamed.directory).trials.map(({ state, reused }) => [state, reused])).toEqual(
      Array(4).fill(["done", true]),
    );
  });

  it("interrupted and continued equals the uninterrupted one", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 30 } });
    const stop = new AbortController();
    const { release } = hold("epoch 8");
    const first = await runTiny(plan, folder, worker, {
      signal: stop.signal,
      onEvent(event) {
        if (event.type !== "trial.progress" || event.progress.epoch < 8) return;
        stop.abort();
        release();
      },
    });
    expect(first.end).toBe("interrupted");
    const [stopping] = ofType(first.events, "stopping");
    expect(stopping!.saved.length).toBeGreaterThan(0);
    expect(listRuns(join(folder, "runs"))[0]!.state).toBe("interrupted");
    const second = await runTiny(plan, folder, worker);
    expect(second).toMatchObject({ end: "finished", directory: first.directory });
    expect(ofType(second.events, "run")[0]!.resumed).toBe(stopping!.saved.length);
    const from = new Map(
      ofType(second.events, "trial.start").map(({ ordinal, fromStep }) => [ordinal, fromStep]),
    );
    for (const { ordinal, step } of stopping!.saved) expect(from.get(ordinal)).toBe(step);

    const elsewhere = temporaryFolder();
    await runTiny(plan, elsewhere, worker);
    expect(resultsOf(folder)).toEqual(resultsOf(elsewhere));
  });

  it("goes on when one trial fails, and says where its log lies; a loss that is not finite is a result", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 1 } });
    const changed: Plan = {
      ...plan,
      trials: plan.trials.map((trial) => {
        const { recipe } = trial;
        if (trial.ordinal === 2) return { ...trial, recipe: { ...recipe, batch: 500 } };
        const objectives = recipe.objectives.map((each) => ({
          ...each,
          optimizer: { ...each.optimizer, parameters: { ...each.optimizer.parameters, lr: 1e30 } },
        }));
        return trial.ordinal === 3 ? { ...trial, recipe: { ...recipe, objectives } } : trial;
      }),
    };
    const { end, directory, events } = await runTiny(changed, folder, worker);
    expect(end).toBe("failed");
    const [failure] = ofType(events, "trial.failed");
    expect(failure).toMatchObject({
      ordinal: 2,
      label: "narrow   seed 2",
      message: expect.stringContaining("the train split of sides has 144 rows, and a batch takes 500"),
    });
    expect(readFileSync(failure!.log, "utf8")).toContain("a batch takes 500");
    expect(readLogs(directory, 2)[0]!.text).toContain("a batch takes 500");
    expect(readRun(directory).trials.map(({ state }) => state)).toEqual([
      "done",
      "failed",
      "diverged",
      "done",
    ]);
    expect(listRuns(join(folder, "runs"))[0]).toMatchObject({
      state: "failed",
      trials: { total: 4, done: 3, failed: 1 },
    });
  });

  it("trains trials that differ in their names only once", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 2 } });
    const [first] = plan.trials;
    const trials = plan.trials.map((trial) => ({ ...trial, networks: first!.networks, seed: "1" }));
    const { end, events } = await runTiny({ ...plan, trials }, folder, worker);
    expect(end).toBe("finished");
    expect(ofType(events, "trial.start")).toHaveLength(1);
    expect(ofType(events, "trial.done").map(({ reused }) => reused)).toEqual([false, true, true, true]);
    expect(ofType(events, "note")).toEqual([]);
  });

  it("says before training that a metric names a class which the data do not have", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 1 } });
    const [experiment] = plan.experiments;
    const metrics = [{ split: "test", metric: "recall", parameters: { of: "lefft" } }] as const;
    const changed = {
      ...plan,
      experiments: [{ ...experiment!, reports: [{ metrics, as: null, by: null }] }],
    };
    await expect(runTiny(changed, folder, worker)).rejects.toThrow("there is no class lefft of y");
    expect(existsSync(join(folder, "runs", "trials"))).toBe(false);
  });

  it("is tried with two steps a trial, of which nothing stays", async () => {
    const folder = temporaryFolder();
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 1000 } });
    const { end, directory } = await runTiny(plan, folder, worker, { smoke: true });
    expect(end).toBe("finished");
    expect([existsSync(directory), existsSync(join(folder, "runs"))]).toEqual([false, false]);
  });
});

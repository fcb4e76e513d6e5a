import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { cachedDatasets, loadDatasets } from "../../src/run/datasets.ts";
import { doneIn, jobsOf } from "../../src/run/jobs.ts";
import { measurePace } from "../../src/run/pace.ts";
import type { Plan } from "../../src/study/plan.ts";
import { bundle } from "../bundle.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { runTiny, temporaryFolder, tinyData, tinyPlan } from "./tiny-study.ts";

const engine = await tensorflowForTests();
const worker = engine ? await bundle("src/run/worker.ts") : "";

describe.skipIf(!engine)("what lies ahead of a study", { timeout: 180_000 }, () => {
  it("is known from the prepared data and the results: done trials by their run, others as new", async () => {
    const folder = temporaryFolder();
    const runs = join(folder, "runs");
    const plan = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 2 } });
    expect(await cachedDatasets(plan, join(folder, "cache"))).toBeUndefined();
    const { directory } = await runTiny(plan, folder, worker);

    const longer = tinyPlan(tinyData(join(folder, "data")), { length: { epochs: 3 } });
    const mixed = {
      ...plan,
      trials: plan.trials.map((trial, i) => (i < 2 ? trial : longer.trials[i]!)),
    };
    const datasets = await cachedDatasets(mixed, join(folder, "cache"));
    const states = jobsOf(mixed, datasets!.of).map((job) => doneIn(runs, job));
    expect(states).toEqual([
      { run: basename(directory) },
      { run: basename(directory) },
      undefined,
      undefined,
    ]);
  });

  it("takes as long as some of its steps say; a length in time takes that and the start", async () => {
    const folder = temporaryFolder();
    const signal = new AbortController().signal;
    const data = tinyData(join(folder, "data"));
    const pace = async (plan: Plan) => {
      const datasets = await loadDatasets(plan, { cacheFolder: join(folder, "cache"), onEvent() {}, signal });
      const trial = plan.trials[0]!;
      const options = { engine: engine!, threads: 1, together: 2, evaluateBatch: 64, signal };
      return (await measurePace(trial, datasets!.of(trial.data), options))!;
    };
    const { low, seconds, high } = await pace(tinyPlan(data, { length: { epochs: 1e9 } }));
    expect(low).toBeLessThanOrEqual(seconds);
    expect(seconds).toBeLessThanOrEqual(high);
    // No machine makes a step in less than a microsecond.
    expect(low).toBeGreaterThan(1e9 * 9 * 1e-6);
    expect((await pace(tinyPlan(data, { length: { seconds: 1000 } }))).seconds).toBeGreaterThan(1000);
  });
});

/** `t == spiral`, `t == 1`: classes in own losses and metrics, by their names and by their numbers. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { openReference } from "../../src/engine/reference/open.ts";
import { checkMetrics } from "../../src/run/check-metrics.ts";
import { buildTrial } from "../../src/train/build.ts";
import { withClasses } from "../../src/train/class-names.ts";
import { measure } from "../../src/train/measure.ts";
import { trainTrial } from "../../src/train/trial.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { planText } from "../study/files.ts";
import { done } from "./small-trial.ts";

const folder = mkdtempSync(join(tmpdir(), "dlc-classes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const names = ["spiral", "elliptical", "star", "spiral"];
const rows = Array.from({ length: 40 }, (_, i) => `${i % 4},${(i * 7) % 5},${names[i % 4]}`);
writeFileSync(join(folder, "kinds.csv"), `a,b,kind\n${rows.join("\n")}\n`);

const study = (of: string, weight = of): string => `edition 2026
data kinds {
  source = csv("${join(folder, "kinds.csv")}")
  input x : f32[2] = [source.a, source.b]
  target kind : class[3] = source.kind
  split = random(train: 20 / 40, valid: 10 / 40, test: 10 / 40, seed: 1)
}
metric share(y: f32[N, K], t: class[K]) { mean(where(t ${of}, 1, 0)) }
loss weighed(y: f32[N, K], t: class[K]) { cross_entropy(y, t) * where(t ${weight}, 3, 1) }
model line : f32[N, D] -> f32[N, K] { dense(K) }
recipe plain { loss = weighed; optimizer = sgd(lr: 0.1); batch = 10; length = 1 epochs }
experiment asked { data = kinds; model = line; recipe = plain; report test.share }
`;

const engines = { reference: openReference(), tensorflow: await tensorflowForTests() };

describe.each(["reference", "tensorflow"] as const)("on %s", (name) => {
  const engine = engines[name];

  async function trained(of: string) {
    const { plan, told } = planText(study(of));
    expect(told).toBe("");
    const planned = plan!.trials[0]!;
    const dataset = await loadDataset(planned.data, { cache: join(folder, "cache") });
    checkMetrics(plan!, () => dataset);
    const program = buildTrial(withClasses(planned, dataset), dataset.count, { evaluateBatch: 10 });
    const outcome = done(await trainTrial({ trial: planned, program, dataset, engine: engine!, threads: 1 }));
    const [metric] = plan!.experiments[0]!.reports[0]!.metrics;
    const { classes, data } = dataset.fields.kind!;
    const shareOf = (kind: string) =>
      dataset.rows.test!.filter((row) => classes![Number(data[row])!] === kind).length /
      dataset.rows.test!.length;
    const share = measure(planned, metric!, outcome.predictions.test!, dataset.fields);
    return { share, shareOf, weights: outcome.weights["dense/kernel"]!.data, classes };
  }

  test.skipIf(!engine)("a name is the number that the class has in the data", async () => {
    const named = await trained("== spiral");
    expect(named.classes).toEqual(["elliptical", "spiral", "star"]);
    expect(named.share).toBeCloseTo(named.shareOf("spiral"), 6);
    expect(named.share).toBeGreaterThan(0);
    const other = await trained("== star");
    expect(other.share).toBeCloseTo(other.shareOf("star"), 6);
    expect(other.weights).not.toEqual(named.weights);
    for (const same of ['== "spiral"', "== 1"]) {
      const again = await trained(same);
      expect([again.share, again.weights]).toEqual([named.share, named.weights]);
    }
    expect((await trained("!= spiral")).share).toBeCloseTo(1 - named.share, 6);
  });
});

test("a name that no class has is told before anything is trained", async () => {
  for (const text of [study("== spirl"), study("== 1", "== spirl")]) {
    const { plan, told } = planText(text);
    expect(told).toBe("");
    const dataset = await loadDataset(plan!.trials[0]!.data, { cache: join(folder, "cache") });
    expect(() => checkMetrics(plan!, () => dataset)).toThrowError(
      expect.objectContaining({
        message: "there is no class `spirl` of `kind`",
        diagnostic: expect.objectContaining({ code: "DL4022", text: "did you mean `spiral`?" }),
      }),
    );
  }
});

describe("what is no class", () => {
  test.each([
    ["== 3", "there is no class 3: 3 classes are counted from 0 to 2"],
    ["== true", "`==` cannot be used between a class and true"],
    ["== 0.5", "`==` cannot be used between a class and 0.5"],
    ["< 2", "`<` cannot be used between a class and 2"],
    ["* 2", "`*` cannot be used between a class and 2"],
  ])("%s", (of, message) => {
    const { diagnostics } = planText(study(of, "== 0"));
    expect(diagnostics.map((each) => each.message)).toEqual([message]);
    expect(diagnostics[0]!.hint).toBeTruthy();
  });
});

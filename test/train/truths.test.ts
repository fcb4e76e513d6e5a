/** A target that is true or false has the classes `not f` and `f`, from the file to the metric. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { openReference } from "../../src/engine/reference/open.ts";
import { buildTrial } from "../../src/train/build.ts";
import { withClassWeights } from "../../src/train/class-weights.ts";
import { measure } from "../../src/train/measure.ts";
import { trainTrial } from "../../src/train/trial.ts";
import { tensorflowForTests } from "../engine/open.ts";
import { planText } from "../study/files.ts";
import { done } from "./small-trial.ts";

const folder = mkdtempSync(join(tmpdir(), "dlc-truths-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const rows = Array.from({ length: 40 }, (_, i) => `${i - 19.5},${30 - i},${i >= 30 ? "True" : "False"}`);
writeFileSync(join(folder, "stars.csv"), `a,b,variable\n${rows.join("\n")}\n`);

const study = (field: string, units: string, loss: string): string => `edition 2026
data stars {
  source = csv("${join(folder, "stars.csv")}")
  input x : f32[2] = [source.a, source.b]
  target ${field}
  split = stratified(by: variable, train: 50%, valid: 25%, test: 25%, seed: 1)
  prepare x { standardize }
}
model line : f32[N, D] -> f32[N, ${units}] { dense(${units}) }
recipe plain { loss = ${loss}; optimizer = sgd(lr: 0.5); batch = 10; length = 20 epochs }
experiment asked {
  data = stars; model = line; recipe = plain
  report test.accuracy, test.recall, test.recall(of: "not variable"), test.auc
}
`;

const ways = [
  ["cross entropy", "variable : bool = source.variable", "K", "cross_entropy"],
  ["balanced", "variable : bool = source.variable", "K", "cross_entropy(weight: balanced)"],
  ["one logit", "variable : bool = source.variable", "1", "binary_cross_entropy"],
  ["a comparison", "variable : bool = source.a > 10", "K", "cross_entropy"],
  ["a column of truths as two classes", "variable : class[2] = source.variable == 1", "K", "cross_entropy"],
] as const;

const engines = { reference: openReference(), tensorflow: await tensorflowForTests() };

describe.each(["reference", "tensorflow"] as const)("on %s", (name) => {
  const engine = engines[name];
  test.skipIf(!engine).each(ways)("%s", async (_what, field, units, loss) => {
    const { plan, told } = planText(study(field, units, loss));
    expect(told).toBe("");
    const planned = plan!.trials[0]!;
    const dataset = await loadDataset(planned.data, { cache: join(folder, "cache") });
    expect(dataset.fields.variable!.classes).toEqual(["not variable", "variable"]);
    const trial = withClassWeights(planned, dataset);
    const program = buildTrial(trial, dataset.count, { evaluateBatch: 10 });
    const outcome = done(await trainTrial({ trial, program, dataset, engine: engine!, threads: 1 }));
    const [accuracy, recall, other, auc] = plan!.experiments[0]!.reports[0]!.metrics.map((metric) =>
      measure(trial, metric, outcome.predictions.test!, dataset.fields),
    );
    expect(accuracy).toBeGreaterThanOrEqual(0.8);
    expect(auc).toBeGreaterThan(0.9);
    // Accuracy is the mean of the recalls of both classes, each by its share.
    const test = dataset.rows.test!;
    const share = test.filter((row) => dataset.fields.variable!.data[row] === 1).length / test.length;
    expect(accuracy).toBeCloseTo(recall! * share + other! * (1 - share), 8);
  });
});

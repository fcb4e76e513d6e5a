import { expect, it } from "vitest";
import type { Formula } from "../../src/check/formula.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { evaluatedKey, evaluationKey, trialKey } from "../../src/store/keys.ts";
import { fieldsOf } from "../../src/study/keys.ts";
import { planText, study } from "../study/files.ts";

const trial = planText(study()).plan!.trials[0]!;
const scalars = { dtype: "f32", shape: ["N"] } as unknown as Formula["type"];
const row = Int32Array.of(0);
const dataset = {
  fields: Object.fromEntries([...fieldsOf(trial), "snr"].map((name) => [name, { name, digest: name }])),
  rows: { train: row, valid: row, test: row },
  rowDigests: { train: "1", valid: "2", test: "3" },
} as unknown as Dataset;
const moved = { ...dataset, rowDigests: { ...dataset.rowDigests, test: "0".repeat(64) } };

it("other test rows are another evaluation of the same trial; other rows of train or valid are another trial", () => {
  const key = trialKey(trial, dataset);
  expect(trialKey(trial, moved)).toBe(key);
  const evaluated = (of: typeof dataset, split: "valid" | "test") => evaluatedKey(key, trial, of, split);
  expect(evaluated(moved, "test")).not.toBe(evaluated(dataset, "test"));
  expect(evaluated(moved, "valid")).toBe(evaluated(dataset, "valid"));
  expect(evaluationKey("1", evaluated(dataset, "test"))).not.toBe(
    evaluationKey("2", evaluated(dataset, "test")),
  );
  for (const split of ["train", "valid"] as const) {
    const other = { ...dataset, rowDigests: { ...dataset.rowDigests, [split]: "0".repeat(64) } };
    expect(trialKey(trial, other)).not.toBe(key);
  }
});

it("another prediction is another evaluation of the same trial", () => {
  const key = trialKey(trial, dataset);
  const snr: Formula = { leaves: [{ field: "snr" }], layers: [], result: -1, type: scalars, text: "snr" };
  const asked = { ...trial, predictions: { ...trial.predictions, snr } };
  expect(fieldsOf(asked)).toContain("snr");
  expect(trialKey(asked, dataset)).toBe(key);
  expect(evaluatedKey(key, asked, dataset, "test")).not.toBe(evaluatedKey(key, trial, dataset, "test"));
});

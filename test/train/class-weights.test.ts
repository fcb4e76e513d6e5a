import { expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import type { DataSpec } from "../../src/study/plan.ts";
import { withClassWeights } from "../../src/train/class-weights.ts";
import { call, network, pairedTrial, recipe } from "./networks.ts";

const rows = (...list: number[]) => Int32Array.from(list);

function labelled(labels: readonly number[], train: Int32Array): Dataset {
  return {
    name: "toy",
    count: labels.length,
    fields: {
      kind: {
        name: "kind",
        role: "target",
        type: { kind: "class", count: 3 },
        shape: [],
        data: Int32Array.from(labels),
        classes: ["star", "galaxy", "quasar"],
        undo: [],
        digest: "",
      },
    },
    rows: { train, valid: rows(), test: rows() },
    rowDigests: { train: "", valid: "", test: "" },
  };
}

const net = network([4], (layer) => {
  layer("dense", { units: 3 });
});
const fields = [
  { role: "input", name: "x" },
  { role: "target", name: "kind" },
];

const trialWith = (given: Parameters<typeof call>[2]) =>
  pairedTrial(net, recipe(call("optimizer", "sgd"), call("loss", "cross_entropy", given), 4), {
    fields,
  } as unknown as DataSpec);

// scikit-learn's compute_class_weight("balanced"): n / (K n_k).
test("balanced weights are counted in the train split alone, and weigh 1 on average", () => {
  const dataset = labelled([0, 0, 0, 1, 1, 2, 2, 2, 2], rows(0, 1, 2, 3, 4, 5));
  const { weight } = withClassWeights(trialWith({ weight: "balanced" }), dataset).recipe.objectives[0]!.loss
    .layers[0]!.parameters;
  expect(weight).toEqual([6 / 9, 1, 2]);
  const mean = [0, 0, 0, 1, 1, 2].reduce((sum, k) => sum + (weight as number[])[k]!, 0) / 6;
  expect(mean).toBeCloseTo(1, 12);
});

test("given weights, and none, stay as they are", () => {
  const dataset = labelled([0, 1, 2], rows(0, 1, 2));
  const givens: Parameters<typeof call>[2][] = [{}, { weight: [1, 2, 3] }];
  for (const given of givens) {
    const trial = trialWith(given);
    expect(withClassWeights(trial, dataset)).toBe(trial);
  }
});

test("a class without a row in train is named", () => {
  const dataset = labelled([0, 1, 2], rows(0, 1));
  expect(() => withClassWeights(trialWith({ weight: "balanced" }), dataset)).toThrow(
    "the train split of toy has no row of kind `quasar`, so `weight: balanced` cannot weigh it",
  );
});

/** `teacher: from(e)`: a network that another experiment trained, used as it is in a loss. */
import { describe, expect, test } from "vitest";
import { walkFormula } from "../../src/check/formula.ts";
import { planText } from "./files.ts";

const text = `edition 2026
data galaxies {
  source = simulate.galaxies(count: 600, size: 32 px, bands: [Y, J, H], seed: 11)
  input image : f32[32, 32, 3] = source.image
  target label : class[3] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)
  prepare image { standardize }
}
model net(width: int = 4) : f32[N, H, W, C] -> f32[N, K] { conv(width); relu; global_avg_pool; dense(K) }
recipe plain { loss = cross_entropy; optimizer = adam(lr: 0.01); batch = 32; length = 2 epochs }
recipe distilled = plain with {
  loss = cross_entropy(student(image), label) + 0.5 * mean((student(image) - teacher(image)) ^ 2, axis: -1)
}
experiment big { data = galaxies; model = net(16); recipe = plain; repeat seed over 1 .. 2; report test.accuracy }
experiment small {
  data = galaxies
  model = { student: net, teacher: from(big) }
  recipe = distilled
  repeat seed over 1 .. 2
  report test.accuracy
}
`;

test("is planned, is not trained, and cannot be run yet", () => {
  const { plan, told, later } = planText(text);
  expect(told).toBe("");
  const [first, second] = plan!.trials.filter(({ experiment }) => experiment === "small");
  const [ours, theirs] = plan!.trials.filter(({ experiment }) => experiment === "big");
  expect([first!.frozen, second!.frozen]).toEqual([{ teacher: ours!.ordinal }, { teacher: theirs!.ordinal }]);
  expect(first!.networks.map(({ name, network }) => [name, network.model])).toEqual([
    ["student", "net"],
    ["teacher", "net"],
  ]);
  expect(first!.networks[1]!.network).toBe(ours!.networks[0]!.network);
  const [objective] = first!.recipe.objectives;
  expect(objective!.trains).toEqual(["student"]);
  const reached: string[] = [];
  walkFormula(objective!.loss, {
    leaf(leaf) {
      if ("network" in leaf) reached.push(leaf.network);
    },
  });
  expect(reached.sort()).toEqual(["student", "teacher"]);
  // What the student answers is what a metric compares.
  expect(first!.pair).toEqual({ prediction: "student(image)", target: "label" });
  expect(later).toEqual([
    "a network with the weights of another training (`from`) cannot be run in this version yet",
  ]);
});

test("asked for alone, it is planned with what it is taken from", () => {
  const { plan, told } = planText(text, { experiment: "small" });
  expect(
    plan?.experiments.map(({ name }) => name),
    told,
  ).toEqual(["big", "small"]);
});

/** The messages where one part is written otherwise. */
function said(replace: string, by: string): readonly string[] {
  expect(text).toContain(replace);
  return planText(text.replace(replace, by)).diagnostics.map(({ code, message }) => `${code} ${message}`);
}

describe("what cannot be", () => {
  test.each([
    ["an experiment that is not there", "from(big)", "from(bog)", ["DL5015 there is no experiment `bog`"]],
    [
      "rows that the teacher has seen",
      "data = galaxies\n  model = {",
      "data = galaxies with { split = random(train: 70%, valid: 15%, test: 15%, seed: 8) }\n  model = {",
      ["DL6010 `big` was trained on rows that `galaxies` evaluates on: the answer would be too good"],
    ],
    [
      "training it",
      "recipe = distilled",
      "recipe = plain with { loss = mean((teacher(image)) ^ 2, axis: -1) }",
      ["DL5009 this loss uses no network that is trained: nothing is learned from it"],
    ],
    [
      "a part of it",
      "from(big)",
      "from(big, groups: [conv])",
      ["DL5025 a network that is not trained is taken whole"],
    ],
    [
      "as the only network",
      "{ student: net, teacher: from(big) }",
      "from(big)",
      ["DL5014 a model is needed here, but this is the origin of weights `from`"],
    ],
    [
      "a seed that it has not",
      "recipe = distilled\n  repeat seed over 1 .. 2",
      "recipe = distilled\n  repeat seed over 1 .. 3",
      ["DL5025 `big` was not trained with seed 3"],
    ],
  ])("%s", (_what, replace, by, messages) => {
    expect(said(replace, by)).toEqual(messages);
  });

  test("a block that trains it", () => {
    const blocks = `recipe distilled {
  train student { minimize cross_entropy(student(image), label); optimizer = adam(lr: 0.01) }
  train teacher { minimize cross_entropy(teacher(image), label); optimizer = adam(lr: 0.01) }
  batch = 32
  length = 2 epochs
}`;
    const from = text.indexOf("recipe distilled");
    const to = text.indexOf("experiment big");
    const { diagnostics } = planText(`${text.slice(0, from)}${blocks}\n${text.slice(to)}`);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "`teacher` is not trained: it has the weights that `big` left",
    ]);
  });
});

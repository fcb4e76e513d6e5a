/** Lines of experiments besides axes and questions: searches, ensembles, budgets, transfer, classic learners. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { trialIdentity } from "../../src/study/keys.ts";
import { summarise } from "../../src/study/summarise.ts";
import { asking, planFile, planText, study } from "./files.ts";

/** What is wrong, without the hints about replaced values. */
const problems = (text: string): readonly string[] =>
  planText(text)
    .diagnostics.filter(({ severity }) => severity !== "hint")
    .map(({ code, message }) => `${code}: ${message}`);

const soundPlan = (text: string) => {
  const planned = planText(text);
  if (!planned.plan) throw new Error(planned.told);
  return { ...planned, plan: planned.plan };
};

describe("search", () => {
  const searching = (space: string, more = " by max(valid.accuracy) per model") =>
    asking(
      `  vary model over { a: small, b: small(width: 9) }\n  search tpe(trials: 50, seed: 1, pruner: median) over { ${space} }${more}\n  repeat seed over 1 .. 8`,
    );

  test("is planned: how many points, how many trainings, and what is trained of what is found", () => {
    const { plan, later } = soundPlan(searching("recipe.optimizer.lr: 1e-4 .. 1e-1 log"));
    expect(summarise(plan)).toBe(
      "a search of 50 points takes 100 trainings; then 2 models x 8 seeds = 16 trainings",
    );
    expect(later).toEqual(["`search` cannot be run in this version yet"]);
    expect(plan.experiments[0]!.searches).toMatchObject([
      {
        method: { op: "tpe", parameters: { trials: 50, seed: "1", startup: 10, candidates: 24 } },
        space: [{ path: "recipe.optimizer.lr", over: "1e-4 .. 1e-1 log" }],
        by: { split: "valid", metric: "accuracy" },
        per: ["model"],
        trainings: 100,
      },
    ]);
    // The middle of the interval, at equal ratios.
    expect(plan.trials[0]!.recipe.objectives[0]!.optimizer.parameters.lr).toBeCloseTo(Math.sqrt(1e-5), 6);
    expect(plan.trials[0]!.levels).toEqual({ model: "a" });
  });
  test("a name of its own", () => {
    const { plan } = soundPlan(
      asking("  search random(trials: 9) over { w: [4, 8] } by min(valid.loss)\n  model = small(width: w)"),
    );
    expect(plan.trials).toHaveLength(1);
  });
  test.each([
    [
      "a misspelt path",
      "recipe.optimiser.lr: 0.1 .. 0.2",
      undefined,
      "DL2011: there is no `optimiser` in a recipe",
    ],
    [
      "a value that no batch can have",
      "recipe.batch: [16, 0]",
      undefined,
      "DL3004: `batch` must be 1 or more, not 0",
    ],
    [
      "an end that no rate can have",
      "model.dropout: 0 .. 1",
      undefined,
      "DL2011: there is no `dropout` in the model `small`",
    ],
    ["a factor", "model: { small }", undefined, "DL5019: `model` is already set"],
    [
      "on the test split",
      "recipe.batch: [16, 32]",
      " by max(test.accuracy)",
      "DL6001: a search goes by it on the test split: the answer would be too good",
    ],
    [
      "without a goal",
      "recipe.batch: [16, 32]",
      "",
      "DL5026: say what the search should make large or small",
    ],
    ["a bare value", "16", undefined, "DL5026: say what is searched here"],
    [
      "a name that nothing uses",
      "widht: [4, 8]",
      undefined,
      "DL5003: `widht` is no path, and no line below uses it",
    ],
  ])("%s", (_what, space, more, message) => {
    expect(problems(searching(space, more))).toEqual([message]);
  });
});

describe("ensembles, saving and budgets", () => {
  const lines = (more: string, seeds = 5) =>
    asking(`  model = small\n  repeat seed over 1 .. ${seeds}\n  report test.accuracy\n  ${more}`);

  test("stand in the plan", () => {
    const { plan, later } = soundPlan(
      lines("ensemble all = mean(model) over seed\n  save model\n  budget { gpu_hours = 12 }"),
    );
    expect(plan.experiments[0]).toMatchObject({
      ensembles: [{ name: "all", over: ["seed"] }],
      save: ["model"],
      budget: { gpu_hours: 12 },
    });
    expect(later).toEqual([
      "an ensemble cannot be run in this version yet",
      "`budget` cannot be run in this version yet",
    ]);
  });
  test.each([
    [
      "another function",
      "ensemble all = max(model) over seed",
      "DL5027: an ensemble is the mean of the predictions of a network",
    ],
    [
      "another network",
      "ensemble all = mean(modle) over seed",
      "DL5029: there is no network `modle` for an ensemble",
    ],
    [
      "over a factor",
      "ensemble all = mean(model) over recipe",
      "DL5008: `recipe` is not a replicate of this experiment",
    ],
    [
      "two of a name",
      "ensemble all = mean(model) over seed\n  ensemble all = mean(model) over seed",
      "DL5019: `all` is already set",
    ],
    ["what is no network", "save weights", "DL5029: there is no network `weights` to save"],
    ["an unknown budget", "budget { gpu_days = 2 }", "DL5028: there is no budget of `gpu_days`"],
    ["a budget of nothing", "budget { hours = 0 }", "DL5028: with `hours = 0` nothing could be trained"],
    ["a budget in words", 'budget { hours = "two" }', "DL3001: `hours` must be a number, not a string"],
    ["an empty budget", "budget { }", "DL5028: this budget limits nothing"],
  ])("%s", (_what, more, message) => {
    expect(problems(lines(more))).toEqual([message]);
  });
  test("of one training, and over folds", () => {
    expect(problems(lines("ensemble all = mean(model) over seed", 1))).toEqual([
      "DL5027: an ensemble of one training is that training",
    ]);
  });
});

describe("classic learners", () => {
  const compared = `  vary model over { cnn: small, forest: classic.random_forest(trees: 50) }
  repeat seed over 1 .. 6
  report test.accuracy, test.macro_f1
  compare cnn - forest on test.accuracy paired by seed`;

  test("are arms like any other, without parameters or a recipe", () => {
    const { plan, later, told } = soundPlan(asking(compared));
    expect(told).toBe("");
    expect(later).toEqual(["a classic learner (`classic.*`) cannot be run in this version yet"]);
    const forest = plan.trials.find(({ levels }) => levels.model === "forest")!;
    expect(forest.learner).toEqual({
      op: "classic.random_forest",
      parameters: { trees: 50, criterion: "gini", inputs: "sqrt", leaf: 1 },
    });
    expect(forest.networks[0]!.network).toMatchObject({
      inputs: [{ field: "image", type: { shape: ["N", 32 * 32 * 3] } }],
      outputs: [{ type: { shape: ["N", 3] } }],
    });
  });
  test("do not depend on the recipe", () => {
    const forestOf = (text: string) =>
      JSON.stringify(trialIdentity(soundPlan(text).plan.trials.find(({ learner }) => learner)!));
    expect(forestOf(asking(compared).replace("lr: 0.01", "lr: 0.1"))).toBe(forestOf(asking(compared)));
    expect(forestOf(asking(compared).replace("trees: 50", "trees: 60"))).not.toBe(forestOf(asking(compared)));
  });
  test("a factor may go into one", () => {
    const { plan } = soundPlan(
      asking("  model = classic.svm\n  vary model.c over log_grid(0.1 .. 10, 3)\n  report test.accuracy"),
    );
    expect(plan.trials.map(({ learner }) => learner!.parameters.c)).toEqual([0.1, 1, 10]);
  });
  test.each([
    ["a misspelt learner", "classic.random_forrest", "DL2011: there is no `random_forrest` in `classic`"],
    [
      "a misspelt parameter",
      "classic.random_forest(tres: 3)",
      "DL2004: there is no parameter `tres` in `classic.random_forest`",
    ],
    [
      "no trees",
      "classic.random_forest(trees: 0)",
      "DL3004: `trees` of `classic.random_forest` must be 1 or more, not 0",
    ],
  ])("%s", (_what, model, message) => {
    expect(problems(asking(`  model = ${model}\n  report test.accuracy`))).toEqual([message]);
  });
});

describe("weights", () => {
  const recipe = (line: string) =>
    study({
      recipe: `recipe short {
  loss = cross_entropy
  optimizer = adam(lr: 0.01)
  batch = 32
  length = 2 epochs
  ${line}
}`,
    });

  test.each([
    ["precision = bf16", { precision: "bf16" }, 1],
    ["clip = norm(1)", { objectives: [{ clip: { op: "norm", parameters: { limit: 1 } } }] }, 0],
    ["average = ema", { average: { op: "ema", parameters: { decay: 0.999 } } }, 0],
    ["freeze = all", { freeze: "all" }, 0],
    ["freeze = [conv]", { freeze: ["conv"] }, 0],
  ])("%s", (line, expected, cannotBeRun) => {
    const { plan, later } = soundPlan(recipe(line));
    expect(plan.trials[0]!.recipe).toMatchObject(expected);
    expect(later).toHaveLength(cannotBeRun);
  });
  test("defaults that are written out change nothing", () => {
    const identity = (text: string) => JSON.stringify(trialIdentity(soundPlan(text).plan.trials[0]!));
    const written = soundPlan(recipe("precision = f32\n  init = random\n  freeze = none"));
    expect(written.later).toEqual([]);
    expect(JSON.stringify(trialIdentity(written.plan.trials[0]!))).toBe(identity(study()));
  });
  test.each([
    ["precision = f8", "`precision`"],
    ["clip = norm(-1)", "DL3004: `limit` of `norm` must be 0 or more, not -1"],
    ["freeze = copied", "DL5025: nothing is copied, so nothing can be frozen as `copied`"],
    ["freeze = [hedd]", "DL5025: `small` has no part `hedd` with weights"],
    ["init = from(short)", "DL5014: an experiment is needed here, but this is the recipe `short`"],
  ])("%s", (line, message) => {
    expect(problems(recipe(line))[0]).toContain(message);
  });
});

describe("from another experiment", () => {
  const transfer = (base: string, from: string, more = "") =>
    study({
      experiment: `experiment base {
  data = galaxies
  recipe = short
${base}
  repeat seed over 1 .. 3
}
experiment question {
  data = galaxies
  model = small
  recipe = short with { init = ${from} }
  repeat seed over 1 .. 3
${more}
}`,
    });

  test("each training has its parent", () => {
    const { plan, later } = soundPlan(transfer("  model = small", "from(base, groups: [conv])"));
    expect(plan.trials.slice(3).map(({ parent }) => parent)).toEqual([1, 2, 3]);
    expect(later).toEqual([
      "a training that goes on from another (`from`) cannot be run in this version yet",
    ]);
  });
  test("a factor of the other is said, or closed there", () => {
    const varied = "  vary model over { wide, small }";
    expect(soundPlan(transfer(varied, "from(base, model: small)")).plan.trials[6]!.parent).toBe(4);
    expect(problems(transfer(varied, "from(base)"))).toEqual(["DL5025: `base` has 2 levels of `model`"]);
    const chosen =
      "  model = small\n  vary recipe.batch over [16, 32]\n  choose recipe.batch by max(valid.accuracy)";
    expect(soundPlan(transfer(chosen, "from(base)")).plan.trials).toHaveLength(9);
  });
  test.each([
    [
      "a part that is none",
      "  model = small",
      "from(base, groups: [cnov])",
      "DL5025: `small` has no part `cnov` with weights",
    ],
    [
      "a part that differs",
      "  model = small(12)",
      "from(base, groups: [conv])",
      "DL5025: `conv` differs: conv/kernel is [3, 3, 3, 8] here, and [3, 3, 3, 12] in `base`",
    ],
    [
      "an experiment below",
      "  model = small",
      "from(question)",
      "DL5025: `question` is not planned before this experiment",
    ],
  ])("%s", (_what, base, from, message) => {
    expect(problems(transfer(base, from))).toEqual([message]);
  });
  test("seeds that the other has not", () => {
    const text = transfer("  model = small", "from(base)").replace(/1 \.\. 3\n\n}/, "1 .. 4\n\n}");
    expect(problems(text)).toEqual(["DL5025: `base` was not trained with seed 4"]);
  });
  test("rows of another split", () => {
    const other = study().match(/data galaxies[\s\S]*?\n}/)![0];
    const text = transfer("  model = small", "from(base)")
      .replace("experiment base {\n  data = galaxies", "experiment base {\n  data = others")
      .replace(
        "model small",
        `${other.replace("galaxies", "others").replace("seed: 7", "seed: 8")}\nmodel small`,
      );
    expect(problems(text)).toEqual([
      "DL6010: `base` was trained on rows that `galaxies` evaluates on: the answer would be too good",
    ]);
  });
});

const examples = join(process.env.DLC_SHARED ?? "../shared", "examples");

describe.skipIf(!existsSync(examples) && process.env.CI !== "true")("the target programs", () => {
  test("07: transfer, layer by layer", () => {
    const { plan, told, later } = planFile(join(examples, "07-transfer.dl"));
    expect(told).toBe("");
    expect(summarise(plan!)).toBe(
      "base: 5 seeds = 5 trainings; transfer: 7 combinations of 4 initializations and 2 values of freeze x 5 seeds = 35 trainings; 40 trainings in all",
    );
    expect(later.length).toBeGreaterThan(0);
    const tuned = plan!.trials.find(
      ({ levels }) => levels["recipe.init"] === "copy_2" && levels["recipe.freeze"] === "tuned",
    )!;
    expect(tuned.recipe).toMatchObject({
      init: { op: "from", parameters: { experiment: "base", groups: ["c1", "c2"] } },
    });
    expect(plan!.experiments[1]!.factors[1]).toMatchObject({ when: "recipe.init != scratch" });
  });
});

import { describe, expect, test } from "vitest";
import { trainableParameters } from "../../src/study/design/arms.ts";
import { summarise } from "../../src/study/summarise.ts";
import { asking, hostOf, planFile, planText, study } from "./files.ts";

/** The experiment with these lines; one with a recipe of its own has no other. */
const textOf = (lines: string): string =>
  lines.includes("recipe = ") ? asking(lines).replace("  recipe = short\n", "") : asking(lines);

const planOf = (lines: string) => {
  const { plan, told } = planText(textOf(lines));
  if (!plan) throw new Error(told);
  return plan;
};

/** What is wrong, without the hints about replaced values. */
const problems = (lines: string): readonly string[] =>
  planText(textOf(lines))
    .diagnostics.filter(({ severity }) => severity !== "hint")
    .map(({ code, message }) => `${code}: ${message}`);

const labels = (axis: string, path = "recipe.optimizer.lr") =>
  planText(asking(`  model = small\n  vary ${path} over ${axis}`)).plan?.experiments[0]?.factors[0]?.labels;

const rates = (lines: string): readonly unknown[] =>
  planOf(lines).trials.map(({ recipe }) => recipe.objectives[0]!.optimizer.parameters.lr);

describe("axes that are drawn", () => {
  test("a Sobol axis has one value in each part of its range, and moves with its seed", () => {
    const values = labels("sobol(0 .. 1, 8, seed: 3)")!.map(Number);
    expect(new Set(values.map((value) => Math.floor(value * 8))).size).toBe(8);
    expect(labels("sobol(0 .. 1, 8, seed: 3)")!.map(Number)).toEqual(values);
    expect(labels("sobol(0 .. 1, 8, seed: 4)")!.map(Number)).not.toEqual(values);
  });
  test("with `log`, at equal ratios", () => {
    const values = labels("sobol(1e-4 .. 1 log, 16)")!.map((label) => Math.log10(Number(label)));
    expect(values.filter((value) => value < -2)).toHaveLength(8);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-4);
  });
  test("from steps and from lists", () => {
    const steps = labels("random(16 .. 64 step 16, 20)", "recipe.batch");
    expect(steps).toBeUndefined();
    expect(
      labels("random(1 .. 63 step 2, 4, seed: 3)", "recipe.batch")!.map((each) => Number(each) % 2),
    ).toEqual([1, 1, 1, 1]);
  });
  test("points of several values, used by name", () => {
    const { trials } = planOf(
      "  vary p over sobol({ lr: 1e-4 .. 1e-1 log, width: [4, 8] }, 4)\n  model = small(width: p.width)\n  recipe = short with { optimizer.lr = p.lr }",
    );
    expect(trials).toHaveLength(4);
    expect(trials[0]!.levels.p).toMatch(/^lr [\d.e-]+, width [48]$/);
    expect(trials.map((trial) => `lr ${trial.recipe.objectives[0]!.optimizer.parameters.lr}`)).toEqual(
      trials.map((trial) => trial.levels.p!.split(",")[0]),
    );
  });
  test.each([
    ["an empty range", "random(1 .. 0, 4)", "DL5005: this range is empty"],
    ["`log` from nothing", "sobol(0 .. 1 log, 4)", "DL5005: equal ratios (`log`) need ends above 0"],
    ["a word", "random(many, 4)", "DL5005: nothing can be drawn from the word `many`"],
    ["no number of values", "random(0 .. 1)", "DL5005: `random` needs the number of values"],
    ["a negative number of values", "sobol(0 .. 1, -3)", "DL3004: `n` of `sobol` must be 1 or more"],
  ])("%s", (_what, axis, message) => {
    expect(problems(`  model = small\n  vary recipe.optimizer.lr over ${axis}`)[0]).toContain(message);
  });
});

describe("zip", () => {
  test("puts axes side by side", () => {
    const { trials } = planOf(
      "  vary p over zip([4, 8, 16], log_grid(1e-3 .. 1e-1, 3))\n  model = small(width: p[0])\n  recipe = short with { optimizer.lr = p[1] }",
    );
    expect(trials.map((trial) => trial.levels.p)).toEqual(["4, 0.001", "8, 0.01", "16, 0.1"]);
    expect(trials.map((trial) => trial.recipe.objectives[0]!.optimizer.parameters.lr)).toEqual([
      0.001, 0.01, 0.1,
    ]);
  });
  test("of a record gives names", () => {
    const { trials } = planOf(
      "  vary p over zip({ width: [4, 8], lr: [0.1, 0.2] })\n  model = small(width: p.width)\n  recipe = short with { optimizer.lr = p.lr }",
    );
    expect(trials.map((trial) => trial.levels.p)).toEqual(["width 4, lr 0.1", "width 8, lr 0.2"]);
    expect(trials.map((trial) => trial.recipe.objectives[0]!.optimizer.parameters.lr)).toEqual([0.1, 0.2]);
  });
  test("needs equally many levels", () => {
    expect(problems("  vary p over zip([4, 8], [0.1])\n  model = small(width: p[0])")).toEqual([
      "DL5005: these axes have 2 and 1 levels: they cannot stand side by side",
    ]);
    expect(problems("  vary p over zip({ w: [4, 8] })\n  model = small(width: p.w)")).toEqual([
      "DL5005: `zip` puts two or more axes side by side",
    ]);
  });
});

describe("axes have names", () => {
  test("in the file", () => {
    const text = asking("  model = small\n  vary recipe.optimizer.lr over rates").replace(
      "recipe short",
      "let rates = log_grid(1e-3 .. 1e-1, 3)\nrecipe short",
    );
    expect(planText(text).plan!.trials.map(({ levels }) => levels["recipe.optimizer.lr"])).toEqual([
      "0.001",
      "0.01",
      "0.1",
    ]);
  });
  test("in another file", () => {
    const text = asking("  model = small\n  vary recipe.optimizer.lr over rates").replace(
      "edition 2026\n",
      'edition 2026\n\nimport "./axes.dl" { rates }\n',
    );
    const host = hostOf({ "study.dl": text, "axes.dl": "edition 2026\n\nlet rates = grid(0.1, 0.2)\n" });
    const { plan, told } = planFile("study.dl", { host });
    expect(told).not.toContain("error");
    expect(plan!.trials).toHaveLength(2);
  });
});

describe("`seed`, a name for the lines below", () => {
  test("a split of its own for each seed", () => {
    const plan = planOf(
      "  repeat seed over 1 .. 3\n  vary data over { own: galaxies with { split.seed = 6 + seed } }\n  model = small",
    );
    const seen = plan.trials.map(({ seed, data }) => `${seed} ${data.split.parameters.seed}`);
    expect(seen.sort()).toEqual(["1 7", "2 8", "3 9"]);
  });
  const own =
    "  repeat seed over 1 .. 3\n  vary data over { own: galaxies with { split.seed = 6 + seed } }\n";
  test("what it is not used for is shared: losses and networks of data that differ in their split", () => {
    const { trials } = planOf(`${own}  model = small`);
    expect(new Set(trials.map(({ recipe }) => recipe.objectives)).size).toBe(1);
    expect(new Set(trials.map(({ networks }) => networks)).size).toBe(1);
  });
  test("a loss and a network that use it are another for each seed", () => {
    const { trials } = planOf(
      `${own}  model = small(width: 2 * seed)\n  recipe = short with { loss = seed * cross_entropy(output, label) }`,
    );
    const widths = trials.map(({ networks }) => networks[0]!.network.layers[0]!.parameters.channels);
    expect(new Set(trials.map(({ recipe }) => JSON.stringify(recipe.objectives[0]!.loss))).size).toBe(3);
    expect(widths).toEqual([2, 4, 6]);
  });
  test("it need not be used", () => {
    const { trials } = planOf("  repeat seed over 1 .. 3\n  model = small");
    expect(new Set(trials.map(({ data }) => data)).size).toBe(1);
  });
});

describe("`when`", () => {
  const optimizers = "{ plain: sgd(lr: 0.1), heavy: sgd(lr: 0.1, momentum: 0.9), adam: adam(lr: 0.01) }";
  const lines = (condition: string) =>
    `  model = small\n  vary recipe.optimizer over ${optimizers}\n  vary recipe.optimizer.lr over [0.2, 0.4] when ${condition}\n  repeat seed over 1 .. 2`;

  test("keeps the old value where it does not hold", () => {
    const plan = planOf(lines("recipe.optimizer == heavy"));
    const seen = plan.trials.map(
      ({ levels, recipe }) =>
        `${levels["recipe.optimizer"]} ${levels["recipe.optimizer.lr"] ?? "-"} ${recipe.objectives[0]!.optimizer.parameters.lr}`,
    );
    expect([...new Set(seen)]).toEqual(["plain - 0.1", "heavy 0.2 0.2", "heavy 0.4 0.4", "adam - 0.01"]);
    expect(plan.trials).toHaveLength(8);
    expect(summarise(plan)).toBe("4 combinations of 3 optimizers and 2 lr x 2 seeds = 8 trainings");
  });
  test.each([
    ["recipe.optimizer != adam", 5],
    ["recipe.optimizer in [plain, adam]", 5],
    ["not (recipe.optimizer == adam) and recipe.optimizer != plain", 4],
    ["recipe.optimizer == plain or recipe.optimizer == heavy", 5],
    ["recipe.optimizer == adam(lr: 0.01)", 4],
    ["true", 6],
    ["1 > 2", 3],
  ])("%s", (condition, combinations) => {
    expect(planOf(lines(condition)).trials).toHaveLength(2 * combinations);
  });
  test("numbers are compared as numbers", () => {
    const wide = (condition: string) =>
      planOf(
        `  model = small\n  vary model.width over [4, 8, 16]\n  vary recipe.batch over [16, 32] when ${condition}`,
      ).trials.length;
    expect(wide("model.width > 4")).toBe(5);
    expect(wide("model.width <= 8.0")).toBe(5);
    expect(wide("model.width == 16")).toBe(4);
  });
  test("a factor under a condition may be the condition of another", () => {
    const { trials } = planOf(
      `  model = small\n  vary recipe.optimizer over ${optimizers}\n  vary recipe.optimizer.lr over [0.2, 0.4] when recipe.optimizer == heavy\n  vary recipe.batch over [8, 16] when recipe.optimizer.lr == 0.4`,
    );
    expect(trials).toHaveLength(5);
  });
  test.each([
    ["a level that is none", "recipe.optimizer == heavvy", "DL5006: no factor has a level `heavvy`"],
    ["a path that is no factor", "recipe.batch == 3", "DL5021: `recipe.batch` is varied in no line above"],
    ["no condition", "0.5", "DL5021: a condition is true or false, and this is 0.5"],
    ["itself", "recipe.optimizer.lr == 0.2", "DL5021: `recipe.optimizer.lr` is varied in no line above"],
    ["an order of words", "recipe.optimizer > 3", "DL5021: `>` compares numbers"],
  ])("%s", (_what, condition, message) => {
    expect(problems(lines(condition))).toEqual([message]);
  });
  test("a name has a value everywhere", () => {
    expect(
      problems(
        "  vary w over [4, 8]\n  vary b over [8, 16] when w == 4\n  model = small(width: w)\n  recipe = short with { batch = b }",
      ),
    ).toEqual(["DL5021: `b` is a name, and a name has a value in every training"]);
  });
});

describe("folds", () => {
  const galaxies = (split: string) =>
    study()
      .split("\n\n")
      .find((part) => part.startsWith("data"))!
      .replace(/split = .*/, `split = ${split}`);
  const folded = (lines: string, split = "k_fold(5, by: label, valid: 15%, seed: 2)") =>
    planText(
      study({
        galaxies: galaxies(split),
        experiment: `experiment question {\n  data = galaxies\n  recipe = short\n  model = small\n${lines}\n}`,
      }),
    );

  test("each fold is a data set of its own", () => {
    const { plan, told } = folded("  repeat fold over 1 .. 5\n  repeat seed over 1 .. 2");
    expect(told).toBe("");
    expect(summarise(plan!)).toBe("5 folds x 2 seeds = 10 trainings");
    expect(plan!.trials.map(({ data }) => data.split.parameters.fold)).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
    ]);
    expect(plan!.trials[2]!.replicates).toEqual({ fold: "2", seed: "1" });
  });
  test.each([
    [
      "not spent",
      "  repeat seed over 1 .. 2",
      undefined,
      "DL5022: `galaxies` is divided into 5 folds, but no line says which one a training leaves out",
    ],
    [
      "more than there are",
      "  repeat fold over 1 .. 6",
      undefined,
      "DL5024: there is no fold 6: folds are numbered 1 to 5",
    ],
    [
      "none",
      "  repeat fold over 1 .. 5",
      "random(train: 80%, test: 20%)",
      "DL5023: `galaxies` has no folds: its split is `random`",
    ],
    [
      "no row to train on",
      "  repeat fold over 1 .. 2",
      "k_fold(2, valid: 50%)",
      "DL4013: a fold of 50 % and 50 % for `valid` leave no row to train on",
    ],
    [
      "a number to keep the shares of",
      "  repeat fold over 1 .. 5",
      "k_fold(5, by: snr)",
      "DL4013: `k_fold` goes by a class or a group, but `snr` is f32",
    ],
  ])("%s", (_what, lines, split, message) => {
    expect(folded(lines, split).diagnostics.map((each) => `${each.code}: ${each.message}`)).toEqual([
      message,
    ]);
  });
  test("regions go by two numbers", () => {
    const region = (by: string) =>
      folded("", `by_region(by: ${by}, cell: 10 deg, train: 80%, test: 20%)`).diagnostics.map(
        ({ code, message }) => `${code}: ${message}`,
      );
    expect(region("[snr, label]")).toEqual([
      "DL4013: `by_region` goes by two numbers, but `label` is class[3]",
    ]);
    expect(region("[snr]")).toEqual(["DL4013: a region has two coordinates"]);
    expect(region("[snr, dec]")).toEqual(["DL4003: `galaxies` has no field `dec`"]);
  });
});

test("a factor's replaced value and its alternatives", () => {
  expect(rates("  model = small\n  vary recipe.optimizer.lr over { low: 0.01, 0.1 }")).toEqual([0.01, 0.1]);
  const { trials } = planOf("  vary w over [4, 8]\n  model = small(width: w)");
  expect(new Set(trials.map(({ networks }) => trainableParameters(networks[0]!.network))).size).toBe(2);
});

test("too many trainings are counted, not made", () => {
  expect(
    problems("  model = small\n  repeat seed over 1 .. 1000000\n  vary recipe.batch over [8, 16]"),
  ).toEqual(["DL5012: this experiment has 2,000,000 trainings; at most 100,000 fit in a plan"]);
});

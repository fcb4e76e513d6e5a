import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { trainableParameters } from "../../src/study/design/arms.ts";
import { summarise } from "../../src/study/summarise.ts";
import { asking, planFile, planText, study } from "./files.ts";

const shared = process.env.DLC_SHARED ?? "../shared";
const examples = join(shared, "examples");

describe.skipIf(!existsSync(examples) && process.env.CI !== "true")("the target programs", () => {
  test.each(existsSync(examples) ? readdirSync(examples).filter((name) => name.endsWith(".dl")) : [])(
    "%s is planned as it is written",
    (name) => {
      const { plan, diagnostics } = planFile(join(examples, name));
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(plan!.trials.length).toBeGreaterThan(0);
    },
  );

  test("01: two models, three learning rates, eight seeds; equal parameters", () => {
    const { plan, diagnostics } = planFile(join(examples, "01-vgg-vs-resnet.dl"));
    // The lr of the recipe is replaced by the grid: that is told, and nothing else.
    expect(diagnostics.map((each) => `${each.severity} ${each.code} ${each.message}`)).toEqual([
      "hint DL5011 lr 0.03 is replaced by the factor in line 61",
    ]);
    expect(summarise(plan!)).toBe("2 models x 3 lr x 8 seeds = 48 trainings; 16 are reported after choose");
    const [experiment] = plan!.experiments;
    expect(experiment!.factors).toEqual([
      { path: "model", labels: ["plain", "skip"] },
      { path: "recipe.optimizer.lr", labels: ["0.01", "0.03", "0.1"] },
    ]);
    expect(experiment!.replicates).toEqual([
      { path: "seed", labels: ["1", "2", "3", "4", "5", "6", "7", "8"] },
    ]);
    expect(experiment!.choose).toEqual([
      {
        path: "recipe.optimizer.lr",
        by: { split: "valid", metric: "accuracy", parameters: {} },
        goal: "max",
        per: ["model"],
      },
    ]);
    const networks = [...new Set(plan!.trials.map((trial) => trial.networks[0]!.network))];
    expect(networks.map(trainableParameters)).toEqual([1_174_244, 1_174_244]);
    const trial = plan!.trials[9]!;
    expect(trial.levels).toEqual({ model: "plain", "recipe.optimizer.lr": "0.03" });
    expect(trial.replicates).toEqual({ seed: "2" });
    expect(trial.recipe.objectives[0]!.optimizer).toEqual({
      op: "sgd",
      parameters: { lr: 0.03, momentum: 0.9, nesterov: true, weight_decay: 5e-4 },
    });
    expect(trial.data.fed).toEqual({
      image: { kind: "tensor", dtype: "f32", shape: [64, 64, 3] },
      label: { kind: "class", count: 4 },
    });
    expect(trial.data.source.parameters.path).toBe(join(shared, "data/galaxy-zoo-4"));
  });

  test("02: bins of a kept field, networks of std", () => {
    const { plan } = planFile(join(examples, "02-euclid-three-classes.dl"));
    expect(summarise(plan!)).toBe("2 models x 8 seeds = 16 trainings");
    expect(plan!.experiments[0]!.reports[1]!.by).toEqual({ field: "snr", bins: [5, 10, 20, 50, 100] });
    expect(plan!.trials[0]!.data.fields.map((field) => `${field.role} ${field.name}`)).toEqual([
      "input image",
      "target label",
      "keep snr",
    ]);
  });
});

test.each([
  ["first-study", "2 models x 6 seeds = 12 trainings"],
  ["galaxy-zoo", "2 models x 6 seeds = 12 trainings"],
  ["euclid", "2 models x 8 seeds = 16 trainings"],
])("specs/%s.dl is in order", (name, summary) => {
  const { plan, told } = planFile(`specs/${name}.dl`);
  expect(told).toBe("");
  expect(summarise(plan!)).toBe(summary);
});

test("the first study compares networks with equally many parameters", () => {
  const { plan } = planFile("specs/first-study.dl");
  const networks = [...new Set(plan!.trials.map((trial) => trial.networks[0]!.network))];
  expect(networks.map(trainableParameters)).toEqual([18_395, 18_395]);
});

test("equal data and equal networks are shared by all trials", () => {
  const { plan, told } = planText(study());
  expect(told).toBe("");
  expect(new Set(plan!.trials.map((trial) => trial.data)).size).toBe(1);
  expect(new Set(plan!.trials.map((trial) => trial.networks[0]!.network)).size).toBe(2);
});

test("without an experiment there is a plan without trials", () => {
  const { plan } = planText(study({ experiment: "" }));
  expect(plan!.trials).toEqual([]);
  expect(summarise(plan!)).toBe("no experiment");
});

describe("axes", () => {
  const labels = (axis: string, path = "recipe.optimizer.lr") =>
    planText(asking(`  model = small\n  vary ${path} over ${axis}`)).plan?.experiments[0]?.factors[0]?.labels;

  test("a grid, a list and a record of alternatives", () => {
    expect(labels("grid(0.01, 3e-2)")).toEqual(["0.01", "3e-2"]);
    expect(labels("[0.01, 0.1]")).toEqual(["0.01", "0.1"]);
    expect(labels("{ low: 0.01, 0.1 }")).toEqual(["low", "0.1"]);
  });
  test("a logarithmic grid hits whole numbers", () => {
    expect(labels("log_grid(2 .. 32, 5)", "model.width")).toEqual(["2", "4", "8", "16", "32"]);
    expect(labels("log_grid(1e-4 .. 1e-1, 4)")).toEqual(["0.0001", "0.001", "0.01", "0.1"]);
  });
  test("a range with a step", () => {
    expect(labels("0.1 .. 0.3 step 0.1")).toEqual(["0.1", "0.2", "0.3"]);
    expect(labels("8 .. 16 step 4", "model.width")).toEqual(["8", "12", "16"]);
  });
  test("random values are the same in every plan and lie in the range", () => {
    const values = labels("random(0 .. 0.5, 4, seed: 3)")!;
    expect(values).toEqual(labels("random(0 .. 0.5, 4, seed: 3)"));
    expect(values).not.toEqual(labels("random(0 .. 0.5, 4, seed: 4)"));
    for (const value of values.map(Number)) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(0.5);
    }
  });
  test("a name of its own is used by later lines", () => {
    const { plan } = planText(asking("  vary w over [4, 8]\n  model = small(width: w)"));
    expect(plan!.trials.map((trial) => trainableParameters(trial.networks[0]!.network))).toEqual([
      3 * 9 * 4 + 4 + 4 * 3 + 3,
      3 * 9 * 8 + 8 + 8 * 3 + 3,
    ]);
  });
  test("shorter paths are applied first, wherever they stand", () => {
    const { plan } = planText(
      asking(
        "  model = small\n  vary recipe.optimizer.lr over [0.5]\n  vary recipe over { a: short, b: short with { optimizer = sgd(lr: 0.1), schedule = cosine } }",
      ),
    );
    expect(
      plan!.trials.map(
        ({
          recipe: {
            objectives: [first],
          },
        }) => [first!.optimizer.op, first!.optimizer.parameters.lr],
      ),
    ).toEqual([
      ["adam", 0.5],
      ["sgd", 0.5],
    ]);
  });
  test("seeds may exceed 2^53", () => {
    const { plan } = planText(asking("  model = small\n  repeat seed over [9007199254740993]"));
    expect(plan!.trials[0]!.seed).toBe("9007199254740993");
  });
  test("data that differ get names that differ", () => {
    const { plan } = planText(asking("  model = small\n  vary data.split.train over [35%, 70%]"));
    expect(plan!.trials.map((trial) => [trial.data.name, trial.data.split.parameters.train])).toEqual([
      ["galaxies", 0.35],
      ["galaxies-2", 0.7],
    ]);
  });
});

describe("recipes", () => {
  const recipeOf = (lines: string) =>
    planText(asking(`  model = small\n  recipe = short with { ${lines} }`).replace("  recipe = short\n", ""))
      .plan?.trials[0]?.recipe;

  test("`with` replaces by path", () => {
    expect(recipeOf("optimizer.lr = 0.5, length = 100 steps")).toMatchObject({
      objectives: [{ optimizer: { op: "adam", parameters: { lr: 0.5 } } }],
      length: { steps: 100 },
    });
  });
  test("a schedule may watch a metric", () => {
    const [objective] = recipeOf("schedule = plateau(valid.accuracy, patience: 3 epochs)")!.objectives;
    expect(objective!.schedule).toEqual({
      op: "plateau",
      parameters: {
        metric: { split: "valid", metric: "accuracy", parameters: {} },
        factor: 0.1,
        patience: { epochs: 3 },
        min_delta: 0,
        floor: 0,
        warmup: { steps: 0 },
      },
    });
  });

  test("early stopping keeps the best of what it watches", () => {
    expect(recipeOf("stop = early(valid.loss, patience: 3 epochs)")).toMatchObject({
      stop: {
        op: "early",
        parameters: { metric: { split: "valid", metric: "loss" }, patience: { epochs: 3 } },
      },
      keep: { kind: "best", metric: { split: "valid", metric: "loss" }, goal: "min" },
    });
    expect(recipeOf("keep = best(valid.accuracy)")).toMatchObject({ keep: { kind: "best", goal: "max" } });
    expect(recipeOf("stop = early(valid.loss), keep = last")).toMatchObject({ keep: { kind: "last" } });
    expect(recipeOf("stop = early(valid.loss) } with { stop = none")).toMatchObject({ stop: null });
  });
});

describe("--set", () => {
  test("paths are resolved against the file in the file, against the working directory on the command line", () => {
    const data = `data galaxies {
  source = image_folder("../images")
  input image : u8[32, 32, 3] = source.image
  target label : class[3] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)
  prepare image { scale(0 .. 1) }
}`;
    const path = (set: readonly string[]) =>
      planText(study({ galaxies: data }), { path: "specs/a.dl", set }).plan?.trials[0]?.data.source.parameters
        .path;
    expect(path([])).toBe("images");
    expect(path(["galaxies.source.path=../other/images"])).toBe("../other/images");
    expect(path(["galaxies.source.path=images"])).toBe("images");
    expect(path(['galaxies.source.path="my images"'])).toBe("my images");
  });
  test("a recipe, an experiment, a factor, a replicate", () => {
    const trial = (...set: string[]) => planText(study(), { set }).plan!.trials;
    expect(trial("short.length=3 epochs")[0]!.recipe.length).toEqual({ epochs: 3 });
    expect(trial("question.recipe.optimizer.lr=0.5")[0]!.recipe.objectives[0]!.optimizer.parameters.lr).toBe(
      0.5,
    );
    expect(
      trial("question.model={ a: small(4), b: wide }").map((each) =>
        trainableParameters(each.networks[0]!.network),
      ),
    ).toContain(3 * 9 * 4 + 4 + 4 * 3 + 3);
    expect(trial("question.seed=1 .. 8").length).toBe(16);
  });
  test("a warning about an axis that was set points at the option", () => {
    expect(planText(study(), { set: ["question.seed=1 .. 5"] }).told).toMatchSnapshot();
  });
  test("a `let`", () => {
    const text = study()
      .replace("data galaxies", "let batch = 32\n\ndata galaxies")
      .replace("batch = 32\n  length", "batch = batch\n  length");
    expect(planText(text, { set: ["batch=64"] }).plan!.trials[0]!.recipe.batch).toBe(64);
  });
  test.each([
    ["shrt.batch=64"],
    ["short.bach=64"],
    ["short.batch=6 4"],
    ["short.batch=many"],
    ["short=64"],
    ["small.width=4"],
    ["question.sed=4"],
    ["galaxies.source.pth=images"],
  ])("%s is refused with a way on", (option) => {
    const { plan, told } = planText(study(), { set: [option] });
    expect(plan).toBeUndefined();
    expect(told).toMatchSnapshot();
  });
});

test("one experiment of several", () => {
  const text = `${study()}\nexperiment other {\n  data = galaxies\n  recipe = short\n  model = small\n}\n`;
  expect(planText(text, { experiment: "other" }).plan!.trials.length).toBe(1);
  expect(summarise(planText(text).plan!)).toBe(
    "question: 2 models x 6 seeds = 12 trainings; other: 1 training; 13 trainings in all",
  );
  const { plan, told } = planText(text, { experiment: "othr" });
  expect(plan).toBeUndefined();
  expect(told).toMatchSnapshot();
});

test("an experiment may be another one `with` lines replaced", () => {
  const text = `${study()}\nexperiment longer = question with { recipe = short with { length = 4 epochs }, repeat seed over 1 .. 7 }\n`;
  const { plan, told } = planText(text, { experiment: "longer" });
  expect(told).toBe("");
  expect(plan!.trials.length).toBe(14);
  expect(plan!.trials[0]!.recipe.length).toEqual({ epochs: 4 });
});

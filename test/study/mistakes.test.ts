import { describe, expect, test } from "vitest";
import { asking, planText, study } from "./files.ts";

/** A data set with one part replaced, in an otherwise sound study. */
function data(replace: string, by: string): string {
  const text = study();
  if (!text.includes(replace)) throw new Error(`the study has no ${replace}`);
  return text.replace(replace, by);
}

function refused(text: string): string {
  const { plan, told } = planText(text);
  expect(plan).toBeUndefined();
  return told;
}

describe("data", () => {
  test.each([
    ["a misspelt column", "source.image", "source.imge"],
    ["a wrong size", "f32[32, 32, 3] =", "f32[64, 64, 3] ="],
    ["a wrong number of classes", "class[3]", "class[4]"],
    ["an unknown type", ": f32 =", ": float ="],
    ["the batch in a field", "f32[32, 32, 3] =", "f32[N, 32, 32, 3] ="],
    ["an unknown role", "keep snr", "kep snr"],
    ["a misspelt field of the split", "by: label", "by: lable"],
    ["stratified by a number", "by: label", "by: snr"],
    ["too large shares", "train: 70%", "train: 80%"],
    ["a misspelt field of a section", "prepare image", "prepare imge"],
    ["a misspelt step", "standardize", "standardise"],
    ["a step that does not fit", "{ standardize }", "{ standardize; flatten; resize(16 px) }"],
    ["a stated type that is not so", "{ standardize }", "{ standardize : f32[16, 16, 3] }"],
    ["a statement that is no step", "{ standardize }", "{ standardize as main }"],
    [
      "training and evaluation that differ",
      "{ standardize }",
      "{ standardize }\n  augment image { random_crop(24 px) }",
    ],
    ["a line twice", "keep snr : f32 = source.snr", "split = random(train: 50%, test: 50%)"],
    ["no split", "  split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)\n", ""],
    ["an unknown line", "  split = ", "  splits = "],
    ["several targets", "keep snr", "target snr"],
    ["no target", "target label", "keep label"],
    ["a condition on text", "= source.snr", '= source.snr where source.snr > "5"'],
    ["a field from nowhere", "= source.snr", "= snr"],
    [
      "a split of a later version",
      "stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)",
      "k_fold(5)",
    ],
  ])("%s", (_what, replace, by) => {
    expect(refused(data(replace, by))).toMatchSnapshot();
  });

  test("an input that is not f32", () => {
    const galaxies = `data galaxies {
  source = image_folder("images")
  input image : u8[32, 32, 3] = source.image
  target label : class[3] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%)
}`;
    expect(refused(study({ galaxies }))).toMatchSnapshot();
  });

  test("sizes that vary, and a type that only the source knows", () => {
    const galaxies = (type: string) => `data galaxies {
  source = image_folder("images")
  input image${type} = source.image
  target label : class[3] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%)
  prepare image { scale(0 .. 1) }
}`;
    expect(refused(study({ galaxies: galaxies(" : u8[H, W, 3]") }))).toMatchSnapshot();
    expect(refused(study({ galaxies: galaxies("") }))).toMatchSnapshot();
  });

  test("no source at all gives one message, not one for each field", () => {
    expect(
      refused(
        data(
          "simulate.galaxies(count: 600, size: 32 px, bands: [Y, J, H], seed: 11)",
          "simulate.galxies(count: 600)",
        ),
      ),
    ).toMatchSnapshot();
  });
});

describe("recipes", () => {
  test.each([
    ["a misspelt line", "batch = 32", "bach = 32"],
    ["a length in epochs by the name of its unit", "length = 2 epochs", "epochs = 2"],
    ["a length in steps by the name of its unit", "length = 2 epochs", "max_steps = 300 steps"],
    ["words of another tool", "batch = 32", "batch_size = 32"],
    ["a misspelt parameter", "adam(lr: 0.01)", "adam(learning_rate: 0.01)"],
    ["a loss for an optimizer", "optimizer = adam(lr: 0.01)", "optimizer = cross_entropy"],
    ["a length without a unit", "length = 2 epochs", "length = 2"],
    ["a length of nothing", "length = 2 epochs", "length = 0 epochs"],
    ["no loss", "  loss = cross_entropy\n", ""],
    ["a loss that does not fit", "loss = cross_entropy", "loss = mean_squared_error"],
    ["a loss on what does not fit", "loss = cross_entropy", "loss = mean_squared_error(output, label)"],
    [
      "a train block of no network",
      "  loss = cross_entropy\n  optimizer = adam(lr: 0.01)",
      "  train net { minimize cross_entropy(output, label); optimizer = sgd(lr: 0.1) }",
    ],
    [
      "early stopping without a validation split",
      "length = 2 epochs",
      "length = 2 epochs\n  stop = early(valid.loss)",
    ],
  ])("%s", (what, replace, by) => {
    const text = data(replace, by);
    expect(
      refused(what.endsWith("validation split") ? text.replace(" valid: 15%,", "") : text),
    ).toMatchSnapshot();
  });
});

describe("experiments", () => {
  test.each([
    ["no model", ""],
    ["data for a model", "  model = galaxies"],
    ["an unknown model", "  model = smal"],
    ["a layer for a model", "  model = conv(3)"],
    ["a misspelt argument", "  model = small(widht: 8)"],
    ["an unknown line", "  model = small\n  modle = wide"],
    ["a statement of a network", "  model = small\n  conv(3)"],
    ["a line that sets a part of a part", "  model = small\n  recipe.batch = 3"],
    ["a misspelt path", "  model = small\n  vary recip.optimizer.lr over grid(0.1, 0.2)"],
    ["a misspelt member", "  model = small\n  vary recipe.optimiser.lr over grid(0.1, 0.2)"],
    ["a misspelt parameter", "  model = small\n  vary recipe.optimizer.lrr over grid(0.1, 0.2)"],
    ["a name that no line uses", "  model = small\n  vary modle over { small, wide }"],
    ["a part under another name", "  vary network over { small, wide }"],
    ["the end of a path", "  model = small\n  vary learning_rate over grid(0.1, 0.2)"],
    ["an axis that is none", "  model = small\n  vary recipe.optimizer.lr over 0.1"],
    ["an interval as an axis", "  model = small\n  vary recipe.optimizer.lr over 0.1 .. 0.2"],
    ["equal labels", "  model = small\n  vary recipe.optimizer.lr over [0.1, 0.1]"],
    ["a value of the wrong type", "  model = small\n  vary recipe.batch over [16, many]"],
    ["a negative batch", "  model = small\n  vary recipe.batch over [16, -1]"],
    ["too many trainings", "  model = small\n  repeat seed over 1 .. 1000000"],
    [
      "a misspelt level",
      "  vary model over { plain: small, skip: wide }\n  compare skpi - plain on test.accuracy",
    ],
    [
      "levels of two factors",
      "  vary model over { plain: small, skip: wide }\n  vary recipe over { short, long: short }\n  compare skip - long on test.accuracy",
    ],
    [
      "a level with itself",
      "  vary model over { plain: small, skip: wide }\n  compare skip - skip on test.accuracy",
    ],
    [
      "pairing by a factor",
      "  vary model over { plain: small, skip: wide }\n  repeat seed over 1 .. 6\n  compare skip - plain on test.accuracy paired by model",
    ],
    [
      "comparing what is chosen",
      "  vary model over { plain: small, skip: wide }\n  choose model by max(valid.accuracy)\n  compare skip - plain on test.accuracy",
    ],
    ["choosing what is no factor", "  model = small\n  choose recipe.batch by max(valid.accuracy)"],
    [
      "choosing without max or min",
      "  model = small\n  vary recipe.batch over [16, 32]\n  choose recipe.batch by valid.accuracy",
    ],
    [
      "choosing the worst",
      "  model = small\n  vary recipe.batch over [16, 32]\n  choose recipe.batch by max(valid.loss)",
    ],
    ["a misspelt metric", "  model = small\n  report test.acuracy"],
    ["a metric as logs call it", "  model = small\n  report val_acc"],
    ["a metric without a split", "  model = small\n  report accuracy"],
    ["a metric of numbers on classes", "  model = small\n  report test.rmse"],
    ["bins of an unknown field", "  model = small\n  report test.accuracy by snnr in [5, 10]"],
    ["no bins for a number", "  model = small\n  report test.accuracy by snr"],
    ["bins that do not ascend", "  model = small\n  report test.accuracy by snr in [10, 5]"],
    ["bins of pictures", "  model = small\n  report test.accuracy by image in [5, 10]"],
    [
      "bins of what is not measured row by row",
      "  model = small\n  report test.accuracy, cost.time by snr in [5, 9]",
    ],
    ["bins of two splits", "  model = small\n  report test.accuracy, valid.accuracy by snr in [5, 9]"],
    ["a bare loss for several networks", "  model = { generator: small, critic: wide }"],
    ["a condition", "  model = small\n  vary recipe.batch over [16, 32] when recipe.optimizer == adam"],
    ["folds", "  model = small\n  repeat fold over 1 .. 5"],
  ])("%s", (_what, lines) => {
    expect(refused(asking(lines))).toMatchSnapshot();
  });

  test("the probabilities twice", () => {
    const networks = `model small(width: int = 8) : f32[N, H, W, C] -> f32[N, K] {
  conv(width); relu
  global_avg_pool
  dense(K)
  softmax
}`;
    const experiment = "experiment question {\n  data = galaxies\n  recipe = short\n  model = small\n}";
    expect(refused(study({ networks, experiment }))).toMatchSnapshot();
  });

  test("a mistake in a block is told once, however many trials meet it", () => {
    const networks = `model small(width: int = 8) : f32[N, H, W, C] -> f32[N, K] {
  conv(width, kernel: 3) as main
  conv(2 * width, kernel: 3)
  it + main
  global_avg_pool
  dense(K)
}`;
    const experiment =
      "experiment question {\n  data = galaxies\n  recipe = short\n  model = small\n  vary model.width over [4, 8, 16]\n  repeat seed over 1 .. 8\n}";
    const { diagnostics } = planText(study({ networks, experiment }));
    expect(diagnostics.map((each) => each.code)).toEqual(["DL3101"]);
  });

  test("a recipe made from itself", () => {
    expect(refused(study({ recipe: "recipe short = short with { batch = 3 }" }))).toMatchSnapshot();
  });

  test("several mistakes are all told", () => {
    const text = asking("  model = small\n  report test.acuracy")
      .replace("batch = 32", "bach = 32")
      .replace("source.snr", "source.sn");
    expect(
      planText(text)
        .diagnostics.map((each) => each.code)
        .sort(),
    ).toEqual(["DL2002", "DL2011", "DL4004"]);
  });
});

/** What people write who come from other tools, or know half of this one: the first line names the mistake, the last the way out. */
import { describe, expect, test } from "vitest";
import { planText } from "./files.ts";

const images = `edition 2026

data mine {
  source = image_folder("galaxies")
  input image : u8[64, 64, 3] = source.image
  target kind : class[4] = source.class
  split = stratified(by: kind, train: 60%, valid: 15%, test: 25%, seed: 7)
  prepare image { centre_crop(48 px); scale(0 .. 1) }
}

model small(width: int = 8) : f32[N, H, W, C] -> f32[N, K] {
  conv(width)
  relu
  global_avg_pool
  dense(K)
}

recipe short {
  loss = cross_entropy
  optimizer = adam(lr: 1e-3)
  batch = 32
  length = 2 epochs
  keep = best(valid.loss)
}

experiment ask {
  data = mine
  model = small
  recipe = short
  vary model.width over { narrow: 8, wide: 9 }
  vary recipe.optimizer.lr over log_grid(1e-4 .. 1e-2, 3)
  repeat seed over 1 .. 6
  choose recipe.optimizer.lr by max(valid.accuracy) per model.width
  report test.accuracy as mean_ci(95%)
  compare wide - narrow on test.accuracy paired by seed
  allow DL6005 because "width is the question"
}
`;

/** The errors and warnings of the study with one part written otherwise, without the lines that only point. */
function told(replace: string, by: string, text = images): string {
  expect(text).toContain(replace);
  const { diagnostics } = planText(text.replace(replace, by));
  return diagnostics
    .filter(({ severity }) => severity !== "hint")
    .map(({ code, message, text, labels, hint, fixes }) =>
      [
        `${code} ${message}`,
        text,
        ...labels.map((label) => label.text),
        hint && `hint: ${hint}`,
        ...fixes.map(({ title }) => `fix: ${title}`),
      ]
        .filter(Boolean)
        .join(" | "),
    )
    .join("\n");
}

test("the study itself is in order", () => {
  expect(told("edition", "edition")).toBe("");
  expect(told("2 epochs", "10epochs")).toBe("");
});

describe("one mistake, one message with a way out", () => {
  test.each([
    ["the validation split", "best(valid.loss)", "best(val.loss)"],
    ["a metric of Keras' history", "best(valid.loss)", "best(val_loss)"],
    ["a metric without its split", "report test.accuracy", "report accurate"],
    ["a metric of the standard library", "report test.accuracy", "report test.dice"],
    ["a string for an operator", "= cross_entropy", '= "crossentropy"'],
    ["a metric for a loss", "= cross_entropy", "= mse"],
    ["class weights", "= cross_entropy", "= cross_entropy(class_weights: balanced)"],
    ["a recipe of the standard library", "recipe = short", "recipe = quick"],
    ["a misspelt data set", "data = mine", "data = min"],
    ["data that are not declared", "data = mine", "data = galaxies"],
    ["a layer of the standard library", "conv(width)", "conv_bn_relu(width)"],
    ["an activation as an argument", "conv(width)", "conv(width, activation: relu)"],
    ["input channels", "conv(width)", "conv(in_channels: 3, channels: width)"],
    ["arguments by place", "conv(width)", "conv(3, 64, 3)"],
    ["a tuple", "conv(width)", "conv(width, kernel: (3, 3))"],
    ["a tensor that is assigned", "conv(width)", "x = conv(width)"],
    ["degrees for pixels", "48 px", "48 deg"],
    ["a section of another name", "prepare image", "transform image"],
    ["a role of another name", "target kind", "label kind"],
    ["a range as two values", "1e-4 .. 1e-2, 3", "1e-4, 1e-2, 3"],
    ["the last word of a path", "choose recipe.optimizer.lr", "choose lr"],
    ["a name for a path", "vary recipe.optimizer.lr", "vary lr"],
    ["a path that is too short", "choose recipe.optimizer.lr", "choose recipe.lr"],
    ["a part for what varies in it", "per model.width", "per model"],
    ["a misspelt path that is named again", "vary model.width", "vary model.kernel_size"],
    [
      "a parameter of another name, named again",
      "vary recipe.optimizer.lr",
      "vary recipe.optimizer.learning_rate",
    ],
    ["a seed in the plural", "repeat seed", "repeat seeds"],
    ["a factor for a replicate", "repeat seed", "vary seed"],
    ["levels without brackets", "over { narrow: 8, wide: 9 }", "over 8, 9"],
    ["levels without braces", "over { narrow: 8, wide: 9 }", "over narrow: 8, wide: 9"],
    ["labels in quotes", "{ narrow: 8, wide: 9 }", '{ "narrow": 8, "wide": 9 }'],
    ["a number of seeds", "seed over 1 .. 6", "seed over 6"],
    ["seeds counted", "repeat seed over 1 .. 6", "repeat 6 seeds"],
    ["a range with a hyphen", "1 .. 6", "1-6"],
    ["a range in words", "1 .. 6", "1 to 6"],
    ["seeds as a setting", "repeat seed over 1 .. 6", "seeds = 6"],
    ["metrics as a setting", "report test.accuracy as mean_ci(95%)", "metrics = [accuracy]"],
    ["arms against each other", "wide - narrow", "wide vs narrow"],
    ["by for on", "narrow on", "narrow by"],
    ["a reason behind a colon", "DL6005 because", "DL6005:"],
    ["a level in percent without the sign", "mean_ci(95%)", "mean_ci(95)"],
    [
      "a step that is assigned",
      "prepare image { centre_crop(48 px); scale(0 .. 1) }",
      "prepare image = scale(0 .. 1)",
    ],
    ["sizes in round brackets", "u8[64, 64, 3]", "u8(64, 64, 3)"],
    ["layers with arrows", "conv(width)\n  relu", "conv(width) -> relu"],
    ["layers with bars", "conv(width)\n  relu", "conv(width) | relu"],
    ["a last line with return", "  dense(K)\n", "  dense(K)\n  return it\n"],
    ["a module before a layer", "  relu\n", "  nn.ReLU()\n"],
    ["channels first", "f32[N, H, W, C] ->", "f32[N, C, H, W] ->"],
    ["a signature without the batch", "f32[N, H, W, C] ->", "f32[H, W, C] ->"],
    ["braces for arguments", "adam(lr: 1e-3)", "adam{lr: 1e-3}"],
    ["a decimal comma", "lr: 1e-3", "lr: 0,01"],
    ["a number in quotes", "lr: 1e-3", 'lr: "1e-3"'],
    ["a whole number with a point", "batch = 32", "batch = 32.0"],
    ["several values without brackets", "batch = 32", "batch = 32, 64"],
    ["the least of a metric", "best(valid.loss)", "min(valid.loss)"],
    ["what is needed of a rule", "best(valid.loss)", "best"],
    ["a checkpoint of Keras", "keep = best(valid.loss)", "save_best = true"],
    ["a limit without its kind", "batch = 32", "clip = 1; batch = 32"],
    ["a section without its field", "prepare image {", "prepare {"],
    ["a section of a misspelt field", "prepare image {", "prepare images {"],
    ["a type before its parameter", "(width: int = 8)", "(int width = 8)"],
    ["a default of the wrong type", "(width: int = 8)", '(width: int = "8")'],
    ["a path without quotes", '"galaxies"', "galaxies.zip"],
    ["a loop over several values", "  conv(width)", "  for c in 8, 16 { conv(c) }"],
    ["an import without names", "edition 2026", "import std.vision"],
    ["a choice without a measure", " by max(valid.accuracy) per model.width", ""],
    ["levels that are numbers", "compare wide - narrow", "compare 9 - 8"],
    ["an argument of Python", "lr: 1e-3", "lr=1e-3"],
    ["a unit in two words", "length = 2 epochs", "length = 2 epoch s"],
    ["a unit with a capital", "length = 2 epochs", "length = 2 Epochs"],
    ["a misspelt unit", "length = 2 epochs", "length = 2 epoches"],
    ["a unit in the plural", "length = 2 epochs", "length = 2 mins"],
    ["a unit cut short", "length = 2 epochs", "length = 30 sec"],
    ["a time in two units", "length = 2 epochs", "length = 1 h 30 min"],
    ["a unit as a factor", "length = 2 epochs", "length = 2 * epochs"],
    ["digits in groups", "batch = 32", "batch = 1,024"],
  ])("%s", (_what, replace, by) => {
    expect(told(replace, by)).toMatchSnapshot();
  });
});

test("a value for a list", () => {
  const listed = images
    .replace("width: int = 8", "widths: int[S] = [8]")
    .replace("conv(width)", "for c in widths { conv(c) }")
    .replace("model.width over { narrow: 8, wide: 9 }", "model.widths over { narrow: 8, wide: [9] }")
    .replace("per model.width", "per model.widths");
  const { told: said } = planText(listed);
  expect(said).toContain("^ one value\n   = fix: write `[8]`");
});

const table = `edition 2026
data stars {
  source = csv("stars.csv")
  input colours : f32[3] = [source.u - source.g, source.g, source.r]
  target z : f32 = source.redshift
  split = random(train: 70%, test: 30%)
}
model mlp : f32[N, F] -> f32[N, 1] { dense(1) }
experiment ask { data = stars; model = mlp; recipe = std.recipes.regression; report test.rmse }
`;

describe("a table, by one who comes from pandas", () => {
  const wine = table.replace("random(train: 70%, test: 30%)", "random(train: 70%, valid: 15%, test: 15%)");
  test.each([
    ["a file for a reader", 'csv("stars.csv")', '"stars.csv"'],
    ["a reader of pandas", "csv(", "read_csv("],
    ["a separator of pandas", 'csv("stars.csv")', 'csv("stars.csv", sep: ";")'],
    ["columns in quotes", "[source.u - source.g, source.g, source.r]", '["u", "g", "r"]'],
    ["columns by index", "[source.u - source.g, source.g, source.r]", 'source[["u", "g", "r"]]'],
    ["a column by index", "source.redshift", 'source["redshift"]'],
    ["columns without brackets", "[source.u - source.g, source.g, source.r]", "source.u, source.g, source.r"],
    ["columns joined", "[source.u - source.g, source.g, source.r]", "concat(source.u, source.g, source.r)"],
    ["a function of a column", "source.redshift", "log(source.redshift)"],
    [
      "a split of scikit-learn",
      "random(train: 70%, valid: 15%, test: 15%)",
      "train_test_split(test_size: 0.2)",
    ],
    ["shares without a sign", "train: 70%", "train: 70"],
    ["a loss of PyTorch", "std.recipes.regression", "std.recipes.regression with { loss = nn.MSELoss() }"],
    [
      "an unknown name in a loss",
      "std.recipes.regression",
      "std.recipes.regression with { loss = mean((output - target) ^ 2) }",
    ],
    [
      "a number beside a row of one",
      "std.recipes.regression",
      "std.recipes.regression with { loss = mean((output - z) ^ 2) }",
    ],
    ["metrics of classes", "test.rmse", "test.accuracy"],
  ])("%s", (_what, replace, by) => {
    expect(told(replace, by, wine)).toMatchSnapshot();
  });
});

describe("a sequence, by one who comes from Keras", () => {
  const curves = `edition 2026
data curves {
  source = tfrecord("curves")
  input view : f32[201, 1] = source.global_view
  target planet : class[2] = source.kind in ["PC", "EB"]
  group star : int = source.tic_id
  split = grouped(by: star, train: 70%, valid: 15%, test: 15%, seed: 3)
  augment view { reverse(50%) }
}
model rnn(units: int = 32) : f32[N, L, C] -> f32[N, K] { lstm(units); dense(K) }
recipe short { loss = cross_entropy; optimizer = adam; batch = 64; length = 3 epochs; clip = norm(1) }
experiment ask { data = curves; model = rnn; recipe = short; report test.auc }
`;
  test("the study itself is in order", () => {
    expect(told("edition", "edition", curves)).toBe("");
  });
  test.each([
    ["names of classes in the type", "class[2]", "class[PC, EB]"],
    ["names without quotes", '["PC", "EB"]', "[PC, EB]"],
    ["names in round brackets", '["PC", "EB"]', '("PC", "EB")'],
    ["a group that is named first", "grouped(by: star", "grouped(star"],
    ["a split of another name", "grouped(by", "group_split(by"],
    ["a random split of groups", "grouped(by: star, ", "random("],
    ["a step that is not there", "reverse(50%)", "shift_in_time(2)"],
    ["a layer of Keras", "lstm(units)", "LSTM(units)"],
    ["layers in a number", "lstm(units)", "lstm(hidden_size: units, num_layers: 2)"],
    ["all outputs", "lstm(units)", "lstm(units, return_sequences: true)"],
    ["a limit of another name", "norm(1)", "norm(max_norm: 1)"],
    ["a setting of Lightning", "clip = norm(1)", "gradient_clip_val = 1"],
    ["epochs of Lightning", "length = 3 epochs", "max_epochs = 3"],
    ["a metric of scikit-learn", "test.auc", "test.roc_auc_score"],
  ])("%s", (_what, replace, by) => {
    expect(told(replace, by, curves)).toMatchSnapshot();
  });
});

describe("columns side by side", () => {
  test("are one field of a network", () => {
    expect(planText(table).plan!.trials[0]!.data.fields[0]).toMatchObject({
      type: { kind: "tensor", dtype: "f32", shape: [3] },
      value: { list: [{ operator: "-" }, { source: "g" }, { source: "r" }] },
    });
  });

  test("may leave out their type, or be a sequence", () => {
    expect(planText(table.replace(" : f32[3]", "")).plan!.trials[0]!.data.fields[0]!.type).toMatchObject({
      shape: [3],
    });
    const sequence = table.replace("f32[3]", "f32[3, 1]").replace("f32[N, F]", "f32[N, L, C]");
    expect(planText(sequence.replace("dense(1)", "flatten; dense(1)")).told).toBe("");
  });

  test("are as many as declared, and come from the source", () => {
    expect(planText(table.replace("f32[3]", "f32[4]")).told).toContain("error[DL4");
    const bare = planText(table.replace("source.g, source.r", "g, source.r")).told;
    expect(bare).toContain("`g` is read from the source");
    expect(bare).toContain("fix: write `source.g`");
  });
});

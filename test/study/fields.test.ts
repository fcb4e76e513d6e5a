/** Fields whose values are told by name, weights of rows, and batches that the rows cannot fill. */
import { describe, expect, test } from "vitest";
import { planText, study } from "./files.ts";

const data = (target: string, more = "") => `data galaxies {
  source = simulate.galaxies(count: 600, size: 32 px, bands: [Y, J, H], seed: 11)
  input image : f32[32, 32, 3] = source.image
  target label${target}
  split = random(train: 70%, valid: 15%, test: 15%, seed: 7)
  prepare image { standardize }
${more}
}`;

const told = (target: string, more?: string) => {
  const { plan, diagnostics, later } = planText(study({ galaxies: data(target, more) }));
  return { plan, later, problems: diagnostics.map(({ code, message }) => `${code}: ${message}`) };
};

describe("`in [...]` after a field", () => {
  test("is true or false: two classes", () => {
    const written = told(' : class[2] = source.class in ["star", "spiral"]');
    expect(written.problems).toEqual([]);
    expect(written.later).toEqual([]);
    expect(written.plan!.trials[0]!.data.fields[1]).toMatchObject({
      type: { kind: "class", count: 2 },
      value: {
        operator: "in",
        left: { source: "class" },
        right: { list: [{ text: "star" }, { text: "spiral" }] },
      },
    });
    expect(told(' = source.class in ["star"]').plan!.trials[0]!.data.fields[1]!.type).toEqual({
      kind: "class",
      count: 2,
    });
  });
  test("conditions may compare with names too", () => {
    expect(
      told(' : class[3] = source.class where source.class != "star" and source.snr > 5').problems,
    ).toEqual([]);
  });
  test.each([
    [
      ' : class[3] = source.class in ["star"]',
      "DL4006: `label` is written as class[3], but the source gives class[2]",
    ],
    [
      " : class[2] = source.class in []",
      "DL4014: after `in` stands a list of names or numbers that the source has",
    ],
    [' : class[2] = source.clas in ["star"]', "DL4004: `simulate.galaxies` offers no `clas`"],
  ])("%s", (target, message) => {
    expect(told(target).problems).toEqual([message]);
  });
});

describe("a weight of rows", () => {
  const weighed = (more: string) => told(" : class[3] = source.class", more).problems;

  test("multiplies the loss of its row", () => {
    const { plan, problems, later } = told(" : class[3] = source.class", "  weight trust : f32 = source.snr");
    expect([...problems, ...later]).toEqual([]);
    const { loss } = plan!.trials[0]!.recipe.objectives[0]!;
    expect(loss.layers.map(({ op }) => op)).toEqual(["cross_entropy", "multiply"]);
    expect(loss.leaves.at(-1)).toEqual({ field: "trust" });
  });
  test.each([
    [
      "  weight trust : f32 = source.snr\n  weight size : f32 = source.magnitude",
      "DL4018: `trust` and `size` both weigh the rows",
    ],
    [
      "  weight trust : class[3] = source.class",
      "DL4018: `trust` is class[3], and a weight is one number a row, f32",
    ],
    [
      "  weight trust : f32[2] = [1, 2] * source.snr",
      "DL4014: only numbers can be combined with what the source offers",
    ],
  ])("%s", (more, message) => {
    expect(weighed(more)).toEqual([message]);
  });
  test("is no input of a network, and weighs no loss that is one number", () => {
    const own = study({
      galaxies: data(" : class[3] = source.class", "  weight trust : f32 = source.snr"),
    }).replace("loss = cross_entropy", "loss = mean(cross_entropy(output, label))");
    expect(planText(own).diagnostics.map(({ message }) => message)).toEqual([
      "this loss is one number for the batch, so `trust` cannot weigh its examples",
    ]);
  });
});

describe("strings", () => {
  const named = (line: string) => told(" : class[3] = source.class", line).problems;
  test.each([
    ["  keep kind : string = source.class", []],
    ["  id kind : string = source.class", []],
    ["  group kind : string = source.class", ["DL6002"]],
    ["  input kind : string = source.class", ["DL4007: `kind` is a string, and an `input` is numbers"]],
    ["  keep kind : string = source.snr", ["DL4006: `kind` is written as string, but the source gives f32"]],
    [
      '  keep kind : string = source.class == "star"',
      ["DL4007: `kind` is a string, and strings are read as they stand"],
    ],
    ["  keep kind : string[3] = source.class", ["DL4007: a string is one name a row, without sizes"]],
    [
      "  keep kind : string = source.class\n  prepare kind { standardize }",
      ["DL4008: `standardize` works on numbers, but this field is string"],
    ],
  ])("%s", (line, problems) => {
    expect(named(line)).toEqual(problems.map((each) => expect.stringContaining(each)));
  });
  test("a report needs no bins for them", () => {
    const { plan } = planText(
      study({ galaxies: data(" : class[3] = source.class", "  keep kind : string = source.class") }).replace(
        /report .*/,
        "report test.accuracy by kind",
      ),
    );
    expect(plan!.experiments[0]!.reports[0]!.by).toEqual({ field: "kind", bins: null });
  });
});

test("statistics are shared by fields whose last axes agree, and by no others", () => {
  const problems = (other: string) =>
    planText(
      study({
        galaxies: data(
          " : class[3] = source.class",
          `  input other : ${other}\n  prepare image, other { standardize }`,
        ),
      }),
    )
      .diagnostics.filter(({ code }) => code.startsWith("DL4"))
      .map(({ code, message, hint }) => `${code}: ${message}; ${hint}`);
  expect(problems("f32[32, 32, 3] = source.image")).toEqual([]);
  expect(problems("f32 = source.snr")).toEqual([
    "DL4008: fields named together share what `standardize` fits, and `image` (f32[32, 32, 3]) and `other` (f32) differ in their last axis; give each a section of its own: `prepare other { standardize }`",
  ]);
});

describe("labels of pixels", () => {
  const problems = (target: string, more = "", split = "random(") =>
    planText(
      study({ galaxies: data(target, more).replace("random(", split) }).replace(
        "global_avg_pool\n  dense(K)",
        "conv(K)",
      ),
    ).diagnostics.map(({ code, message }) => `${code}: ${message}`);

  test.each([
    [" : class[2][32, 32, 3] = source.image > 1", "", []],
    [
      " : class[3][16, 16] = source.image",
      "",
      ["DL4006: `label` is written as class[3][16, 16], but the source gives f32[32, 32, 3]"],
    ],
    [
      " : class[3][N, 16] = source.image",
      "",
      ["DL4007: the type of a field is that of one row, without the batch `N`"],
    ],
    [" : class[3][4][4] = source.image", "", ["DL4007: a class of pixels has one list of sizes"]],
    [
      " : class[3][32, 32, 3] = source.image",
      "  augment image, label { rotate }",
      ["DL4008: `rotate` moves labels class[K][H, W], but this field is class[3][32, 32, 3]"],
    ],
  ])("%s%s", (target, more, messages) => {
    expect(problems(target, more).filter((each) => each.startsWith("DL4"))).toEqual(messages);
  });
  test("are no class by which rows are drawn", () => {
    expect(problems(" : class[2][32, 32, 3] = source.image > 1", "", "stratified(by: label, ")).toEqual([
      "DL4013: `stratified` goes by a class, but `label` is class[2][32, 32, 3]",
    ]);
  });
});

test("a batch that the training rows cannot fill", () => {
  const batch = (size: number) =>
    planText(study().replace("batch = 32", `batch = ${size}`)).diagnostics.map((each) => each.message);
  expect(batch(420)).toEqual([]);
  expect(batch(421)).toEqual(["a batch takes 421 rows, but `galaxies` trains on 420"]);
});

test("augmentation of evaluation data", () => {
  const evaluated = (step: string) =>
    told(
      " : class[3] = source.class",
      `  augment image { random_crop(28 px) }\n  evaluate image { ${step}(28 px) }`,
    );
  expect(evaluated("random_crop").problems).toEqual([
    "DL6011: `random_crop` draws at random in `evaluate image`: what is measured is not the data as they are",
  ]);
  expect(evaluated("random_crop").later).toHaveLength(1);
  expect(evaluated("centre_crop").problems).toEqual([]);
});

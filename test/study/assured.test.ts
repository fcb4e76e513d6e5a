/** What is said to be in order before a study is paid for: only what is so. */
import { describe, expect, test } from "vitest";
import { askingOfUnits as asking, planText, study } from "./files.ts";

/** What is said of the sole experiment. */
function said(text: string): readonly string[] {
  const { plan, told, assured } = planText(text);
  if (!plan) throw new Error(told);
  return assured.question!;
}

const equal = "  vary model over { a: small(8), b: small(width: 8, unit: tanh) }";
const seeds = "  repeat seed over 1 .. 8";
const lr = "  vary recipe.optimizer.lr over grid(0.01, 0.1)";
const choose = "  choose recipe.optimizer.lr by max(valid.accuracy) per model";
const report = "  report test.accuracy as mean_ci(95%)";
const compare = "  compare b - a on test.accuracy paired by seed";
const rows = "splits share no row";
const read = "test is read once a trial";

test("all of it", () => {
  expect(said(asking([equal, lr, seeds, choose, report, compare].join("\n")))).toEqual([
    rows,
    `lr is chosen on valid, ${read}`,
    "arms have equal parameters, equal budgets and equal tuning",
    "8 pairs can reach p = 0.0078",
  ]);
  expect(said(asking([equal, seeds, report, compare].join("\n")))).toEqual([
    rows,
    read,
    "arms have equal parameters and equal budgets",
    "8 pairs can reach p = 0.0078",
  ]);
});

test("of pairs that divide the same rows otherwise there is no smallest p", () => {
  const own = asking([equal, seeds, report, compare].join("\n"))
    .replace("data = galaxies\n", "")
    .replace(seeds, `${seeds}\n  data = galaxies with { split.seed = 6 + seed }`);
  expect(said(own)).toEqual([rows, read, "arms have equal parameters and equal budgets"]);
});

describe("only what is so", () => {
  test.each([
    [
      "the validation split is the only one that is read",
      ["  model = small", "  report valid.accuracy"],
      [rows],
    ],
    ["nothing is compared", ["  model = small", seeds, report], [rows, read]],
    [
      "parameters that differ a little",
      ["  vary model over { a: small(1000), b: small(width: 1001) }", seeds, report, compare],
      [rows, read, "arms have equal budgets and parameters within 0.1 %", "8 pairs can reach p = 0.0078"],
    ],
    [
      "parameters that differ, allowed",
      [
        "  vary model over { a: small(8), b: small(width: 16) }",
        seeds,
        report,
        compare,
        '  allow DL6005 because "width is the question"',
      ],
      [rows, read, "arms have equal budgets", "8 pairs can reach p = 0.0078"],
    ],
    [
      "budgets that differ",
      [
        "  model = small",
        "  vary recipe over { a: short, b: short with { length = 3 epochs } }",
        seeds,
        report,
        compare,
      ],
      [rows, read, "arms have equal parameters", "8 pairs can reach p = 0.0078"],
    ],
    [
      "pairs too few",
      [equal, "  repeat seed over 1 .. 5", report, compare],
      [rows, read, "arms have equal parameters and equal budgets"],
    ],
    [
      "two comparisons share the level",
      [
        "  vary model over { a: small(8), b: small(width: 8, unit: tanh), c: small(8, unit: elu) }",
        seeds,
        report,
        compare,
        "  compare c - a on test.accuracy paired by seed",
      ],
      [
        rows,
        read,
        "arms have equal parameters and equal budgets",
        "8 pairs can reach p = 0.0078, and 2 comparisons need 0.025",
      ],
    ],
    [
      "a classic learner",
      [
        "  vary model over { a: small(8), b: classic.random_forest(trees: 10) }",
        "  repeat seed over 1 .. 20",
        report,
        compare,
      ],
      [rows, read, "20 pairs can reach p < 0.0001"],
    ],
  ])("%s", (_what, lines, expected) => {
    const text = asking(lines.join("\n")).replace(
      "small(width: int = 8,",
      "small(width: int = 8, kernel: int = 3,",
    );
    expect(said(text)).toEqual(expected);
  });
});

const galaxies = (more: string, split: string) => `data galaxies {
  source = simulate.galaxies(count: 600, size: 32 px, bands: [Y, J, H], seed: 11)
  input image : f32[32, 32, 3] = source.image
  target label : class[3] = source.class
  ${more}
  split = ${split}
  prepare image { standardize }
}`;

test("a group that the split keeps together is named; where it does not, nothing is said of rows", () => {
  const of = (split: string) =>
    said(study({ galaxies: galaxies("group tile : class[3] = source.class", split) }))[0];
  expect(of("grouped(by: tile, train: 70%, valid: 15%, test: 15%)")).toBe("splits share no row and no tile");
  expect(of("random(train: 70%, valid: 15%, test: 15%)")).toBe(read);
});

test("what watches the validation split chooses on it", () => {
  const recipe = (lines: string) =>
    `recipe short {\n  loss = cross_entropy\n  optimizer = adam\n  batch = 32\n  length = 2 epochs\n  ${lines}\n}`;
  const of = (lines: string) => said(study({ recipe: recipe(lines) }))[1];
  expect(of("keep = best(valid.loss)")).toBe(`the checkpoint is chosen on valid, ${read}`);
  expect(of("stop = early(valid.loss)")).toBe(`the end of training is chosen on valid, ${read}`);
  expect(of("keep = last")).toBe(read);
});

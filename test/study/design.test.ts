import { describe, expect, test } from "vitest";
import { asking, planText, study } from "./files.ts";

/** Codes and messages of what a study's lines are told. */
function told(lines: string): readonly string[] {
  return planText(asking(lines)).diagnostics.map((each) => `${each.severity} ${each.code}: ${each.message}`);
}

const equal = "  vary model over { a: small(8), b: small(width: 8) }";
const asked = "  report test.accuracy as mean_ci(95%)";
const compared = "  compare b - a on test.accuracy paired by seed";

describe("choosing on the test split", () => {
  test("is an error with a fix", () => {
    const {
      plan,
      told: text,
      diagnostics,
    } = planText(
      asking(
        `${equal}\n  vary recipe.optimizer.lr over grid(0.01, 0.1)\n  choose recipe.optimizer.lr by max(test.accuracy) per model`,
      ),
    );
    expect(plan).toBeUndefined();
    expect(text).toMatchSnapshot();
    const [fix] = diagnostics.find((each) => each.code === "DL6001")!.fixes;
    expect(fix!.edits.map(({ span, text }) => [span.file.text.slice(span.start, span.end), text])).toEqual([
      ["test", "valid"],
    ]);
  });
  test("counts for the checkpoint and the end of training too", () => {
    const recipe = (line: string) => `recipe short {
  loss = cross_entropy
  optimizer = adam(lr: 0.01)
  batch = 32
  length = 2 epochs
  ${line}
}`;
    const codes = (line: string) =>
      planText(study({ recipe: recipe(line) })).diagnostics.map((each) => each.message);
    expect(codes("keep = best(test.accuracy)")).toEqual([
      "the checkpoint is chosen on the test split: the answer would be too good",
    ]);
    expect(codes("stop = early(test.loss)")).toEqual([
      "the end of training is decided on the test split: the answer would be too good",
    ]);
  });
});

describe("a comparison that cannot reach its level", () => {
  const comparison = (seeds: number) =>
    told(`${equal}\n  repeat seed over 1 .. ${seeds}\n${asked}\n${compared}`);

  test("5 pairs give p >= 2 / 2^5; 6 are enough", () => {
    expect(comparison(5)).toEqual([
      "warning DL6003: 5 paired seeds cannot reach p < 0.05: the least possible p is 0.0625; 6 can",
    ]);
    expect(comparison(6)).toEqual([]);
  });
  test("three comparisons need 7 pairs (Holm: 0.05 / 3)", () => {
    const three = (seeds: number) =>
      told(
        `  vary model over { a: small(8), b: small(width: 8), c: small }
  repeat seed over 1 .. ${seeds}
${asked}
  compare b - a on test.accuracy paired by seed
  compare c - a on test.accuracy paired by seed
  compare c - b on test.accuracy paired by seed`,
      );
    expect(three(6)).toEqual(
      Array.from(
        { length: 3 },
        () =>
          "warning DL6003: 6 paired seeds cannot reach p < 0.0167, which 3 comparisons need (Holm): the least possible p is 0.03125; 7 can",
      ),
    );
    expect(three(7)).toEqual([]);
  });
  test("one result for each level of an open factor; none for a chosen one", () => {
    const lines = (more: string) =>
      told(
        `${equal}\n  vary recipe.batch over [16, 32, 64]\n  repeat seed over 1 .. 6\n${asked}\n${compared}\n${more}`,
      ).filter((each) => each.includes("DL6003"));
    expect(lines("")).toHaveLength(1);
    expect(lines("  choose recipe.batch by max(valid.accuracy) per model")).toHaveLength(0);
  });
  test("a single training of each arm", () => {
    expect(told(`${equal}\n  report test.accuracy\n  compare b - a on test.accuracy`)).toEqual([
      "warning DL6003: one training of each arm cannot reach p < 0.05: the least possible p is 1; 6 can",
    ]);
  });
  test("as the user sees it", () => {
    const { told: text } = planText(asking(`${equal}\n  repeat seed over 1 .. 5\n${asked}\n${compared}`));
    expect(text).toMatchSnapshot();
  });
  test("may be accepted with a reason, which the plan keeps", () => {
    const { plan, told: text } = planText(
      asking(
        `${equal}\n  repeat seed over 1 .. 3\n${asked}\n${compared}\n  allow DL6003 because "pilot run"`,
      ),
    );
    expect(text).toBe("");
    expect(plan!.experiments[0]!.allowed).toEqual([{ code: "DL6003", because: "pilot run" }]);
  });
});

test("seeds that are not paired", () => {
  expect(told(`${equal}\n  repeat seed over 1 .. 6\n${asked}\n  compare b - a on test.accuracy`)).toEqual([
    "warning DL6008: both arms run with the same `seed`s, but the comparison does not pair them",
  ]);
});

test("an interval of one training", () => {
  expect(told(`  model = small\n${asked}`)).toEqual([
    "warning DL6004: one training gives no interval: `mean_ci(95%)` needs a `repeat`",
  ]);
});

describe("arms that differ in more than the question", () => {
  const arms = (width: number) =>
    told(
      `  vary model over { a: small(100), b: small(width: ${width}) }\n  repeat seed over 1 .. 6\n${asked}\n${compared}`,
    );

  test("in parameters, by more than 5 %", () => {
    // 28 w + w * 3 + 3: 3,103 for 100, 3,258 for 105 (+ 5.0 %), 3,289 for 106.
    expect(arms(104)).toEqual([]);
    expect(arms(106)).toEqual(["warning DL6005: `b` has 3,289 parameters, `a` 3,103: 6.0 % more in one arm"]);
    expect(arms(94)).toEqual(["warning DL6005: `b` has 2,917 parameters, `a` 3,103: 6.4 % more in one arm"]);
  });
  test("in budget", () => {
    expect(
      told(
        `  model = small\n  vary recipe over { a: short, b: short with { length = 3 epochs } }\n  repeat seed over 1 .. 6\n${asked}\n${compared}`,
      ).filter((each) => !each.startsWith("hint")),
    ).toEqual(["warning DL6006: `b` trains for 3 epochs, `a` for 2 epochs"]);
  });
});

test("a choice of one level", () => {
  expect(
    told(
      `${equal}\n  vary recipe.batch over [16]\n  choose recipe.batch by max(valid.accuracy) per model`,
    ).filter((each) => !each.startsWith("hint")),
  ).toEqual(["warning DL6007: `recipe.batch` has one level, `16`: there is nothing to choose"]);
});

test("a group that no split keeps together", () => {
  const galaxies = `data galaxies {
  source = simulate.galaxies(count: 600, size: 32 px, seed: 11)
  input image : f32[32, 32, 3] = source.image
  target label : class[3] = source.class
  group field : f32 = source.magnitude
  split = random(train: 70%, valid: 15%, test: 15%, seed: 7)
}`;
  expect(planText(study({ galaxies })).diagnostics.map((each) => `${each.code}: ${each.message}`)).toEqual([
    "DL6002: rows of one `field` may be in two splits: `random` does not keep them together",
  ]);
  const grouped = galaxies.replace("random(", "grouped(by: field, ");
  expect(planText(study({ galaxies: grouped })).told).toBe("");
});

test("an `allow` that nothing needs, and one without a reason", () => {
  expect(told(`  model = small\n  report test.accuracy\n  allow DL6003 because "pilot"`)).toEqual([
    "warning DL6009: nothing here needs `allow DL6003`",
  ]);
  expect(told("  model = small\n  report test.accuracy as mean_ci(95%)\n  allow DL6004")[0]).toBe(
    "error DL5018: say why `DL6004` is accepted: the report prints it",
  );
});

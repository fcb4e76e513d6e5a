import { describe, expect, test } from "vitest";
import { askingOfUnits as asking, planText, study } from "./files.ts";

/** Codes and messages of what a study's lines are told. */
function told(lines: string): readonly string[] {
  return planText(asking(lines)).diagnostics.map((each) => `${each.severity} ${each.code}: ${each.message}`);
}

const equal = "  vary model over { a: small(8), b: small(width: 8, unit: tanh) }";
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
    expect(codes("schedule = plateau(test.loss)")).toEqual([
      "the learning rate is lowered on the test split: the answer would be too good",
    ]);
    expect(codes("schedule = plateau(valid.loss)")).toEqual([]);
    expect(codes("keep = best(valid.accuracy)")).toEqual([]);
    expect(codes("stop = early(valid.loss)")).toEqual([]);
  });
  test("how long to wait for an improvement is counted in epochs or steps", () => {
    const recipe = `recipe short {
  loss = cross_entropy
  optimizer = adam
  batch = 32
  stop = early(valid.loss, patience: 5 min)
  length = 2 epochs
}`;
    expect(planText(study({ recipe })).diagnostics.map((each) => each.message)).toMatchInlineSnapshot(`
      [
        "\`patience\` of \`early\` is in epochs or steps, not 5 min",
      ]
    `);
  });
  test("is an error for a search too", () => {
    const search = (split: string) =>
      told(
        `  model = small\n  search tpe(trials: 4) over { model.width: [4, 8] } by max(${split}.accuracy)\n  report test.accuracy`,
      ).filter((each) => !each.startsWith("hint"));
    expect(search("test")).toEqual([
      "error DL6001: a search goes by it on the test split: the answer would be too good",
    ]);
    expect(search("valid")).toEqual([]);
  });
});

describe("a choice over several divisions of the rows", () => {
  const over = (data: string, lines: string) =>
    planText(
      asking(`  model = small\n  vary recipe.batch over [16, 32]\n${lines}`).replace(
        "data = galaxies\n",
        `${data}\n`,
      ),
    )
      .diagnostics.filter(({ severity }) => severity !== "hint")
      .map(({ code, message, hint }) => `${code} ${message} | ${hint}`);
  const folded =
    "data = galaxies with { split = k_fold(5, by: label, valid: 20%) }\n  repeat fold over 1 .. 5";
  const choose = "  choose recipe.batch by max(valid.accuracy)";
  const asked = "\n  report test.accuracy";
  const message = (n: number, per: string) =>
    `DL6016 \`recipe.batch\` is chosen over ${n} divisions of the rows: a row that is valid in one is test in another, so test rows decide too | choose anew in each: \`per ${per}\`, or say why not: \`allow DL6016 because "..."\``;

  test("folds, and seeds of the split", () => {
    expect(over(folded, choose + asked)).toEqual([message(5, "fold")]);
    expect(over(`${folded}\n  repeat seed over 1 .. 2`, choose + asked)).toEqual([message(5, "fold")]);
    const drawn = "repeat seed over 1 .. 3\n  data = galaxies with { split.seed = 6 + seed }";
    expect(over(drawn, choose + asked)).toEqual([message(3, "seed")]);
    expect(over("data = galaxies\n  repeat data.split.seed over 1 .. 4", choose + asked)).toEqual([
      message(4, "data.split.seed"),
    ]);
  });
  test("not in each fold, nor where no test row is looked at", () => {
    expect(over(folded, `${choose} per fold${asked}`)).toEqual([]);
    expect(over(folded, `${choose}\n  report valid.accuracy`)).toEqual([]);
  });
  test("not where the test rows stay, or are other rows", () => {
    const shares = "data = galaxies\n  repeat data.split.train over [30%, 60%]";
    expect(over(shares, choose + asked)).toEqual([]);
    expect(over("data = galaxies\n  repeat data.source.seed over 1 .. 3", choose + asked)).toEqual([]);
  });
});

describe("arms that are one training under two names", () => {
  const alike = (arms: string, more = "") =>
    told(
      `  ${arms}\n${more}  repeat seed over 1 .. 6\n${asked}\n  compare b - a on test.accuracy paired by seed`,
    ).filter((each) => !each.startsWith("hint"));
  test("by a default, or by a factor that replaces what they differ in", () => {
    const message = (pairs: number) =>
      `warning DL6017: \`b\` and \`a\` are the same training, in all ${pairs} pairs: every difference is 0`;
    expect(alike("vary model over { a: small, b: small(width: 8) }")).toEqual([message(6)]);
    expect(
      alike(
        "vary recipe over { a: short, b: short with { optimizer.lr = 0.5 } }",
        "  model = small\n  vary recipe.optimizer.lr over [0.1, 0.2]\n  choose recipe.optimizer.lr by max(valid.accuracy) per recipe\n",
      ),
    ).toEqual([message(12)]);
  });
  test("not where they differ in the network, the recipe, or the data", () => {
    expect(alike("vary model over { a: small, b: wide }").map((each) => each.slice(0, 14))).toEqual([
      "warning DL6005",
    ]);
    const recipe = "vary recipe over { a: short, b: short with { optimizer.lr = 0.5 } }";
    expect(alike(recipe, "  model = small\n")).toEqual([]);
    const data = "vary data over { a: galaxies, b: galaxies with { split.train = 50% } }";
    expect(alike(data, "  model = small\n")).toEqual([]);
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
  test("pairs that divide the same rows otherwise are tested otherwise", () => {
    const own = (seeds: number) =>
      `${equal}\n  repeat seed over 1 .. ${seeds}\n  data = galaxies with { split.seed = 6 + seed }\n${asked}\n${compared}`;
    const divided = (seeds: number) =>
      planText(asking(own(seeds)).replace("  data = galaxies\n", "")).diagnostics.map(({ code }) => code);
    expect(divided(2)).toEqual([]);
    expect(divided(1)).toContain("DL6003");
  });
  test("each result has data of its own, whose rows its pairs divide", () => {
    const lines = `${equal}
  repeat seed over 1 .. 3
  vary data over {
    few: galaxies with { source.count = 300, split.seed = 6 + seed }, many: galaxies with { split.seed = 6 + seed }
  }
${asked}
${compared}`;
    const found = planText(asking(lines).replace("  data = galaxies\n", "")).diagnostics;
    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });
  test("three comparisons need 7 pairs (Holm: 0.05 / 3)", () => {
    const three = (seeds: number) =>
      told(
        `  vary model over { a: small(8), b: small(unit: tanh), c: small(unit: elu) }
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
  test("in parameters, whatever is yet to be chosen for one of them", () => {
    expect(
      told(
        `  vary model over { a: small(8), b: small(width: 32) }
  vary recipe.optimizer.lr over [0.01, 0.1] when model == b
  choose recipe.optimizer.lr by max(valid.accuracy) per model
  repeat seed over 1 .. 6\n${asked}\n${compared}
  allow DL6012 because "a is as published"`,
      ).filter((each) => !each.startsWith("hint")),
    ).toEqual(["warning DL6005: `b` has 995 parameters, `a` 251: 296 % more in one arm"]);
  });
  test("in budget", () => {
    expect(
      told(
        `  model = small\n  vary recipe over { a: short, b: short with { length = 3 epochs } }\n  repeat seed over 1 .. 6\n${asked}\n${compared}`,
      ).filter((each) => !each.startsWith("hint")),
    ).toEqual(["warning DL6006: `b` trains for 3 epochs, `a` for 2 epochs"]);
  });
});

describe("arms that were tuned unequally", () => {
  const tuned = (lines: string) =>
    told(`${lines}\n  repeat seed over 1 .. 6\n${asked}\n${compared}`).filter(
      (each) => !each.startsWith("hint"),
    );
  const choose = "  choose recipe.optimizer.lr by max(valid.accuracy) per model";

  test("by a factor that applies to one arm", () => {
    const lines = (when: string) =>
      `${equal}\n  vary recipe.optimizer.lr over grid(0.01, 0.03, 0.1)${when}\n${choose}`;
    expect(tuned(lines(" when model == b"))).toEqual([
      "warning DL6012: `b` is the best of 3 settings, `a` of 1: the more are tried, the better is the best",
    ]);
    expect(tuned(lines(""))).toEqual([]);
  });
  test("by grids of different length", () => {
    const lines = (more: string) =>
      `${equal}
  vary recipe.optimizer.lr over grid(0.01, 0.03, 0.1) when model == a
  vary recipe.batch over [16, 32${more}] when model == b
${choose}
  choose recipe.batch by max(valid.accuracy) per model`;
    expect(tuned(lines(""))).toEqual([
      "warning DL6012: `a` is the best of 3 settings, `b` of 2: the more are tried, the better is the best",
    ]);
    expect(tuned(lines(", 64"))).toEqual([]);
  });
  test("by levels that change nothing in one of them", () => {
    const lines = (a: string) =>
      `  vary w over [4, 8, 16]\n  vary model over { a: ${a}, b: small(width: w) }
  choose w by max(valid.accuracy) per model\n  allow DL6005 because "a test"`;
    expect(tuned(lines("small(8)"))).toEqual([
      "warning DL6012: `b` is the best of 3 settings, `a` of 1: the more are tried, the better is the best",
    ]);
    expect(tuned(lines("small(2 * w)"))).toEqual([]);
  });
  test("by a recipe, which a classic learner has none of", () => {
    const lines = (more: string) =>
      `  vary model over { a: classic.random_forest(trees: 10), b: small }\n${more}`;
    expect(tuned(lines(`  vary recipe.optimizer.lr over grid(0.01, 0.03, 0.1)\n${choose}`))).toEqual([
      "warning DL6012: `b` is the best of 3 settings, `a` of 1: the more are tried, the better is the best",
    ]);
    expect(
      tuned(
        lines(
          "  search tpe(trials: 20) over { recipe.optimizer.lr: [0.01, 0.1] } by max(valid.accuracy) per model",
        ),
      ),
    ).toEqual([
      "warning DL6012: `b` is the best of 20 settings, `a` of 1: the more are tried, the better is the best",
    ]);
    expect(tuned(lines(""))).toEqual([]);
  });
  test("by a search equally: each arm has as many points", () => {
    expect(
      tuned(
        `${equal}\n  search tpe(trials: 20) over { recipe.optimizer.lr: [0.01, 0.1] } by max(valid.accuracy) per model`,
      ),
    ).toEqual([]);
  });
  test("as the user sees it", () => {
    const { told: text } = planText(
      asking(
        `${equal}\n  vary recipe.optimizer.lr over grid(0.01, 0.03, 0.1) when model == b\n${choose}\n  repeat seed over 1 .. 6\n${asked}\n${compared}`,
      ),
    );
    expect(text).toMatchSnapshot();
  });
});

describe("arms that never meet", () => {
  const lines = (more: string) =>
    told(
      `${equal}\n  vary recipe.batch over [16, 32] when model == b\n  repeat seed over 1 .. 6\n${asked}\n${compared}\n${more}`,
    ).filter((each) => !each.startsWith("hint"));

  test("are told: a factor that applies to one of them is open", () => {
    expect(lines("")).toEqual([
      "error DL5007: no training of `b` has its counterpart of `a`: one of them has no `recipe.batch`",
    ]);
  });
  test("meet when it is closed", () => {
    expect(
      lines(
        '  choose recipe.batch by max(valid.accuracy) per model\n  allow DL6012 because "a is as published"',
      ),
    ).toEqual([]);
  });
  test("results are counted where arms meet, not where levels could be combined", () => {
    // Under `b` alone there is a batch: the comparisons of `a` with `c` are not three.
    expect(
      told(
        `  vary model over { a: small(8), b: small(unit: tanh), c: small(unit: elu) }
  vary recipe.batch over [16, 32, 64] when model == b
  repeat seed over 1 .. 6\n${asked}\n  compare c - a on test.accuracy paired by seed`,
      ).filter((each) => !each.startsWith("hint")),
    ).toEqual([]);
  });
});

describe("a margin without meaning", () => {
  const margin = (text: string, metric = "test.accuracy") =>
    told(
      `${equal}\n  repeat seed over 1 .. 6\n  report ${metric}\n  compare b - a on ${metric} paired by seed margin ${text}`,
    );

  test("is one that no difference can reach", () => {
    expect(margin("5")).toEqual([
      "error DL6013: no two arms can differ by 5: `test.accuracy` is a part of 1",
    ]);
    expect(margin("100%")).toHaveLength(1);
    expect(margin("99%")).toEqual([]);
    expect(margin("5%")).toEqual([]);
  });
  test("has a fix", () => {
    const { diagnostics } = planText(
      asking(`${equal}\n  repeat seed over 1 .. 6\n  compare b - a on test.accuracy paired by seed margin 2`),
    );
    expect(diagnostics[0]!.fixes[0]!.edits[0]!.text).toBe("2%");
  });
  test("is one that every difference exceeds", () => {
    expect(margin("0")).toEqual([
      "error DL6013: a margin of 0 asks for nothing: every difference is beyond it",
    ]);
    expect(margin("0.001")).toEqual([]);
  });
  test("is a share of what is no share", () => {
    expect(margin("5%", "test.log_loss")).toEqual([
      "error DL6013: `test.log_loss` is no part of 1: 5% stands for 0.05, whatever its value is",
    ]);
    expect(margin("0.05", "test.log_loss")).toEqual([]);
  });
  test("of a time is a time", () => {
    expect(margin("2 s", "cost.time")).toEqual([]);
    expect(margin("2", "cost.time")).toHaveLength(1);
  });
});

describe("a comparison on rows that have decided", () => {
  const on = (split: string, lines: string) =>
    told(
      `${equal}\n${lines}\n  repeat seed over 1 .. 6\n  report test.accuracy\n  compare b - a on ${split}.accuracy paired by seed`,
    ).filter((each) => !each.startsWith("hint"));
  const chosen =
    "  vary recipe.optimizer.lr over grid(0.01, 0.03, 0.1)\n  choose recipe.optimizer.lr by max(valid.accuracy) per model";

  test("is on the validation split, by which something is chosen", () => {
    expect(on("valid", chosen)).toEqual([
      "warning DL6014: the arms are compared on the validation split, which decides `recipe.optimizer.lr`: the answer may be too good",
    ]);
    expect(on("test", chosen)).toEqual([]);
    expect(on("valid", "")).toEqual([]);
  });
  test("the checkpoint counts too", () => {
    const best = "  vary recipe over { one: short with { keep = best(valid.loss) } }";
    expect(on("valid", best).filter((each) => each.includes("DL6014"))).toEqual([
      "warning DL6014: the arms are compared on the validation split, which decides the checkpoint: the answer may be too good",
    ]);
    expect(on("test", best).filter((each) => each.includes("DL6014"))).toEqual([]);
  });
});

describe("weights that were trained on rows that are evaluated here", () => {
  /** `base` trains on the data with these parts; `question` goes on from it on the data as they are, or with those parts. */
  const origin = (base: { split?: string; count?: number; seed?: number; where?: string }, own = base) => {
    const data = (name: string, { split, count = 600, seed = 11, where = "" }: typeof base) => `data ${name} {
  source = simulate.galaxies(count: ${count}, size: 32 px, bands: [Y, J, H], seed: ${seed})
  input image : f32[32, 32, 3] = source.image
  target label : class[3] = source.class${where}
  split = ${split ?? "random(train: 60%, valid: 20%, test: 20%, seed: 7)"}
}`;
    const experiments = `experiment base {\n  data = first\n  model = small\n  recipe = short\n}
experiment question {\n  data = second\n  model = small\n  recipe = short with { init = from(base) }\n}`;
    const text = `${data("first", base)}\n\n${data("second", own)}`;
    return planText(study({ galaxies: text, experiment: experiments })).diagnostics.map(({ code }) => code);
  };
  const split = (train: number, valid: number, test: number, seed = 7) =>
    `random(train: ${train}%, valid: ${valid}%, test: ${test}%, seed: ${seed})`;

  test("one division, and another of the same rows", () => {
    expect(origin({})).toEqual([]);
    expect(origin({ split: split(60, 20, 20, 8) }, {})).toEqual(["DL6010"]);
    expect(
      origin({ split: "stratified(by: label, train: 60%, valid: 20%, test: 20%, seed: 7)" }, {}),
    ).toEqual(["DL6010"]);
  });
  test("a smaller or larger training set of one order is no other division", () => {
    expect(origin({ split: split(30, 20, 20) }, {})).toEqual([]);
    expect(origin({ split: split(60, 20, 20) }, { split: split(30, 20, 20) })).toEqual([]);
    expect(origin({ split: split(60, 10, 20) }, {})).toEqual(["DL6010"]);
    expect(origin({ split: split(50, 30, 20) }, {})).toEqual([]);
  });
  test("other objects", () => {
    expect(origin({ seed: 12, split: split(60, 20, 20, 8) }, {})).toEqual([]);
    // The first 300 of 600 objects are the same, and are drawn in another order.
    expect(origin({ count: 300 }, {})).toEqual(["DL6010"]);
  });
  test("conditions that exclude each other, and some that do not", () => {
    const where = (a: string, b: string) => origin({ where: ` where ${a}` }, { where: ` where ${b}` });
    expect(where("source.snr <= 20", "source.snr > 20")).toEqual([]);
    expect(where("source.snr < 20", "source.snr >= 20")).toEqual([]);
    expect(where("source.snr <= 20", "source.snr >= 20")).toEqual(["DL6015"]);
    expect(where("source.snr > 5", "source.snr > 20")).toEqual(["DL6015"]);
    expect(where("source.snr > 5 and source.magnitude > 22", "source.magnitude < 20")).toEqual([]);
    expect(where("source.snr > 5", "source.magnitude < 20")).toEqual(["DL6015"]);
  });
  test("what the origin began with was trained too", () => {
    const galaxies = `${study().slice(study().indexOf("data galaxies"), study().indexOf("model small"))}
data other = galaxies with { split = random(train: 70%, valid: 15%, test: 15%, seed: 8) }`;
    const experiments = `experiment first {\n  data = other\n  model = small\n  recipe = short\n}
experiment second {\n  data = other\n  model = small\n  recipe = short with { init = from(first) }\n}
experiment third {\n  data = galaxies\n  model = small\n  recipe = short with { init = from(second) }\n}`;
    expect(
      planText(study({ galaxies, experiment: experiments })).diagnostics.map(({ message }) => message),
    ).toEqual(["`second` was trained on rows that `galaxies` evaluates on: the answer would be too good"]);
  });
});

test("a choice of one level", () => {
  expect(
    told(
      `${equal}\n  vary recipe.batch over [16]\n  choose recipe.batch by max(valid.accuracy) per model`,
    ).filter((each) => !each.startsWith("hint")),
  ).toEqual(["warning DL6007: `recipe.batch` has one level, `16`: there is nothing to choose"]);
});

describe("a group that no split keeps together", () => {
  const galaxies = (split: string, more = "") => `data galaxies {
  source = simulate.galaxies(count: 600, size: 32 px, seed: 11)
  input image : f32[32, 32, 3] = source.image
  target label : class[3] = source.class
  group field : f32 = source.magnitude${more}
  split = ${split}
}`;
  const shares = "train: 60%, valid: 15%, test: 25%, seed: 7";
  const of = (split: string, more?: string) => {
    const lines = galaxies(split, more);
    const { diagnostics } = planText(study({ galaxies: lines }));
    const hints = diagnostics.map((each) => each.hint);
    return { told: diagnostics.map(({ code, message }) => `${code}: ${message}`), hints };
  };

  test("is told at the split, with the split that does", () => {
    expect(of(`random(${shares})`)).toEqual({
      told: ["DL6002: rows of one `field` may be in two splits: `random` does not keep them together"],
      hints: ["go by it: `split = grouped(by: field, train: 60%, valid: 15%, test: 25%, seed: 7)`"],
    });
    const { diagnostics } = planText(study({ galaxies: galaxies(`random(${shares})`) }));
    const { span, labels } = diagnostics[0]!;
    expect(span.file.text.slice(span.start, span.end)).toBe(`random(${shares})`);
    expect(labels.map((each) => span.file.text.slice(each.span.start, each.span.end))).toEqual(["field"]);
    expect(of(`grouped(by: field, ${shares})`).told).toEqual([]);
  });
  test("in folds too", () => {
    const folds = (by: string) =>
      planText(
        study({ galaxies: galaxies(`k_fold(6, ${by}valid: 10%, seed: 7)`) })
          .replace("repeat seed over 1 .. 6", "repeat fold over 1 .. 6")
          .replace("paired by seed", "paired by fold"),
      ).diagnostics.map(({ code, hint }) => `${code} ${hint}`);
    expect(folds("")).toEqual(["DL6002 go by it: `split = k_fold(6, by: field, valid: 10%, seed: 7)`"]);
    expect(folds("by: field, ")).toEqual([]);
  });
  test("of two groups one is divided", () => {
    expect(of(`grouped(by: field, ${shares})`, "\n  group night : f32 = source.snr").told).toEqual([
      "DL6002: rows of one `night` may be in two splits: `grouped(by: field)` does not keep them together",
    ]);
  });
});

test("a random step where the data are measured, at its place", () => {
  const galaxies = (step: string) => `data galaxies {
  source = simulate.galaxies(count: 600, size: 32 px, bands: [Y, J, H], seed: 11)
  input image : f32[32, 32, 3] = source.image
  target label : class[3] = source.class
  split = stratified(by: label, train: 70%, valid: 15%, test: 15%, seed: 7)
  augment image { random_crop(28 px) }
  evaluate image { ${step} }
}`;
  const { diagnostics } = planText(study({ galaxies: galaxies("random_crop(28 px)") }));
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "DL6011: `random_crop` draws at random in `evaluate image`: what is measured is not the data as they are",
  ]);
  const { span } = diagnostics[0]!;
  expect(span.file.text.slice(span.start - 17, span.end)).toBe("evaluate image { random_crop(28 px)");
  expect(planText(study({ galaxies: galaxies("centre_crop(28 px)") })).told).toBe("");
});

test("an `allow` that nothing needs, and one without a reason", () => {
  expect(told(`  model = small\n  report test.accuracy\n  allow DL6003 because "pilot"`)).toEqual([
    "warning DL6009: nothing here needs `allow DL6003`",
  ]);
  expect(told("  model = small\n  report test.accuracy as mean_ci(95%)\n  allow DL6004")[0]).toBe(
    "error DL5018: say why `DL6004` is accepted: the report prints it",
  );
});

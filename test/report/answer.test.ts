import { describe, expect, test } from "vitest";
import { answer } from "../../src/report/answer.ts";
import { edgeOf } from "../../src/report/choose.ts";
import { renderAnswer } from "../../src/report/text.ts";
import { holm } from "../../src/stats/adjust.ts";
import { galaxiesRun, metric } from "./galaxies-run.ts";

const plain = { colour: false, unicode: true, width: 100 };
const said = (options: Parameters<typeof galaxiesRun>[0]) =>
  renderAnswer(answer(galaxiesRun(options)), plain);

describe("what the terminal shows", () => {
  test("two networks, six seeds", () => {
    expect(said({})).toMatchInlineSnapshot(`
      "test, mean over 6 seeds with 95 % interval
        model    accuracy                 macro_f1                 parameters   time a training
        vgg      0.864   0.840 to 0.887   0.862   0.838 to 0.886       14,352   8.3 s
        resnet   0.886   0.877 to 0.894   0.884   0.876 to 0.893       14,352   9.1 s

      resnet - vgg on test.accuracy, paired by seed
        +0.022   95 % interval -0.007 to +0.051   p = 0.16 (exact, 6 pairs)   P(resnet > vgg) = 0.83
        No difference is shown. 6 seeds can show one of 0.039 or more; to show 0.022 takes about 14."
    `);
  });

  test("seeds that divide the rows anew share training rows: wider, and another test", () => {
    const run = galaxiesRun();
    const trials = run.plan.trials.map((trial) => {
      const { split } = trial.data;
      const parameters = { ...split.parameters, seed: trial.seed };
      return { ...trial, data: { ...trial.data, split: { ...split, parameters } } };
    });
    const text = renderAnswer(answer({ ...run, plan: { ...run.plan, trials } }), plain);
    expect(text.slice(text.indexOf("resnet - vgg"))).toMatchInlineSnapshot(`
      "resnet - vgg on test.accuracy, paired by seed
        +0.022   95 % interval -0.021 to +0.066   p = 0.25 (corrected t, 6 pairs)   P(resnet > vgg) = 0.83
        No difference is shown. 6 seeds can show one of 0.059 or more."
    `);
  });

  test("a learning rate chosen for each network, bins, and trainings that did not finish", () => {
    expect(
      said({
        seeds: 8,
        rates: ["0.01", "0.03", "0.1"],
        changes: {
          18: { state: "diverged", divergedAt: 41, predictions: () => null },
          33: { state: "diverged", divergedAt: 212, predictions: () => null },
          34: { state: "failed", error: "out of memory\nat step 3", predictions: () => null },
        },
        experiment: {
          reports: [
            {
              metrics: [
                metric("test", "accuracy"),
                metric("test", "balanced_accuracy"),
                metric("cost", "time"),
              ],
              as: null,
              by: null,
            },
            {
              metrics: [metric("test", "accuracy")],
              as: null,
              by: { field: "snr", bins: [5, 10, 20, 50, 100] },
            },
          ],
        },
      }),
    ).toMatchInlineSnapshot(`
      "test, mean over 8 seeds with 95 % interval
        model         n   accuracy                 balanced_accuracy        time a training
        vgg      8 of 8   0.859   0.847 to 0.872   0.859   0.847 to 0.872   8.3 s   8.2 s to 8.4 s
        resnet   6 of 8   0.897   0.879 to 0.915   0.897   0.879 to 0.915   9.1 s   8.9 s to 9.3 s

        model         n   parameters
        vgg      8 of 8       14,352
        resnet   6 of 8       14,352

      test.accuracy by snr, mean over 8 seeds with 95 % interval
        snr         examples   vgg                      resnet
        5 to 10           65   0.731   0.711 to 0.750   0.774   0.728 to 0.821
        10 to 20          56   0.886   0.856 to 0.916   0.920   0.889 to 0.950
        20 to 50          90   0.872   0.858 to 0.886   0.907   0.890 to 0.925
        50 to 100         59   0.956   0.937 to 0.974   0.994   0.980 to 1.009

      lr is chosen on valid.accuracy: 0.03 for vgg and 0.03 for resnet.
      1 of 7 trainings of the lr chosen for resnet diverged: it is chosen on those that did not.
      Trial 18 (vgg, lr 0.1, seed 2) diverged at step 41: its level was not chosen.
      Trial 33 (resnet, lr 0.03, seed 1) diverged at step 212: it counts as missing, and its pair is left
      out.
      Trial 34 (resnet, lr 0.03, seed 2) failed (out of memory): it counts as missing, and its pair is
      left out. See dlc logs first-study-20261123T141502Z-a41c9e 34.

      resnet - vgg on test.accuracy, paired by seed
        +0.035   95 % interval +0.006 to +0.064   p = 0.063 (exact, 6 of 8 pairs)   P(resnet > vgg) = 0.83
        Undecided: the interval excludes 0, the test does not; to show 0.035 takes about 8 seeds."
    `);
  });
});

describe("choose", () => {
  /** Every training of these levels gets this valid accuracy, whatever was predicted. */
  function scored(score: Readonly<Record<string, number>>) {
    const run = galaxiesRun({ seeds: 3, rates: ["0.01", "0.03", "0.1"] });
    return {
      ...run,
      trials: run.trials.map((record, i) => {
        const { model, "recipe.optimizer.lr": rate } = run.plan.trials[i]!.levels;
        const value = score[`${model} ${rate}`] ?? score[rate!]!;
        const epochs = [{ ...record.epochs.at(-1)!, metrics: { "valid.accuracy": value } }];
        return {
          ...record,
          epochs,
          predictions: (split: "valid" | "test") => (split === "valid" ? null : record.predictions(split)),
        };
      }),
    };
  }
  const taken = (run: ReturnType<typeof scored>) =>
    answer(run).experiments[0]!.choices.map(({ of, label, edge }) => [of.model, label, edge]);

  test("the best for each level after `per`, with a word on edges", () => {
    const run = scored({
      "vgg 0.01": 0.7,
      "vgg 0.03": 0.8,
      "vgg 0.1": 0.6,
      "resnet 0.01": 0.7,
      "resnet 0.03": 0.8,
      "resnet 0.1": 0.9,
    });
    expect(taken(run)).toEqual([
      ["vgg", "0.03", null],
      ["resnet", "0.1", "greatest"],
    ]);
    const { arms } = answer(run).experiments[0]!;
    expect(arms.map(({ trials }) => trials)).toEqual([
      [4, 5, 6],
      [16, 17, 18],
    ]);
  });

  test("an edge is one of numbers of one unit", () => {
    expect(edgeOf(["10%", "20%", "50%"], "50%")).toBe("greatest");
    expect(edgeOf(["8 px", "16 px"], "8 px")).toBe("least");
    expect(edgeOf(["1e-3", "1e-2", "1e-1"], "1e-3")).toBe("least");
    expect(edgeOf(["1 epoch", "1e2 steps"], "1 epoch")).toBeNull();
    expect(edgeOf(["adam", "sgd"], "adam")).toBeNull();
    expect(edgeOf(["0.1"], "0.1")).toBeNull();
  });

  test("of equal means the first", () => {
    expect(taken(scored({ "0.01": 0.5, "0.03": 0.8, "0.1": 0.8 }))[0]).toEqual(["vgg", "0.03", null]);
  });
});

describe("what is missing", () => {
  const missing = { state: "diverged", divergedAt: 12, predictions: () => null } as const;

  test("a pair without one side leaves the comparison, and six become too few", () => {
    const answered = answer(galaxiesRun({ changes: { 2: missing } }));
    const [comparison] = answered.experiments[0]!.comparisons;
    expect(comparison!.pairs.map(({ label }) => label)).toEqual(["1", "3", "4", "5", "6"]);
    expect(renderAnswer(answered, plain)).toMatchInlineSnapshot(`
      "test, mean over 6 seeds with 95 % interval
        model         n   accuracy                 macro_f1                 parameters   time a training
        vgg      5 of 6   0.866   0.836 to 0.895   0.864   0.834 to 0.895       14,352   8.3 s
        resnet   6 of 6   0.886   0.877 to 0.894   0.884   0.876 to 0.893       14,352   9.1 s

      Trial 2 (vgg, seed 2) diverged at step 12: it counts as missing, and its pair is left out.

      resnet - vgg on test.accuracy, paired by seed
        +0.018   95 % interval -0.017 to +0.053   p = 0.31 (exact, 5 of 6 pairs)   P(resnet > vgg) = 0.80
        No verdict: 5 pairs reach no p below 0.0625, whatever the results. At least 6 seeds are needed."
    `);
  });

  test("nothing has run", () => {
    const open = { state: "planned", epochs: [], predictions: () => null, seconds: null } as const;
    const changes = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [i + 1, open]));
    expect(said({ changes })).toMatchInlineSnapshot(`
      "test, no results yet
        model         n   accuracy   macro_f1   parameters   time a training
        vgg      0 of 6   none       none           14,352   not known
        resnet   0 of 6   none       none           14,352   not known

      12 of 12 trainings are not done: this answer is preliminary.

      resnet - vgg on test.accuracy, paired by seed
        No verdict: no pair has a result on both sides. At least 6 seeds are needed."
    `);
  });

  test("one training each", () => {
    expect(said({ seeds: 1 })).toMatchInlineSnapshot(`
      "test, one training each: no interval can be given
        model    accuracy   macro_f1   parameters   time a training
        vgg      0.874      0.872          14,352   8.4 s
        resnet   0.881      0.880          14,352   9.1 s

      resnet - vgg on test.accuracy, paired by seed
        No verdict: only one pair has a result on both sides. At least 6 seeds are needed."
    `);
  });
});

test("a phone's width, no colour that carries meaning alone, ASCII where asked", () => {
  const answered = answer(galaxiesRun({}));
  const narrow = renderAnswer(answered, { colour: true, unicode: false, width: 60 });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
  const bare = narrow.replace(/\x1b\[\d+m/g, "");
  for (const line of bare.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  expect(bare).toBe(renderAnswer(answered, { colour: false, unicode: true, width: 60 }));
});

test("another open factor gives one result for each of its levels, adjusted together", () => {
  const run = galaxiesRun({
    seeds: 8,
    rates: ["0.01", "0.03"],
    advantage: 0.3,
    experiment: {
      choose: [],
      comparisons: [
        {
          factor: "model",
          left: "resnet",
          right: "vgg",
          on: metric("test", "log_loss"),
          paired: ["seed"],
          margin: null,
        },
      ],
    },
  });
  const answered = answer(run);
  const { comparisons } = answered.experiments[0]!;
  expect(comparisons.map(({ of }) => of)).toEqual([
    { "recipe.optimizer.lr": "0.01" },
    { "recipe.optimizer.lr": "0.03" },
  ]);
  const raw = comparisons.map(({ result }) => result!.test.p);
  expect(comparisons.map(({ p }) => p)).toEqual(holm(raw));
  expect(renderAnswer(answered, plain)).toMatchInlineSnapshot(`
    "test, mean over 8 seeds with 95 % interval
      model    lr     accuracy                 macro_f1                 parameters   time a training
      vgg      0.01   0.807   0.794 to 0.820   0.803   0.790 to 0.817       14,352   8.4 s
      vgg      0.03   0.859   0.847 to 0.872   0.857   0.844 to 0.870       14,352   8.3 s
      resnet   0.01   0.872   0.866 to 0.879   0.871   0.864 to 0.877       14,352   9.1 s
      resnet   0.03   0.903   0.893 to 0.913   0.902   0.891 to 0.912       14,352   9.1 s

    resnet - vgg on test.log_loss, paired by seed, lr 0.01
      -0.116   95 % interval -0.142 to -0.091   p = 0.016 (exact, 8 pairs, Holm over 2)
      P(resnet > vgg) = 0.00
      resnet is better than vgg: its test.log_loss is lower by 0.116.

    resnet - vgg on test.log_loss, paired by seed, lr 0.03
      -0.090   95 % interval -0.107 to -0.074   p = 0.016 (exact, 8 pairs, Holm over 2)
      P(resnet > vgg) = 0.00
      resnet is better than vgg: its test.log_loss is lower by 0.090."
  `);
});

test("with a margin, intervals hold together and are named so", () => {
  const compared = (margin: number | null) => ({
    factor: "model",
    left: "resnet",
    right: "vgg",
    on: metric("test", "accuracy"),
    paired: ["seed"],
    margin,
  });
  const run = galaxiesRun({
    seeds: 8,
    rates: ["0.01", "0.03"],
    advantage: 0.3,
    experiment: { choose: [], comparisons: [compared(0.01)] },
  });
  const [first] = answer(run).experiments[0]!.comparisons;
  const { simultaneous, difference } = first!.result!;
  expect(simultaneous.level).toBeCloseTo(0.975, 12);
  expect(simultaneous.low).toBeLessThan(difference.interval!.low);
  const shown = (value: number) => `+${value.toFixed(first!.decimals)}`;
  expect(renderAnswer(answer(run), plain)).toContain(
    `simultaneous 95 % interval ${shown(simultaneous.low)} to ${shown(simultaneous.high)}`,
  );
});

test("replicates that do not pair are averaged, over those that both sides have", () => {
  const run = galaxiesRun({ seeds: 4 });
  // Seeds 1 .. 4 become two seeds of two folds each; seed 2 lacks a fold on one side.
  const trials = run.plan.trials.map((trial, i) => ({
    ...trial,
    replicates: { seed: String(1 + (i % 2)), fold: String(1 + (Math.floor(i / 2) % 2)) },
  }));
  const lost = { ...run.trials[3]!, state: "failed", predictions: () => null } as const;
  const records = run.trials.map((record, i) => (i === 3 ? lost : record));
  const [experiment] = run.plan.experiments;
  const { comparisons, tables } = answer({
    ...run,
    trials: records,
    plan: {
      ...run.plan,
      trials,
      experiments: [
        {
          ...experiment!,
          replicates: [
            { path: "seed", labels: ["1", "2"] },
            { path: "fold", labels: ["1", "2"] },
          ],
        },
      ],
    },
  }).experiments[0]!;
  const value = (row: number, ordinal: number): number =>
    tables[0]!.rows[row]!.cells[0]!.values.find((each) => each.ordinal === ordinal)!.value;
  expect(comparisons[0]!.pairs).toEqual([
    { label: "1", left: (value(1, 5) + value(1, 7)) / 2, right: (value(0, 1) + value(0, 3)) / 2 },
    { label: "2", left: value(1, 6), right: value(0, 2) },
  ]);
});

import { describe, expect, test } from "vitest";
import { comparePairs } from "../../src/stats/compare.ts";
import { missingVerdict, type Question, unpairedVerdict, verdict } from "../../src/stats/verdict.ts";

const question: Question = {
  left: "resnet",
  right: "vgg",
  metric: "test.accuracy",
  goal: "max",
  margin: null,
  pairs: "seeds",
  show: (difference) => Math.abs(difference).toFixed(3),
};

function say(
  differences: readonly number[],
  changes: Partial<Question> = {},
  comparisons = 1,
  shared = 0,
): string {
  const right = differences.map((_, i) => 0.87 + i / 500);
  const left = right.map((value, i) => value + differences[i]!);
  const found = comparePairs(left, right, { comparisons, shared });
  const p = Math.min(1, found.test.p * comparisons);
  const { finding, text } = verdict(found, p, { ...question, ...changes });
  return `${finding} | ${text}`;
}

const clear = [0.011, 0.006, 0.012, 0.006, 0.007, 0.008, 0.004, 0.011];
const open = [0.021, -0.006, 0.008, 0.016, -0.004, 0.013];

describe("verdicts in words", () => {
  test("better", () => {
    expect(say(clear)).toMatchInlineSnapshot(`"better | resnet is better than vgg by 0.008."`);
    expect(say(clear.map((d) => -d))).toMatchInlineSnapshot(`"better | vgg is better than resnet by 0.008."`);
    expect(say(clear, { goal: "min", metric: "test.rmse" })).toMatchInlineSnapshot(
      `"better | vgg is better than resnet: its test.rmse is lower by 0.008."`,
    );
  });

  test("five folds can show a difference, five seeds cannot", () => {
    expect(say(clear.slice(0, 5), { pairs: "folds" }, 1, 0.25)).toMatchInlineSnapshot(
      `"better | resnet is better than vgg by 0.008."`,
    );
    expect(say(clear.slice(0, 5))).toMatchInlineSnapshot(
      `"refused | No verdict: 5 pairs reach no p below 0.0625, whatever the results. At least 6 seeds are needed."`,
    );
  });

  test("no difference shown, with what the seeds can show and how many would show it", () => {
    expect(say(open)).toMatchInlineSnapshot(
      `"no difference shown | No difference is shown. 6 seeds can show one of 0.016 or more; to show 0.008 takes about 17."`,
    );
    expect(say([0, 0, 0, 0, 0, 0])).toMatchInlineSnapshot(
      `"no difference shown | No difference: the two are equal on each of 6 seeds."`,
    );
    expect(say([0.01, -0.01, 0.01, -0.01, 0.01, -0.01])).toMatchInlineSnapshot(
      `"no difference shown | No difference is shown. 6 seeds can show one of 0.016 or more."`,
    );
  });

  test("test and interval disagree", () => {
    expect(say([0.02, 0.021, 0.01, 0.011, -0.004, -0.002, 0.02, 0.018])).toMatchInlineSnapshot(
      `"better | resnet is better than vgg by 0.012."`,
    );
    expect(say([0.001, 0.002, 0.001, 0.002, 0.001, 0.04])).toMatchInlineSnapshot(
      `"undecided | Undecided: the test excludes 0, the interval does not; to show 0.008 takes about 34 seeds."`,
    );
  });

  test("a design that cannot answer is refused", () => {
    expect(say([0.02, 0.021, 0.019, 0.02, 0.022])).toMatchInlineSnapshot(
      `"refused | No verdict: 5 pairs reach no p below 0.0625, whatever the results. At least 6 seeds are needed."`,
    );
    expect(say([0.02, 0.021, 0.019, 0.02, 0.022, 0.02], {}, 3)).toMatchInlineSnapshot(
      `"refused | No verdict: 6 pairs reach no p below 0.03125, and 3 comparisons need 0.017. At least 7 seeds are needed."`,
    );
    expect(unpairedVerdict().text).toMatchInlineSnapshot(
      `"No verdict: the results are not paired. Add \`paired by seed\`: both arms then share seeds, and the spread between seeds cancels."`,
    );
    expect(missingVerdict(question, 0).text).toMatchInlineSnapshot(
      `"No verdict: no pair has a result on both sides. At least 6 seeds are needed."`,
    );
    expect(missingVerdict(question, 1).text).toMatchInlineSnapshot(
      `"No verdict: only one pair has a result on both sides. At least 6 seeds are needed."`,
    );
  });

  test("with a margin", () => {
    expect(say(clear, { margin: 0.003 })).toMatchInlineSnapshot(
      `"better by more than the margin | resnet is better than vgg by more than the margin of 0.003."`,
    );
    expect(say(clear, { margin: 0.02 })).toMatchInlineSnapshot(
      `"equivalent | resnet and vgg are equivalent: their difference is within the margin of 0.020, though resnet is a little better."`,
    );
    expect(say(clear, { margin: 0.008 })).toMatchInlineSnapshot(
      `"undecided | Undecided: resnet is better, but whether by more than the margin of 0.008 is open."`,
    );
    expect(say([0.001, -0.001, 0.0005, -0.0005, 0.001, 0], { margin: 0.005 })).toMatchInlineSnapshot(
      `"equivalent | resnet and vgg are equivalent: their difference is within the margin of 0.005."`,
    );
    expect(say(open, { margin: 0.01 })).toMatchInlineSnapshot(
      `"undecided | Undecided: the difference may be within the margin of 0.010 or beyond it. About 190 seeds would decide, were the difference 0.008."`,
    );
  });

  test("with a margin and several comparisons, each has its share of the level", () => {
    // Ten pairs, so that p allows a claim. Lower ends: 0.0062 of one comparison, 0.0057 of three, 0.0051 of ten; upper ends of the
    // narrower interval: 0.0096, 0.0102, 0.0108.
    const ten = [...clear, 0.009, 0.007];
    const findings = (margin: number) =>
      [1, 3, 10].map((comparisons) => say(ten, { margin }, comparisons).split(" | ")[0]);
    expect(findings(0.003)).toEqual(Array(3).fill("better by more than the margin"));
    expect(findings(0.006)).toEqual(["better by more than the margin", "undecided", "undecided"]);
    expect(findings(0.0099)).toEqual(["equivalent", "undecided", "undecided"]);
    expect(findings(0.0105)).toEqual(["equivalent", "equivalent", "undecided"]);
    expect(findings(0.02)).toEqual(Array(3).fill("equivalent"));
  });
});

/** What `compare` asks for: pairs, their difference, and the verdict. */
import { group } from "d3-array";
import { holm } from "../stats/adjust.ts";
import { comparePairs, type PairedComparison } from "../stats/compare.ts";
import { type Interval, mean } from "../stats/interval.ts";
import { missingVerdict, type Question, unpairedVerdict, type Verdict, verdict } from "../stats/verdict.ts";
import { pairLabel, sharedRows } from "../study/design/divisions.ts";
import { meetingsOf } from "../study/design/meetings.ts";
import type { CompareSpec, ExperimentPlan, TrialSpec } from "../study/plan.ts";
import { namesOf, openFactors } from "./arms.ts";
import { decimalsFor, leastDecimals, plural, showLevel, showValue, type Unit } from "./numbers.ts";
import { halfWidth } from "./table.ts";
import { type Measurements, metricName, metricTraits } from "./values.ts";

export interface Pair {
  /** `3`: the level of `seed`; `3, 1` of `seed, fold`. */
  readonly label: string;
  readonly left: number;
  readonly right: number;
}

export interface Comparison {
  readonly left: string;
  readonly right: string;
  /** Path of the factor. */
  readonly factor: string;
  /** `test.accuracy` */
  readonly metric: string;
  readonly unit: Unit;
  readonly goal: "max" | "min";
  /** For the difference and its interval. */
  readonly decimals: number;
  readonly margin: number | null;
  /** `seed`; empty where nothing pairs. */
  readonly paired: readonly string[];
  /** `seeds`: what a pair is one of. */
  readonly noun: string;
  /** The level of every other open factor, by path: this result is for it. */
  readonly of: Readonly<Record<string, string>>;
  readonly pairs: readonly Pair[];
  /** Pairs that were planned and lack a side. */
  readonly incomplete: number;
  /** Null where there are fewer than two pairs. */
  readonly result: PairedComparison | null;
  /** After Holm's adjustment over the results of the experiment. */
  readonly p: number | null;
  readonly verdict: Verdict;
}

/** The interval that the verdict rests on: with a margin, one that holds together with those of all other comparisons. */
export const intervalOf = ({ margin }: Pick<Comparison, "margin">, result: PairedComparison): Interval =>
  margin === null ? result.difference.interval! : result.simultaneous;

/** `95 % interval`, `simultaneous 95 % interval`; levels are those of the whole statement. */
export const intervalName = ({ margin }: Pick<Comparison, "margin">, result: PairedComparison): string =>
  `${margin !== null && result.comparisons > 1 ? "simultaneous " : ""}${showLevel(result.difference.interval!.level)} interval`;

type Found = Omit<Comparison, "p" | "verdict">;

/**
 * For each `compare` one result wherever its arms meet. All of an experiment are one family: Holm's adjustment is over them together,
 * as `study/design/reach.ts` counts them. `planned` are all trials, `kept` those that no `choose` took away.
 */
export function comparisonsOf(
  experiment: ExperimentPlan,
  planned: readonly TrialSpec[],
  kept: readonly TrialSpec[],
  measured: Measurements,
): Comparison[] {
  const remains = new Set(kept);
  const asked = experiment.comparisons.flatMap((compare) =>
    meetingsOf(compare, openFactors(experiment), planned).map(({ of, left, right }) => ({
      compare,
      of,
      trials: [...left, ...right].filter((trial) => remains.has(trial)),
    })),
  );
  const found = asked.map(({ compare, of, trials }) => ({
    compare,
    ...pairUp(experiment, compare, of, trials, measured, asked.length),
  }));
  const tested = found.filter(({ result }) => result !== null);
  const adjusted = holm(tested.map(({ result }) => result!.test.p));
  return found.map(({ compare, ...each }, i): Comparison => {
    const question = questionOf(each);
    if (compare.paired.length === 0) return { ...each, p: null, verdict: unpairedVerdict() };
    if (!each.result) return { ...each, p: null, verdict: missingVerdict(question, each.pairs.length) };
    const p = adjusted[tested.indexOf(found[i]!)]!;
    return { ...each, p, verdict: verdict(each.result, p, question) };
  });
}

function questionOf({ left, right, metric, goal, margin, noun, unit, decimals }: Found): Question {
  const show = (difference: number): string => showValue(Math.abs(difference), unit, decimals);
  return { left, right, metric, goal, margin, pairs: noun, show };
}

function pairUp(
  experiment: ExperimentPlan,
  { factor, left, right, on, paired, margin }: CompareSpec,
  of: Readonly<Record<string, string>>,
  trials: readonly TrialSpec[],
  measured: Measurements,
  comparisons: number,
): Found {
  const names = namesOf(experiment);
  const side = (label: string) =>
    new Map(
      trials
        .filter((trial) => trial.levels[factor] === label)
        .map((trial) => [JSON.stringify(Object.entries(trial.replicates).sort()), trial]),
    );
  const lefts = side(left);
  const rights = side(right);
  // Replicates that do not pair are averaged, over those that both sides have.
  const both = [...lefts].flatMap(([key, trial]) => {
    const other = rights.get(key);
    const a = measured.value(trial.ordinal, on);
    const b = other ? measured.value(other.ordinal, on) : null;
    return a === null || b === null ? [] : [{ label: pairLabel(trial, paired), a, b }];
  });
  const planned = new Set([...lefts.values(), ...rights.values()].map((trial) => pairLabel(trial, paired)));
  const pairs =
    paired.length === 0
      ? []
      : Array.from(group(both, ({ label }) => label).entries(), ([label, values]) => ({
          label,
          left: mean(values.map(({ a }) => a)),
          right: mean(values.map(({ b }) => b)),
        }));
  const result =
    pairs.length < 2
      ? null
      : comparePairs(
          pairs.map((pair) => pair.left),
          pairs.map((pair) => pair.right),
          { comparisons, shared: sharedRows(trials, paired, on.split) },
        );
  const { unit, goal } = metricTraits(on);
  return {
    left,
    right,
    factor,
    metric: metricName(on),
    unit,
    goal,
    decimals: decimalsFor([halfWidth(result?.difference ?? null)], leastDecimals(unit)),
    margin,
    paired: paired.map((path) => names.get(path) ?? path),
    noun: paired.length === 1 ? plural(names.get(paired[0]!) ?? paired[0]!, 2) : "pairs",
    of,
    pairs,
    incomplete: planned.size - pairs.length,
    result,
  };
}

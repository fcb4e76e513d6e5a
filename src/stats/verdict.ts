/** What a comparison shows, in words. Nothing is claimed that the number of pairs cannot carry. */

import { alpha, fewestPairs, smallestP } from "../study/design/pairs.ts";
import { showCount } from "../text/count.ts";
import type { PairedComparison } from "./compare.ts";
import { neededPairs } from "./power.ts";

export type Finding =
  /** No claim is possible from this design. */
  | "refused"
  | "no difference shown"
  | "better"
  /** The test and the interval disagree; or, with a margin, the interval holds it. */
  | "undecided"
  /** With a margin. */
  | "better by more than the margin"
  | "equivalent";

export interface Verdict {
  readonly finding: Finding;
  /** The label that is better, where one is. */
  readonly better: string | null;
  /** One or two sentences. */
  readonly text: string;
}

export interface Question {
  readonly left: string;
  readonly right: string;
  /** `test.accuracy`. */
  readonly metric: string;
  readonly goal: "max" | "min";
  /** In the metric's unit; null where none is given. */
  readonly margin: number | null;
  /** What a pair is one of: `seeds`, `folds`, `pairs`. */
  readonly pairs: string;
  /** A difference as it is printed, without its sign: `0.008`. */
  readonly show: (difference: number) => string;
}

/** A comparison whose results were not paired. */
export function unpairedVerdict(): Verdict {
  return {
    finding: "refused",
    better: null,
    text: "No verdict: the results are not paired. Add `paired by seed`: both arms then share seeds, and the spread between seeds cancels.",
  };
}

/** A comparison that has fewer than two pairs with results on both sides. */
export function missingVerdict(question: Question, pairs: number): Verdict {
  const found = pairs === 0 ? "no pair has" : "only one pair has";
  return {
    finding: "refused",
    better: null,
    text: `No verdict: ${found} a result on both sides. At least ${fewestPairs(alpha)} ${question.pairs} are needed.`,
  };
}

/**
 * The verdict on paired results; `p` is after adjustment. Without a margin a difference is shown when p <= 0.05 and the interval
 * agrees; how it compares with the spread over seeds follows Bouthillier et al. 2021 (P(A > B) of 0.75). With a margin:
 * equivalent, better by more than it, or undecided, from intervals that allow for all comparisons of the statement.
 */
export function verdict(comparison: PairedComparison, p: number, question: Question): Verdict {
  const { difference, fewest } = comparison;
  if (difference.n < fewest) return tooFew(comparison, question);
  return question.margin === null
    ? withoutMargin(comparison, p, question)
    : withMargin(comparison, p, question, question.margin);
}

function tooFew({ difference, comparisons, fewest }: PairedComparison, question: Question): Verdict {
  const floor = `${difference.n} pairs reach no p below ${smallestP(difference.n)}`;
  const which =
    comparisons === 1
      ? `${floor}, whatever the results`
      : `${floor}, and ${comparisons} comparisons need ${showP(alpha / comparisons)}`;
  return {
    finding: "refused",
    better: null,
    text: `No verdict: ${which}. At least ${fewest} ${question.pairs} are needed.`,
  };
}

function withoutMargin(comparison: PairedComparison, p: number, question: Question): Verdict {
  const { difference, superiority } = comparison;
  const { low, high } = difference.interval!;
  const excludesZero = low > 0 || high < 0 || difference.sd === 0;
  if (p > alpha && (!excludesZero || difference.sd === 0)) return noDifference(comparison, question);
  if (p > alpha || !excludesZero) {
    const disagree =
      p > alpha ? "the interval excludes 0, the test does not" : "the test excludes 0, the interval does not";
    const more =
      comparison.needed > difference.n && Number.isFinite(comparison.needed)
        ? `to show ${question.show(difference.mean)} takes about ${roundedUp(comparison.needed)} ${question.pairs}`
        : `more ${question.pairs} will tell`;
    return { finding: "undecided", better: null, text: `Undecided: ${disagree}; ${more}.` };
  }
  const better = winner(difference.mean, question);
  const wins = difference.mean > 0 ? superiority.interval : mirrored(superiority.interval);
  const chance = difference.mean > 0 ? superiority.value : 1 - superiority.value;
  const small =
    wins.high <= 0.75
      ? ` It is small against the spread: of two single trainings ${better} wins ${Math.round(100 * chance)} in 100.`
      : "";
  return { finding: "better", better, text: `${sentence(better, difference.mean, question)}${small}` };
}

function noDifference(
  { difference, detectable, needed }: PairedComparison,
  { pairs, show }: Question,
): Verdict {
  const { n, mean, sd } = difference;
  const text =
    sd === 0 && mean === 0
      ? `No difference: the two are equal on each of ${n} ${pairs}.`
      : [
          `No difference is shown. ${n} ${pairs} can show one of ${show(detectable)} or more`,
          // Where the difference found is above what can be shown, or rounds to nothing, there is no more to say.
          needed > n && Number.isFinite(needed) && Number(show(mean)) !== 0
            ? `; to show ${show(mean)} takes about ${roundedUp(needed)}.`
            : ".",
        ].join("");
  return { finding: "no difference shown", better: null, text };
}

function withMargin(comparison: PairedComparison, p: number, question: Question, margin: number): Verdict {
  const { difference, simultaneous, narrower } = comparison;
  const { low, high } = simultaneous;
  const { left, right, pairs } = question;
  const limit = question.show(margin);
  const worse = (better: string): string => (better === left ? right : left);
  if (p <= alpha && (low > margin || high < -margin)) {
    const better = winner(difference.mean, question);
    return {
      finding: "better by more than the margin",
      better,
      text: `${better} is better than ${worse(better)} by more than the margin of ${limit}.`,
    };
  }
  if (narrower.low > -margin && narrower.high < margin) {
    const differs = p <= alpha ? `, though ${winner(difference.mean, question)} is a little better` : "";
    return {
      finding: "equivalent",
      better: null,
      text: `${left} and ${right} are equivalent: their difference is within the margin of ${limit}${differs}.`,
    };
  }
  const distance = Math.abs(margin - Math.abs(difference.mean));
  const needed =
    distance > 0
      ? neededPairs(distance / difference.sd, {
          alpha: alpha / comparison.comparisons,
          sides: 1,
          shared: comparison.shared,
        })
      : Number.POSITIVE_INFINITY;
  const open =
    p <= alpha
      ? `${winner(difference.mean, question)} is better, but whether by more than the margin of ${limit} is open.`
      : `the difference may be within the margin of ${limit} or beyond it.`;
  const more =
    needed <= 1000 && needed > difference.n
      ? ` About ${roundedUp(needed)} ${pairs} would decide, were the difference ${question.show(difference.mean)}.`
      : "";
  return {
    finding: "undecided",
    better: null,
    text: `Undecided: ${open}${more}`,
  };
}

function winner(difference: number, { left, right, goal }: Question): string {
  return difference > 0 === (goal === "max") ? left : right;
}

function sentence(better: string, difference: number, question: Question): string {
  const { left, right, goal, metric, show } = question;
  const other = better === left ? right : left;
  const by = show(Math.abs(difference));
  return goal === "max"
    ? `${better} is better than ${other} by ${by}.`
    : `${better} is better than ${other}: its ${metric} is lower by ${by}.`;
}

function mirrored(interval: { readonly low: number; readonly high: number }) {
  return { low: 1 - interval.high, high: 1 - interval.low };
}

/** Two significant digits: a forecast of pairs is no more certain than that. */
function roundedUp(n: number): string {
  if (n < 100) return String(n);
  const unit = 10 ** (Math.floor(Math.log10(n)) - 1);
  return showCount(Math.ceil(n / unit) * unit);
}

/** 0.031, 0.0078, below 0.0001 `< 0.0001`. */
export function showP(p: number): string {
  if (p < 0.0001) return "< 0.0001";
  if (p >= 0.995) return "1";
  return String(Number(p.toPrecision(2)));
}

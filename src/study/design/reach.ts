/** Comparisons that cannot show anything, whatever comes out. */
import { listWords } from "../../check/describe.ts";
import { badComparison } from "../diagnostics.ts";
import type { Axis } from "../expand.ts";
import type { CompareSpec, TrialSpec } from "../plan.ts";
import type { Asked } from "../questions.ts";
import type { Design, Warn } from "./context.ts";
import { unpaired, unreachable } from "./diagnostics.ts";
import type { Meeting } from "./meetings.ts";
import { alpha, fewestPairs, smallestP } from "./pairs.ts";

export interface Met extends Asked<CompareSpec> {
  readonly meetings: readonly Meeting[];
  /** How many pairs of trainings each meeting has; 0 where they are not paired. */
  readonly pairs: number;
  /** They are other divisions of the same rows: tested otherwise, and from two pairs on any p can be reached. */
  readonly divided: boolean;
}

export function pairsOf({ paired }: CompareSpec, axes: readonly Axis[]): number {
  if (paired.length === 0) return 0;
  return axes
    .filter(({ key, kind }) => kind === "replicate" && paired.includes(key))
    .reduce((product, axis) => product * axis.levels.length, 1);
}

/** Every meeting of every comparison gives one result, and all of them share the level (Holm). */
export function checkReach(met: readonly Met[], { axes, trials }: Design, warn: Warn): void {
  const replicates = axes.filter((axis) => axis.kind === "replicate");
  const trainings = replicates.reduce((product, axis) => product * axis.levels.length, 1);
  const results = met.reduce((sum, { meetings }) => sum + meetings.length, 0);
  const needed = fewestPairs(alpha, results);
  for (const each of met) {
    const { spec, span, meetings } = each;
    if (meetings.length === 0) reportNoMeeting(each);
    else if (spec.paired.length === 0 && trainings > 1)
      warn(unpaired, { replicate: replicates[0]!.key }, span, {
        hint: `add \`paired by ${replicates.map((axis) => axis.key).join(", ")}\`: pairs show smaller differences`,
      });
    else checkPairs(each);
  }

  function checkPairs({ spec, span, pairs, divided }: Met): void {
    const paired = replicates.filter((axis) => spec.paired.includes(axis.key));
    // One training of each arm is one pair.
    const n = Math.max(1, pairs);
    if (n >= needed || (divided && n > 1)) return;
    const sole = paired.length === 1 ? paired[0]! : undefined;
    const plural = n === 1 ? "" : "s";
    warn(
      unreachable,
      {
        pairs:
          paired.length === 0
            ? "one training of each arm"
            : `${n} ${sole ? `paired ${sole.key}` : "pair"}${plural}`,
        least: String(Number(smallestP(n).toPrecision(4))),
        level: String(Number((alpha / results).toPrecision(3))),
        results,
        needed,
      },
      span,
      {
        labels: sole ? [{ span: sole.span, text: `${n} ${sole.key}${plural}` }] : [],
        hint: hintFor(paired, needed),
      },
    );
  }

  /** The arms have trainings, but no two of them differ in nothing but the factor compared. */
  function reportNoMeeting({ spec, span }: Met): void {
    const levels = (arm: string): readonly TrialSpec[] =>
      trials.map((trial) => trial.spec).filter((trial) => trial.levels[spec.factor] === arm);
    const differing = axes.filter(
      ({ key, kind, when }) =>
        kind === "factor" &&
        when !== undefined &&
        levels(spec.left).some((trial) => key in trial.levels) !==
          levels(spec.right).some((trial) => key in trial.levels),
    );
    const keys = differing.map(({ key }) => key);
    const problem = `no training of \`${spec.left}\` has its counterpart of \`${spec.right}\`: one of them has no ${listWords(
      keys.map((key) => `\`${key}\``),
      "and",
    )}`;
    warn(badComparison, { problem }, span, {
      labels: differing.map((axis) => ({ span: axis.span, text: "applies to one of the two" })),
      hint:
        keys[0] === undefined
          ? undefined
          : `choose a level of it: \`choose ${keys[0]} by max(valid.accuracy) per ${spec.factor}\``,
    });
  }
}

function hintFor(paired: readonly Axis[], needed: number): string {
  if (paired.length === 0)
    return `repeat the training and pair it: \`repeat seed over 1 .. ${needed}\`, \`paired by seed\``;
  return paired.length === 1
    ? `write \`repeat ${paired[0]!.key} over 1 .. ${needed}\``
    : `give the replicates ${needed} pairs`;
}

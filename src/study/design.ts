/** Checks of the design: what can be known before a single training about what the answer will be worth. */

import type { Network } from "../check/network.ts";
import type { Details, DiagnosticKind } from "../diagnostics/diagnostic.ts";
import { operatorOf } from "../ops/registry.ts";
import { showCount } from "../text/count.ts";
import { type Span, textOf } from "../text/source.ts";
import { elementCount } from "../types/tensor.ts";
import type { StudyContext } from "./context.ts";
import {
  evaluationAugmented,
  groupStraddles,
  nothingToChoose,
  oneSeed,
  testLeak,
  unequalBudgets,
  unequalParameters,
  unpaired,
  unreachable,
  unusedAllow,
} from "./diagnostics.ts";
import type { Axis } from "./expand.ts";
import type { CompareSpec, TrialSpec } from "./plan.ts";
import type { Questions } from "./questions.ts";
import type { Trial } from "./trials.ts";

/** Arms that differ by a larger share are reported. */
const parameterTolerance = 0.05;

interface Design {
  readonly axes: readonly Axis[];
  readonly trials: readonly Trial[];
  readonly questions: Questions;
}

export function checkDesign(design: Design, context: StudyContext): void {
  const { axes, trials, questions } = design;
  const allowed = new Set(questions.allowed.map((each) => each.code));
  const needed = new Set<string>();
  function warn<P>(kind: DiagnosticKind<P>, parameters: P, span: Span, details?: Details): void {
    needed.add(kind.code);
    if (kind.severity === "warning" && allowed.has(kind.code)) return;
    context.reporter.report(kind, parameters, span, details);
  }

  for (const { recipe } of trials)
    for (const { what, metric, span } of recipe.watched)
      if (metric.split === "test")
        warn(
          testLeak,
          { what: what === "stop" ? "the end of training is decided" : "the checkpoint is chosen" },
          span,
          { text: "the test split", hint: `watch the validation split: \`valid.${metric.metric}\`` },
        );
  checkGroups();
  checkEvaluation();
  for (const { spec, span } of questions.choose) {
    const axis = axes.find((each) => each.key === spec.path)!;
    if (axis.levels.length === 1)
      warn(nothingToChoose, { path: axis.key, level: axis.levels[0]!.label }, span, {
        labels: [{ span: axis.span, text: "one level" }],
        hint: "take the `choose` away, or give the factor more levels",
      });
  }
  const replicates = axes.filter((axis) => axis.kind === "replicate");
  const trainings = replicates.reduce((product, axis) => product * axis.levels.length, 1);
  for (const { spec, as, span } of questions.reports)
    if (spec.as && trainings === 1)
      warn(oneSeed, { interval: textOf(as ?? span) }, as ?? span, {
        hint: "repeat the training: `repeat seed over 1 .. 6`",
      });
  checkReach();
  for (const { spec, span } of questions.comparisons) {
    const pairs = pairsOf(spec, trials);
    checkParameters(spec, pairs, span);
    checkBudgets(spec, pairs, span);
  }
  for (const { code, span } of questions.allowed)
    if (!needed.has(code))
      context.reporter.report(unusedAllow, { code }, span, { hint: "take the line away" });

  function checkGroups(): void {
    for (const { spec, spanOfData } of trials) {
      const group = spec.data.fields.find((field) => field.role === "group");
      if (!group || spec.data.split.parameters.by === group.name) continue;
      warn(groupStraddles, { group: group.name, split: spec.data.split.op }, spanOfData, {
        hint: `split by it: \`split = grouped(by: ${group.name}, train: 70%, valid: 15%, test: 15%)\``,
      });
    }
  }

  function checkEvaluation(): void {
    for (const { spec, spanOfData } of trials)
      for (const { fields, steps } of spec.data.evaluate) {
        const drawn = steps.find(({ op }) => operatorOf("augment", op).random);
        if (drawn)
          warn(evaluationAugmented, { step: drawn.op, field: fields.join(", ") }, spanOfData, {
            hint: `take \`${drawn.op}\` out of \`evaluate\`, or say why it is there: \`allow DL6011 because "..."\``,
          });
      }
  }

  /** The least p of a sign-flip test on n pairs is 2 / 2^n; with Holm over m results it must be at most level / m. */
  function checkReach(): void {
    const closed = new Set(questions.choose.map(({ spec }) => spec.path));
    const results = questions.comparisons.reduce((sum, { spec }) => sum + resultsOf(spec.factor), 0);
    const level = levelOf(questions);
    for (const { spec, span } of questions.comparisons) {
      if (spec.paired.length === 0 && trainings > 1) {
        warn(unpaired, { replicate: replicates[0]!.key }, span, {
          hint: `add \`paired by ${replicates.map((axis) => axis.key).join(", ")}\`: pairs show smaller differences`,
        });
        continue;
      }
      const paired = replicates.filter((axis) => spec.paired.includes(axis.key));
      const n = paired.reduce((product, axis) => product * axis.levels.length, 1);
      const least = 2 / 2 ** n;
      if (least <= level / results) continue;
      let enough = n;
      while (2 / 2 ** enough > level / results) enough++;
      const sole = paired.length === 1 ? paired[0]! : undefined;
      const noun = sole ? `paired ${sole.key}` : "pair";
      warn(
        unreachable,
        {
          pairs: spec.paired.length === 0 ? "one training of each arm" : `${n} ${noun}${n === 1 ? "" : "s"}`,
          least: String(Number(least.toPrecision(4))),
          level: String(Number((level / results).toPrecision(3))),
          results,
          needed: enough,
        },
        span,
        {
          labels: sole ? [{ span: sole.span, text: `${n} ${sole.key}${n === 1 ? "" : "s"}` }] : [],
          hint:
            spec.paired.length === 0
              ? `repeat the training and pair it: \`repeat seed over 1 .. ${enough}\`, \`paired by seed\``
              : sole
                ? `write \`repeat ${sole.key} over 1 .. ${enough}\``
                : `give the replicates ${enough} pairs`,
        },
      );
    }

    function resultsOf(factor: string): number {
      return axes
        .filter((axis) => axis.kind === "factor" && axis.key !== factor && !closed.has(axis.key))
        .reduce((product, axis) => product * axis.levels.length, 1);
    }
  }

  function checkParameters(
    { left, right }: CompareSpec,
    pairs: readonly (readonly [TrialSpec, TrialSpec])[],
    span: Span,
  ): void {
    let worst: { a: number; b: number; more: number } | undefined;
    for (const [one, other] of pairs) {
      if (one.learner || other.learner) continue;
      const a = parametersOf(one);
      const b = parametersOf(other);
      const more = Math.max(a, b) / Math.min(a, b) - 1;
      if (more > parameterTolerance && more > (worst?.more ?? 0)) worst = { a, b, more };
    }
    if (!worst) return;
    const { a, b, more } = worst;
    const percent = more < 1 ? (more * 100).toFixed(1) : showCount(more * 100);
    warn(unequalParameters, { left, right, a, b, percent }, span, {
      hint: 'give both as many, or say why not: `allow DL6005 because "..."`',
    });
  }

  function checkBudgets(
    { left, right }: CompareSpec,
    pairs: readonly (readonly [TrialSpec, TrialSpec])[],
    span: Span,
  ): void {
    for (const [one, other] of pairs) {
      if (one.learner || other.learner) continue;
      const a = budgetOf(one);
      const b = budgetOf(other);
      if (a === b) continue;
      warn(unequalBudgets, { left, right, a, b }, span, {
        hint: 'train both for as long, or say why not: `allow DL6006 because "..."`',
      });
      return;
    }
  }
}

/** Trials of both arms that agree on everything else. */
function pairsOf(
  { factor, left, right }: CompareSpec,
  trials: readonly Trial[],
): readonly (readonly [TrialSpec, TrialSpec])[] {
  const rest = ({ spec }: Trial) => JSON.stringify([{ ...spec.levels, [factor]: "" }, spec.replicates]);
  const lefts = new Map(
    trials.filter(({ spec }) => spec.levels[factor] === left).map((trial) => [rest(trial), trial.spec]),
  );
  return trials.flatMap((trial) => {
    const other = trial.spec.levels[factor] === right ? lefts.get(rest(trial)) : undefined;
    return other ? [[other, trial.spec] as const] : [];
  });
}

/** The level at which a comparison is called shown: 0.05 beside 95 % intervals. */
function levelOf({ reports }: Questions): number {
  const level = reports.map(({ spec }) => spec.as?.parameters.level).find((each) => typeof each === "number");
  return Number((1 - (level ?? 0.95)).toPrecision(6));
}

function budgetOf({ recipe }: TrialSpec): string {
  const { length } = recipe;
  if ("epochs" in length) return `${length.epochs} epoch${length.epochs === 1 ? "" : "s"}`;
  if ("steps" in length) return `${showCount(length.steps)} steps of ${recipe.batch}`;
  return `${length.seconds} s`;
}

const parametersOf = ({ networks }: TrialSpec): number =>
  networks.reduce((sum, { network }) => sum + trainableParameters(network), 0);

export function trainableParameters(network: Network): number {
  let sum = 0;
  for (const { weights } of network.layers)
    for (const { trainable, shape } of weights) if (trainable) sum += elementCount(shape);
  return sum;
}

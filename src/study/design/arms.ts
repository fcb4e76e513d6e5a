/** Arms of a comparison that differ in more than the question: in parameters, in budget, in how much was tried for them. */
import type { Network } from "../../check/network.ts";
import type { Label } from "../../diagnostics/diagnostic.ts";
import { showCount } from "../../text/count.ts";
import { type Span, textOf } from "../../text/source.ts";
import { elementCount } from "../../types/tensor.ts";
import type { Axis } from "../expand.ts";
import { type CompareSpec, learningNetworks, type TrialSpec } from "../plan.ts";
import { areAlike } from "./alike.ts";
import { type Design, orAllow, type Warn } from "./context.ts";
import { armsAlike, unequalBudgets, unequalParameters, unequalTuning } from "./diagnostics.ts";
import type { Meeting } from "./meetings.ts";

/** Arms that differ by a larger share are reported. */
export const parameterTolerance = 0.05;

type Pair = readonly [TrialSpec, TrialSpec];

export function checkArms(
  compare: CompareSpec,
  meetings: readonly Meeting[],
  span: Span,
  design: Design,
  warn: Warn,
): void {
  const all = meetings.flatMap((meeting) => pairsIn(compare.factor, meeting));
  if (all.length > 0 && all.every(([one, other]) => areAlike(one, other)))
    warn(armsAlike, { left: compare.left, right: compare.right, pairs: all.length }, span, {
      hint: `let them differ in something, ${orAllow("DL6017")}`,
    });
  // A classic learner has no weights and no steps to count.
  const pairs = all.filter(([one, other]) => !one.learner && !other.learner);
  checkParameters(compare, pairs, span, warn);
  checkBudgets(compare, pairs, span, warn);
  for (const meeting of meetings) if (checkTuning(compare, meeting, span, design, warn)) break;
}

/** Each trial of the right arm with that of the left which agrees on everything else, also on what is yet to be chosen. */
export function pairsIn(factor: string, { left, right }: Meeting): readonly Pair[] {
  const rest = ({ levels, replicates }: TrialSpec) =>
    JSON.stringify([{ ...levels, [factor]: "" }, replicates]);
  const lefts = new Map(left.map((trial) => [rest(trial), trial]));
  return right.map((trial) => [lefts.get(rest(trial)) ?? left[0]!, trial]);
}

function checkParameters({ left, right }: CompareSpec, pairs: readonly Pair[], span: Span, warn: Warn): void {
  let worst: { a: number; b: number; more: number } | undefined;
  for (const [one, other] of pairs) {
    const a = parametersOf(one);
    const b = parametersOf(other);
    const more = Math.max(a, b) / Math.min(a, b) - 1;
    if (more > parameterTolerance && more > (worst?.more ?? 0)) worst = { a, b, more };
  }
  if (!worst) return;
  const { a, b, more } = worst;
  const percent = more < 1 ? (more * 100).toFixed(1) : showCount(more * 100);
  warn(unequalParameters, { left, right, a, b, percent }, span, {
    hint: `give both as many, ${orAllow("DL6005")}`,
  });
}

export const parametersOf = (trial: TrialSpec): number =>
  learningNetworks(trial).reduce((sum, { network }) => sum + trainableParameters(network), 0);

export function trainableParameters(network: Network): number {
  const known = counted.get(network);
  if (known !== undefined) return known;
  let sum = 0;
  for (const { weights } of network.layers)
    for (const { trainable, shape } of weights) if (trainable) sum += elementCount(shape);
  counted.set(network, sum);
  return sum;
}

/** Many trials share a network. */
const counted = new WeakMap<Network, number>();

function checkBudgets({ left, right }: CompareSpec, pairs: readonly Pair[], span: Span, warn: Warn): void {
  for (const [one, other] of pairs) {
    const a = budgetOf(one);
    const b = budgetOf(other);
    if (a === b) continue;
    warn(unequalBudgets, { left, right, a, b }, span, {
      hint: `train both for as long, ${orAllow("DL6006")}`,
    });
    return;
  }
}

function budgetOf({ recipe }: TrialSpec): string {
  const { length } = recipe;
  if ("epochs" in length) return `${length.epochs} epoch${length.epochs === 1 ? "" : "s"}`;
  if ("steps" in length) return `${showCount(length.steps)} steps of ${recipe.batch}`;
  return `${length.seconds} s`;
}

/** True after a report. */
function checkTuning(
  { factor, left, right }: CompareSpec,
  meeting: Meeting,
  span: Span,
  { axes, questions }: Design,
  warn: Warn,
): boolean {
  const closed = questions.choose.map(({ spec }) => spec.path).filter((path) => path !== factor);
  if (closed.length === 0 && questions.searches.length === 0) return false;
  const tried = (arm: readonly TrialSpec[]) =>
    questions.searches.reduce((product, { spec }) => {
      const applies = !arm[0]!.learner || spec.space.some(({ path }) => !isOfRecipe(path));
      return product * (applies ? (spec.method.parameters.trials as number) : 1);
    }, settingsIn(arm));
  const a = tried(meeting.left);
  const b = tried(meeting.right);
  if (a === b) return false;
  const [more, less] = a > b ? [left, right] : [right, left];
  warn(unequalTuning, { more, tried: Math.max(a, b), less, others: Math.min(a, b) }, span, {
    labels: axes
      .filter((axis) => closed.includes(axis.key))
      .flatMap((axis) => labelOf(axis, a > b ? meeting.right : meeting.left, less)),
    hint: `tune both alike, ${orAllow("DL6012")}`,
  });
  return true;
}

const isOfRecipe = (path: string): boolean => path === "recipe" || path.startsWith("recipe.");

/** How many different trainings there are to choose among. Levels that change nothing in an arm do not count. */
function settingsIn(arm: readonly TrialSpec[]): number {
  const replicate = JSON.stringify(arm[0]!.replicates);
  const numbers = new Map<Network, number>();
  const numberOf = (network: Network): number => {
    if (!numbers.has(network)) numbers.set(network, numbers.size);
    return numbers.get(network)!;
  };
  const settings = arm
    .filter(({ replicates }) => JSON.stringify(replicates) === replicate)
    .map(({ data, networks, recipe, learner, parent }) =>
      JSON.stringify(
        learner
          ? [data, learner]
          : [data, networks.map(({ name, network }) => [name, numberOf(network)]), recipe, parent],
      ),
    );
  return new Set(settings).size;
}

/** Why a factor gives the arm that was tried less no more to choose among. */
function labelOf(
  { key, span, when, levels }: Axis,
  arm: readonly TrialSpec[],
  label: string,
): readonly Label[] {
  const found = new Set(arm.flatMap((trial) => trial.levels[key] ?? [])).size;
  if (found < levels.length)
    return [{ span, text: when ? `only when ${textOf(when.span)}` : `${found} of them for \`${label}\`` }];
  return [{ span, text: `changes \`${label}\` not at all` }];
}

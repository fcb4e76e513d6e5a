/** `k_fold` and the fold that a trial leaves out. */
import { toJson } from "../check/evaluate.ts";
import type { Span } from "../text/source.ts";
import { levelValue } from "./axis.ts";
import type { StudyContext } from "./context.ts";
import { foldNotSpent, noFolds, noSuchFold } from "./diagnostics.ts";
import type { Point } from "./expand.ts";
import type { DataSpec } from "./plan.ts";

/** The data with the fold of the point as the test split. `span` is where the experiment names its data. Undefined after a report. */
export function withFold(
  data: DataSpec,
  point: Point,
  span: Span,
  context: StudyContext,
): DataSpec | undefined {
  const { op, parameters } = data.split;
  const spent = point.at.find(({ axis }) => axis.key === "fold");
  const k = parameters.k as number;
  if (!spent) {
    if (op !== "k_fold") return data;
    context.reporter.report(foldNotSpent, { data: data.name, k }, span, {
      hint: `add \`repeat fold over 1 .. ${k}\``,
    });
    return undefined;
  }
  if (op !== "k_fold") {
    context.reporter.report(noFolds, { data: data.name, split: op }, spent.axis.span, {
      hint: `take the line away, or split with \`k_fold(5, seed: 1)\``,
    });
    return undefined;
  }
  const value = levelValue(spent.level.of, { kind: "int" }, context);
  const fold = value && toJson(value, { kind: "int" }, context, "`fold`");
  if (fold === undefined) return undefined;
  if (!((fold as number) >= 1 && (fold as number) <= k)) {
    context.reporter.report(noSuchFold, { fold: String(fold), k }, spent.level.span);
    return undefined;
  }
  return { ...data, split: { op, parameters: { ...parameters, fold } } };
}

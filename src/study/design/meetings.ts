/** Where the two arms of a comparison meet. */
import type { CompareSpec, TrialSpec } from "../plan.ts";

export interface Meeting {
  /** The levels, by path, of the other open factors that apply. */
  readonly of: Readonly<Record<string, string>>;
  readonly left: readonly TrialSpec[];
  readonly right: readonly TrialSpec[];
}

/**
 * One for each combination of the other open factors' levels that both arms have: each gives one result. `open` are the factors
 * that no `choose` closes. Where a factor applies to one arm only (`when`), the arms do not meet.
 */
export function meetingsOf(
  { factor, left, right }: Pick<CompareSpec, "factor" | "left" | "right">,
  open: readonly string[],
  trials: readonly TrialSpec[],
): readonly Meeting[] {
  const others = open.filter((path) => path !== factor);
  const found = new Map<string, { of: Record<string, string>; left: TrialSpec[]; right: TrialSpec[] }>();
  for (const trial of trials) {
    const arm = trial.levels[factor];
    if (arm !== left && arm !== right) continue;
    const of = Object.fromEntries(
      others.flatMap((path) => (path in trial.levels ? [[path, trial.levels[path]!]] : [])),
    );
    const key = JSON.stringify(of);
    const meeting = found.get(key) ?? { of, left: [], right: [] };
    found.set(key, meeting);
    meeting[arm === left ? "left" : "right"].push(trial);
  }
  return [...found.values()].filter((meeting) => meeting.left.length > 0 && meeting.right.length > 0);
}

import type { TrialSpec } from "../study/plan.ts";

/** A trial in a line: `resnet   seed 3`. */
export function trialLabel({ levels, replicates }: TrialSpec): string {
  return [
    ...Object.values(levels),
    ...Object.entries(replicates).map(([axis, value]) => `${axis} ${value}`),
  ].join("   ");
}

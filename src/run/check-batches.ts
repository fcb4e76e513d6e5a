import type { Dataset } from "../data/dataset.ts";
import { placedProblem } from "../diagnostics/problem.ts";
import { batchTooLarge } from "../study/diagnostics.ts";
import type { DataSpec, Plan } from "../study/plan.ts";

/**
 * Throws a `PlacedProblem` where a batch takes more rows than there are to train on, which of files is known only when they are read:
 * once, before anything is trained, and not for each trial.
 */
export function checkBatches(plan: Plan, datasetOf: (data: DataSpec) => Dataset): void {
  for (const { data, recipe, learner } of plan.trials) {
    const places = plan.places?.data[data.name];
    const rows = datasetOf(data).rows.train.length;
    const { batch } = recipe;
    if (!places || learner || batch <= rows) continue;
    const hint = `take a batch of ${rows.toLocaleString("en")} or less, a larger share for train, or more rows`;
    throw placedProblem(batchTooLarge, { batch, rows, data: data.name }, places.split, { hint });
  }
}

import type { Dataset } from "../data/dataset.ts";
import { createReporter } from "../diagnostics/diagnostic.ts";
import { PlacedProblem, Problem } from "../diagnostics/problem.ts";
import { batchTooLarge } from "../study/diagnostics.ts";
import type { DataSpec, Plan } from "../study/plan.ts";

/**
 * Throws a `PlacedProblem` where a batch takes more rows than there are to train on, which of files is known only when they are read:
 * once, before anything is trained, and not for each trial.
 */
export function checkBatches(plan: Plan, datasetOf: (data: DataSpec) => Dataset): void {
  for (const { data, recipe, learner } of plan.trials) {
    const places = plan.places?.[data.name];
    const rows = datasetOf(data).rows.train.length;
    const { batch } = recipe;
    if (!places || learner || batch <= rows) continue;
    const reporter = createReporter();
    reporter.report(batchTooLarge, { batch, rows, data: data.name }, places.split, {
      hint: `take a batch of ${rows.toLocaleString("en")} or less, a larger share for train, or more rows`,
    });
    const { message, hint } = reporter.diagnostics[0]!;
    throw new PlacedProblem(reporter.diagnostics[0]!, true, new Problem(message, hint));
  }
}

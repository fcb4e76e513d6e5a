/** What a trial, its execution and a plan are known by: digests of their content. */
import type { Dataset } from "../data/dataset.ts";
import { fieldsOf, trialIdentity } from "../study/keys.ts";
import type { MetricSpec, Plan, TrialSpec } from "../study/plan.ts";
import { hashJson } from "./canonical.ts";
import type { ExecutedOn } from "./generated/result.ts";
import type { RunRecord } from "./generated/run.ts";
import { planRecord } from "./plan-file.ts";

/**
 * The logical key of a trial: its program and numbers, the decoded fields that it reads, how rows are split, and what is measured
 * on the way and cannot be afterwards (`watch`). Names, order and comments are not in it.
 */
export function trialKey(trial: TrialSpec, dataset: Dataset, watch: readonly MetricSpec[]): string {
  return hashJson("dlc.trial.v1", {
    identity: trialIdentity(trial),
    fields: fieldsOf(trial).map((name) => dataset.fields[name]!.digest),
    // The test rows as well: a result holds predictions on them.
    rows: dataset.rowDigests,
    ...(watch.length > 0 ? { watch } : {}),
  });
}

/**
 * The trial as one engine build on one kind of machine is given it: what bit equality is promised for. `input` is the engine's
 * `inputDigest`: another dlc that lowers a trial to the same graph goes on where this one stopped.
 */
export function execKey(trial: string, on: ExecutedOn, input: string): string {
  return hashJson("dlc.exec.v1", { trial, on, input });
}

/** What leases and slots of a run's trials are named by: their keys; where nothing is reused, keys of the run's own. */
export function slotKey(trial: string, { id, policy }: Pick<RunRecord, "id" | "policy">): string {
  return policy.reuse === "off" ? hashJson("dlc.slot.v1", { trial, run: id }) : trial;
}

/** Two machines with the same study and data have the same plan hash. */
export function planHash(plan: Plan, trialKeys: readonly string[], policy: RunRecord["policy"]): string {
  return hashJson("dlc.plan.v1", { plan: planRecord(plan), trials: trialKeys, policy });
}

/** Of all that a dataset is: what reports print. */
export function datasetDigest(dataset: Dataset): string {
  const fields = Object.fromEntries(
    Object.values(dataset.fields).map(({ name, role, digest }) => [name, { role, digest }]),
  );
  return hashJson("dlc.dataset.v1", { count: dataset.count, fields, rows: dataset.rowDigests });
}

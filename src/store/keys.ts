/** What a trial, its execution and a plan are known by: digests of their content. */
import type { Dataset } from "../data/dataset.ts";
import { evaluationIdentity, fieldsOf, trainingFields, trialIdentity } from "../study/keys.ts";
import type { MetricSpec, Plan, TrialSpec } from "../study/plan.ts";
import { hashJson } from "./canonical.ts";
import type { ExecutedOn } from "./generated/result.ts";
import type { RunRecord } from "./generated/run.ts";
import { planRecord } from "./plan-file.ts";

export type Split = "train" | "valid" | "test";

/**
 * The logical key of a trial: its program and numbers, the decoded fields that training reads, and the rows that train and
 * validate. Names, order, comments, test rows and what is reported are not in it.
 */
export function trialKey(trial: TrialSpec, dataset: Dataset): string {
  const { train, valid } = dataset.rowDigests;
  return hashJson("dlc.trial.v1", {
    identity: trialIdentity(trial),
    fields: trainingFields(trial).map((name) => dataset.fields[name]!.digest),
    rows: { train, valid },
  });
}

/** What of a trial is predicted for the rows of a split, whatever its weights are. */
export function evaluatedKey(key: string, trial: TrialSpec, dataset: Dataset, split: Split): string {
  return hashJson("dlc.evaluated.v1", {
    trial: key,
    identity: evaluationIdentity(trial),
    fields: fieldsOf(trial).map((name) => dataset.fields[name]!.digest),
    rows: dataset.rowDigests[split],
  });
}

/** The key of an evaluation: of weights (their `modelDigest`) on `evaluatedKey`. */
export function evaluationKey(weights: string, evaluated: string): string {
  return hashJson("dlc.evaluation.v1", { weights, evaluated });
}

/**
 * The trial as one engine build on one kind of machine is given it: what bit equality is promised for. `input` is the engine's
 * `inputDigest`: another dlc that lowers a trial to the same graph goes on where this one stopped. What is measured on the way
 * (`watch`) is in it, as it is part of the result.
 */
export function execKey(
  trial: string,
  {
    on,
    input,
    watch,
  }: { readonly on: ExecutedOn; readonly input: string; readonly watch: readonly MetricSpec[] },
): string {
  return hashJson("dlc.exec.v1", { trial, on, input, watch });
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

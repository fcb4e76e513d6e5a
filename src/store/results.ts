/** Results of trials: the slots. link() of a complete body to its slot is the one point at which a trial is done. */
import { join } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import type { MetricSpec } from "../study/plan.ts";
import { modelDigest } from "../train/digest.ts";
import { metricKey } from "../train/evaluate.ts";
import type { EpochRecord, TrialOutcome } from "../train/outcome.ts";
import { writeWeights } from "../train/serialize.ts";
import { jsonBytes, numberFrom } from "./canonical.ts";
import { type Evaluated, putEvaluation, readEvaluation } from "./evaluations.ts";
import type { DoneRecord, Epochs, ExecutedOn, ResultRecord } from "./generated/result.ts";
import type { RunRecord } from "./generated/run.ts";
import { evaluationKey, type Split } from "./keys.ts";
import { layout } from "./layout.ts";
import { listFolder } from "./leases.ts";
import { hasObject, putObject } from "./objects.ts";
import { adopt, publish, readIfThere } from "./publish.ts";
import { DamagedFile, parseRecord } from "./schemas.ts";
import type { Writer } from "./writer.ts";

export type { ExecutedOn, ResultRecord };
export type Finished = Extract<TrialOutcome, { state: "done" | "diverged" }>;
/** All committed results of a trial, of whatever execution key. */
export function slotsOf(runs: string, slotKey: string): string[] {
  const folder = layout.keyFolder(runs, slotKey);
  return listFolder(folder)
    .filter(
      (name) => name.startsWith(`${slotKey}.`) && /^\.[0-9a-f]{16}\.json$/.test(name.slice(slotKey.length)),
    )
    .sort()
    .map((name) => join(folder, name));
}

/** The committed result that serves a trial: of its own execution key, else, unless the policy is `exact`, of any. */
export function findSlot(
  runs: string,
  slotKey: string,
  execKey: string,
  reuse: RunRecord["policy"]["reuse"],
): string | undefined {
  const own = layout.slot(runs, slotKey, execKey);
  const slots = slotsOf(runs, slotKey);
  return slots.includes(own) || reuse === "exact" ? slots.find((slot) => slot === own) : slots[0];
}

/** Throws a `DamagedFile` where it is not a result of that trial; a damaged slot stops its trial, by name. */
export function readResult(path: string, trialKey: string): ResultRecord {
  const bytes = readIfThere(path);
  if (!bytes) throw new DamagedFile(path, "is missing");
  const result = parseRecord("result", bytes, path);
  if (result.trial !== trialKey) throw new DamagedFile(path, "is the result of another trial");
  return result;
}

/** A trial of a run. */
export interface TrialPlace {
  readonly runDirectory: string;
  readonly ordinal: number;
  readonly key: string;
  readonly slotKey: string;
  readonly evaluated: Evaluated;
  /** Metrics that results hold where they were asked for when the trial was trained. */
  readonly watch: readonly MetricSpec[];
}

export interface Execution {
  readonly key: string;
  readonly on: ExecutedOn;
  /** Names of the weights in the order of the program. */
  readonly weights: readonly string[];
}

/** Publishes weights and predictions, then the result. Returns the slot, whose bytes may be another's that was first. */
export function commitResult(
  writer: Writer,
  place: TrialPlace,
  execution: Execution,
  outcome: Finished,
): string {
  const body = resultBody(writer, place, execution, outcome);
  const slot = layout.slot(writer.runs, place.slotKey, execution.key);
  publish(writer, jsonBytes(body), slot);
  return slot;
}

export interface Adoption {
  readonly result: ResultRecord;
  /** Splits to be evaluated first: until then nothing is adopted. */
  readonly missing: readonly Split[];
}

/** Makes a committed result this run's own, its evaluations first: a trial is done once its result is there. */
export function adoptResult(runs: string, slot: string, place: TrialPlace): Adoption {
  const { runDirectory, ordinal, key } = place;
  const result = readResult(slot, key);
  const links: [source: string, target: string][] = [];
  const missing: Split[] = [];
  if (result.state === "done") {
    const { digest, object } = result.weights;
    requireObject(runs, slot, object);
    for (const split of neededSplits(result, place)) {
      const wanted = evaluationKey(digest, place.evaluated[split]!);
      const path = layout.evaluation(runs, wanted);
      const evaluation = readEvaluation(path);
      if (evaluation && evaluation.evaluation !== wanted)
        throw new DamagedFile(path, "is the evaluation of something else");
      if (!evaluation) missing.push(split);
      else {
        requireObject(runs, path, evaluation.predictions);
        links.push([path, layout.evaluated(runDirectory, ordinal, key, split)]);
      }
    }
  }
  if (missing.length > 0) return { result, missing };
  for (const [source, target] of links) adopt(source, target);
  adopt(slot, layout.result(runDirectory, ordinal, key));
  return { result, missing };
}

/** Training rows are evaluated only for metrics that were not measured on the way. */
function neededSplits({ epochs }: DoneRecord, { evaluated, watch }: TrialPlace): Split[] {
  const measured = epochs.at(-1)?.metrics ?? {};
  const isWatched = watch.every((metric) => metricKey(metric) in measured);
  return (Object.keys(evaluated) as Split[]).filter((split) => split !== "train" || !isWatched);
}

function requireObject(runs: string, referring: string, object: string): void {
  if (!hasObject(runs, object))
    throw new Problem(
      `${referring}: ${layout.object(runs, object)}, to which it refers, is missing`,
      "Copy it from a backup, or run the study in another --runs folder.",
    );
}

function resultBody(
  writer: Writer,
  { key, evaluated }: TrialPlace,
  { key: exec, on, weights: names }: Execution,
  outcome: Finished,
): ResultRecord {
  const head = { format: "dlc.result/2", trial: key, exec, on } as const;
  const epochs = outcome.epochs as unknown as Epochs;
  if (outcome.state === "diverged") return { ...head, state: "diverged", step: outcome.step, epochs };
  const object = putObject(writer, writeWeights(outcome.weights, names));
  const digest = modelDigest(outcome.weights);
  for (const [split, made] of Object.entries(outcome.predictions))
    putEvaluation(writer, digest, evaluated[split as Split]!, made);
  return { ...head, state: "done", steps: outcome.steps, epochs, weights: { object, digest } };
}

/** Epoch records with numbers where JSON has strings for NaN and infinities. */
export function epochsFrom(epochs: Epochs): EpochRecord[] {
  return epochs.map(({ epoch, step, lr, metrics }) => ({
    epoch,
    step,
    lr: numberFrom(lr),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, numberFrom(value)])),
  }));
}

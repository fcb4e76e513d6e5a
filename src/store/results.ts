/** Results of trials: the slots. link() of a complete body to its slot is the one point at which a trial is done. */
import { join } from "node:path";
import { modelDigest } from "../train/digest.ts";
import type { EpochRecord, SplitPredictions, TrialOutcome } from "../train/outcome.ts";
import { readPredictions, writePredictions, writeTensors } from "../train/serialize.ts";
import { jsonBytes, numberFrom } from "./canonical.ts";
import type { DoneRecord, Epochs, ExecutedOn, ResultRecord } from "./generated/result.ts";
import type { RunRecord } from "./generated/run.ts";
import { layout } from "./layout.ts";
import { listFolder } from "./leases.ts";
import { getObject, hasObject, putObject } from "./objects.ts";
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

export interface Commit {
  readonly trialKey: string;
  readonly slotKey: string;
  readonly execKey: string;
  readonly on: ExecutedOn;
  readonly ordinal: number;
  readonly runDirectory: string;
}

/** Publishes weights and predictions, then the result. Returns the slot, whose bytes may be another's that was first. */
export function commitResult(writer: Writer, commit: Commit, outcome: Finished): string {
  const body = resultBody(writer, commit, outcome);
  const slot = layout.slot(writer.runs, commit.slotKey, commit.execKey);
  publish(writer, jsonBytes(body), slot);
  adoptResult(slot, commit.runDirectory, commit.ordinal, commit.trialKey);
  return slot;
}

/** Makes a slot this run's result. */
export function adoptResult(
  slot: string,
  runDirectory: string,
  ordinal: number,
  trialKey: string,
): ResultRecord {
  const result = readResult(slot, trialKey);
  adopt(slot, layout.result(runDirectory, ordinal, trialKey));
  return result;
}

/** True where the objects that a result refers to are there. */
export function isComplete(runs: string, result: ResultRecord): boolean {
  if (result.state === "diverged") return true;
  const { weights, predictions } = result;
  return [weights, predictions.valid, predictions.test].every(
    (part) => !part || hasObject(runs, part.object),
  );
}

function resultBody(writer: Writer, { trialKey, execKey, on }: Commit, outcome: Finished): ResultRecord {
  const head = { format: "dlc.result/1", trial: trialKey, exec: execKey, on } as const;
  const epochs = outcome.epochs as unknown as Epochs;
  if (outcome.state === "diverged") return { ...head, state: "diverged", step: outcome.step, epochs };
  const predictions: DoneRecord["predictions"] = {};
  for (const split of ["valid", "test"] as const) {
    const made = outcome.predictions[split];
    if (made)
      predictions[split] = { object: putObject(writer, writePredictions(made)), rows: made.rows.length };
  }
  return {
    ...head,
    state: "done",
    steps: outcome.steps,
    epochs,
    weights: {
      object: putObject(writer, writeTensors(outcome.weights)),
      digest: modelDigest(outcome.weights),
    },
    predictions,
  };
}

export function predictionsOf(runs: string, object: string): SplitPredictions {
  const bytes = getObject(runs, object);
  try {
    return readPredictions(bytes);
  } catch (error) {
    throw new DamagedFile(layout.object(runs, object), (error as Error).message);
  }
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

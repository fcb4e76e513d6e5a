/** What weights predict for the rows of a split. Each is known by what it is made of, so that whoever asks the same takes it over. */
import type { SplitPredictions } from "../train/outcome.ts";
import { readPredictions, writePredictions } from "../train/serialize.ts";
import { jsonBytes } from "./canonical.ts";
import type { EvaluationRecord } from "./generated/evaluation.ts";
import { evaluationKey, type Split } from "./keys.ts";
import { layout } from "./layout.ts";
import { getObject, putObject } from "./objects.ts";
import { publish, readIfThere } from "./publish.ts";
import { DamagedFile, parseRecord } from "./schemas.ts";
import type { Writer } from "./writer.ts";

/** By split: what is to be predicted (`evaluatedKey`). */
export type Evaluated = Readonly<Partial<Record<Split, string>>>;

/** `weights` is their digest. One that is there already stays: it is of the same weights, rows and program. */
export function putEvaluation(
  writer: Writer,
  weights: string,
  evaluated: string,
  made: SplitPredictions,
): void {
  const evaluation = evaluationKey(weights, evaluated);
  const body: EvaluationRecord = {
    format: "dlc.evaluation/1",
    evaluation,
    weights,
    predictions: putObject(writer, writePredictions(made)),
    rows: made.rows.length,
  };
  publish(writer, jsonBytes(body), layout.evaluation(writer.runs, evaluation));
}

/** Throws a `DamagedFile` where it is no evaluation. */
export function readEvaluation(path: string): EvaluationRecord | undefined {
  const bytes = readIfThere(path);
  return bytes && parseRecord("evaluation", bytes, path);
}

export function predictionsOf(runs: string, object: string): SplitPredictions {
  const bytes = getObject(runs, object);
  try {
    return readPredictions(bytes);
  } catch (error) {
    throw new DamagedFile(layout.object(runs, object), (error as Error).message);
  }
}

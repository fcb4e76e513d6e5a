/** Everything that is read back is validated against its JSON Schema; what does not fit is named with its file. */
import { Ajv, type ValidateFunction } from "ajv";
import attempt from "../../grammar/schemas/attempt.json" with { type: "json" };
import attemptEnd from "../../grammar/schemas/attempt-end.json" with { type: "json" };
import dataLock from "../../grammar/schemas/data-lock.json" with { type: "json" };
import env from "../../grammar/schemas/env.json" with { type: "json" };
import evaluation from "../../grammar/schemas/evaluation.json" with { type: "json" };
import journalLine from "../../grammar/schemas/journal-line.json" with { type: "json" };
import lease from "../../grammar/schemas/lease.json" with { type: "json" };
import plan from "../../grammar/schemas/plan.json" with { type: "json" };
import result from "../../grammar/schemas/result.json" with { type: "json" };
import run from "../../grammar/schemas/run.json" with { type: "json" };
import { Problem } from "../diagnostics/problem.ts";
import type { AttemptRecord } from "./generated/attempt.ts";
import type { AttemptEnd } from "./generated/attempt-end.ts";
import type { DataLock } from "./generated/data-lock.ts";
import type { EnvironmentRecord } from "./generated/env.ts";
import type { EvaluationRecord } from "./generated/evaluation.ts";
import type { JournalLine } from "./generated/journal-line.ts";
import type { Lease } from "./generated/lease.ts";
import type { PlanRecord } from "./generated/plan.ts";
import type { ResultRecord } from "./generated/result.ts";
import type { RunRecord } from "./generated/run.ts";

export interface Records {
  readonly attempt: AttemptRecord;
  readonly "attempt-end": AttemptEnd;
  readonly "data-lock": DataLock;
  readonly env: EnvironmentRecord;
  readonly evaluation: EvaluationRecord;
  readonly "journal-line": JournalLine;
  readonly lease: Lease;
  readonly plan: PlanRecord;
  readonly result: ResultRecord;
  readonly run: RunRecord;
}

const schemas = {
  attempt,
  "attempt-end": attemptEnd,
  "data-lock": dataLock,
  env,
  evaluation,
  "journal-line": journalLine,
  lease,
  plan,
  result,
  run,
} as const;

/** `dlc.run/1`; undefined where records of a kind do not name their form. */
function formOf(schema: object): string | undefined {
  const { properties, oneOf } = schema as {
    readonly properties?: { readonly format?: { readonly const: string } };
    readonly oneOf?: readonly object[];
  };
  return properties?.format?.const ?? (oneOf?.[0] && formOf(oneOf[0]));
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(kind: keyof Records): ValidateFunction {
  let validator = validators.get(kind);
  if (!validator) {
    validator = new Ajv({ allowUnionTypes: true, discriminator: false }).compile(schemas[kind]);
    validators.set(kind, validator);
  }
  return validator;
}

/** A file that is not what it should be. */
export class DamagedFile extends Problem {
  override readonly name = "DamagedFile";
  readonly path: string;
  constructor(path: string, what: string, hint?: string) {
    super(
      `${path}: ${what}`,
      hint ??
        "It was changed or cut after it was written. Copy it from a backup, or run in another --runs folder.",
    );
    this.path = path;
  }
}

/** A file that another version of dlc wrote in another form. */
export class OtherForm extends Problem {
  override readonly name = "OtherForm";
  constructor(path: string, form: string, known: string) {
    super(
      `${path}: was written in the form ${form}; this dlc reads ${known}`,
      "Read it with the dlc that wrote it.",
    );
  }
}

/** Throws a `DamagedFile` where the bytes are no JSON or not of the record's form, `OtherForm` where that has changed. */
export function parseRecord<K extends keyof Records>(
  kind: K,
  bytes: Uint8Array | string,
  path: string,
): Records[K] {
  let value: unknown;
  try {
    value = JSON.parse(typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("utf8"));
  } catch {
    throw new DamagedFile(path, "is not JSON");
  }
  const format = (value as { format?: unknown } | null)?.format;
  const known = formOf(schemas[kind]);
  if (typeof format === "string" && known && format !== known && format.split("/")[0] === known.split("/")[0])
    throw new OtherForm(path, format, known);
  const validate = validatorOf(kind);
  if (!validate(value)) {
    const error = validate.errors?.[0];
    const where = error?.instancePath ? `${error.instancePath.slice(1).replaceAll("/", ".")} ` : "";
    throw new DamagedFile(path, `does not hold a valid ${kind} record: ${where}${error?.message ?? ""}`);
  }
  return value as Records[K];
}

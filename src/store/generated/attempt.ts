/* Generated from grammar/schemas/attempt.json by setup/generate.mjs. */

/**
 * The start of one attempt at a trial: attempt.json.
 */
export interface AttemptRecord {
  format: "dlc.attempt/1";
  trial: string;
  exec: string;
  ordinal: number;
  fence: number;
  w: string;
  /**
   * ISO 8601, UTC.
   */
  at: string;
  from: {
    attempt: string;
    step: number;
  } | null;
}

/* Generated from grammar/schemas/attempt-end.json by setup/generate.mjs. */

/**
 * How an attempt ended, and what it cost: end.json. Missing where its process died.
 */
export interface AttemptEnd {
  format: "dlc.attempt-end/1";
  state: "done" | "diverged" | "interrupted" | "failed" | "robbed";
  /**
   * ISO 8601, UTC.
   */
  at: string;
  step: number;
  /**
   * Wall time of this attempt's training.
   */
  seconds: number;
  /**
   * The worker's largest resident size so far.
   */
  peakBytes: number;
  message: string | null;
}

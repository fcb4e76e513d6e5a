/* Generated from grammar/schemas/journal-line.json by setup/generate.mjs. */

/**
 * One line of journal/<writer>.ndjson or of an attempt's metrics.ndjson; h is the sha256 of the canonical line without h.
 */
export interface JournalLine {
  seq: number;
  prev: string;
  type: string;
  /**
   * ISO 8601, UTC.
   */
  at: string;
  data: {};
  h: string;
}

/* Generated from grammar/schemas/evaluation.json by setup/generate.mjs. */

/**
 * What the weights of a trial predict for the rows of a split: evaluations/, and a link of it beside result.json.
 */
export interface EvaluationRecord {
  format: "dlc.evaluation/1";
  evaluation: string;
  /**
   * The digest of the weights, as a result names it.
   */
  weights: string;
  /**
   * The object that holds them.
   */
  predictions: string;
  rows: number;
}

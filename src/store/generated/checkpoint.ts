/* Generated from grammar/schemas/checkpoint.json by setup/generate.mjs. */

/**
 * The whole state of the training loop at a step: checkpoints/<step>.json, with the tensors it names beside it.
 */
export interface CheckpointRecord {
  format: "dlc.checkpoint/1";
  trial: string;
  exec: string;
  step: number;
  variables: {
    file: string;
    digest: string;
  };
  epochs: {
    epoch: number;
    step: number;
    /**
     * A number; NaN and infinities are the strings NaN, Infinity, -Infinity.
     */
    lr: number | string;
    metrics: {
      /**
       * A number; NaN and infinities are the strings NaN, Infinity, -Infinity.
       */
      [k: string]: number | string;
    };
  }[];
  /**
   * A number; NaN and infinities are the strings NaN, Infinity, -Infinity.
   */
  lossSum: number | string;
  lossSteps: number;
  best: {
    /**
     * A number; NaN and infinities are the strings NaN, Infinity, -Infinity.
     */
    value: number | string;
    epoch: number;
    file: string;
    digest: string;
  } | null;
}

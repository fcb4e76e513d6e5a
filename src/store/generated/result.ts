/* Generated from grammar/schemas/result.json by setup/generate.mjs. */

/**
 * What a trial yielded: a slot, and result.json, a link of it. The same trial gives the same bytes.
 */
export type ResultRecord = DoneRecord | DivergedRecord;
export type Epochs = {
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

export interface DoneRecord {
  format: "dlc.result/2";
  state: "done";
  trial: string;
  exec: string;
  on: ExecutedOn;
  steps: number;
  epochs: Epochs;
  weights: {
    object: string;
    digest: string;
  };
}
export interface ExecutedOn {
  engine: string;
  version: string;
  library: string | null;
  threads: number;
  cpu: string;
}
export interface DivergedRecord {
  format: "dlc.result/2";
  state: "diverged";
  trial: string;
  exec: string;
  on: ExecutedOn;
  step: number;
  epochs: Epochs;
}

/* Generated from grammar/schemas/run.json by setup/generate.mjs. */

/**
 * The head of a run: run.json. Never rewritten.
 */
export interface RunRecord {
  format: "dlc.run/1";
  id: string;
  study: string;
  question: string | null;
  /**
   * ISO 8601, UTC.
   */
  startedAt: string;
  dlc: string;
  plan: string;
  policy: {
    engine: string;
    version: string;
    library: string | null;
    precision: "f32";
    threads: "auto" | number;
    reuse: "logical" | "exact" | "off";
    smoke: boolean;
  };
  /**
   * Intra-op threads of every trial.
   */
  threads: number;
  spec: {
    path: string;
    digest: string;
  }[];
  set: {
    path: string;
    text: string;
  }[];
  /**
   * The trial keys, in the order of the plan.
   */
  trials: string[];
}

/** What a run tells while it goes on. The terminal view, plain lines and `--json` all show this one stream. */
import type { TrialProgress } from "../train/outcome.ts";

export interface RunInfo {
  readonly run: string;
  readonly directory: string;
  readonly total: number;
  /** Finished before this start, in this run or in another one. */
  readonly done: number;
  readonly resumed: number;
  readonly workers: number;
  readonly threads: number;
  /** True when an unfinished run goes on. */
  readonly continues: boolean;
}

export type RunEvent =
  /** Something that takes time before training: `reading galaxies`, with how far where it is known. */
  | {
      readonly type: "stage";
      readonly name: string;
      readonly done?: number;
      readonly of?: number;
      readonly unit?: string;
    }
  | { readonly type: "data"; readonly name: string; readonly text: string }
  | ({ readonly type: "run" } & RunInfo)
  | {
      readonly type: "trial.start";
      readonly ordinal: number;
      readonly label: string;
      readonly fromStep: number;
    }
  | { readonly type: "trial.progress"; readonly ordinal: number; readonly progress: TrialProgress }
  | {
      readonly type: "trial.done";
      readonly ordinal: number;
      readonly label: string;
      readonly seconds: number;
      readonly valid: { readonly metric: string; readonly value: number } | null;
      readonly reused: boolean;
    }
  | {
      readonly type: "trial.diverged";
      readonly ordinal: number;
      readonly label: string;
      readonly step: number;
    }
  | {
      readonly type: "trial.failed";
      readonly ordinal: number;
      readonly label: string;
      readonly message: string;
      readonly log: string;
    }
  | {
      readonly type: "stopping";
      readonly done: number;
      readonly total: number;
      readonly saved: readonly { readonly ordinal: number; readonly step: number }[];
    }
  | { readonly type: "note"; readonly text: string };

export type RunEnd = "finished" | "failed" | "interrupted";

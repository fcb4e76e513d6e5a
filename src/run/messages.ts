/** What the orchestrator and its workers say to each other. */
import type { EngineInfo } from "../engine/engine.ts";
import type { Evaluated } from "../store/evaluations.ts";
import type { RunRecord } from "../store/generated/run.ts";
import type { MetricSpec, TrialSpec } from "../study/plan.ts";
import type { TrialProgress } from "../train/outcome.ts";

export interface TrialOrder {
  readonly ordinal: number;
  readonly trial: TrialSpec;
  readonly key: string;
  readonly slotKey: string;
  readonly watch: readonly MetricSpec[];
  readonly evaluated: Evaluated;
  /** The committed result whose weights are evaluated; null where the trial is trained. */
  readonly slot: string | null;
  /** Writers that the orchestrator saw without a heartbeat for a minute. */
  readonly stale: readonly string[];
}

export type ToWorker =
  | { readonly type: "open"; readonly engine: "tensorflow" | "reference" }
  | {
      readonly type: "join";
      readonly runs: string;
      readonly run: string;
      readonly cache: string;
      readonly threads: number;
      readonly reuse: RunRecord["policy"]["reuse"];
      readonly smoke: boolean;
      readonly checkpointSeconds: number | undefined;
    }
  | ({ readonly type: "trial" } & TrialOrder)
  /** Checkpoint at the next step boundary, end the lease, go. */
  | { readonly type: "stop" };

/** Bytes that a trial takes: those that stay, and those of its checkpoints while it trains. */
export interface DiskNeeds {
  readonly kept: number;
  readonly working: number;
}

export interface Valid {
  readonly metric: string;
  readonly value: number;
}

/** How a trial that was handed to a worker came back. */
export type TrialReply =
  | { readonly type: "done"; readonly seconds: number; readonly valid: Valid | null }
  | { readonly type: "diverged"; readonly step: number }
  | {
      readonly type: "failed";
      readonly message: string;
      readonly details: string;
      /** Relative to the runs folder; null where the failure could not be recorded. */
      readonly attempt: string | null;
    }
  | { readonly type: "interrupted"; readonly step: number }
  /** Another process works on it. */
  | { readonly type: "held"; readonly pid: number; readonly run: string }
  /** What was missing with its committed result is there. */
  | { readonly type: "evaluated" }
  /** It has its result already, from whomever. */
  | { readonly type: "committed"; readonly slot: string }
  /** The lease was lost, after a pause of more than a minute. */
  | { readonly type: "robbed" }
  | {
      readonly type: "disk-full";
      /** On the disk that is full. */
      readonly folder: string;
      readonly needs: DiskNeeds | null;
    };

export type FromWorker =
  | { readonly type: "ready"; readonly info: EngineInfo }
  | {
      readonly type: "broken";
      readonly message: string;
      readonly hint: string | undefined;
      readonly details: string;
      readonly diskFull: boolean;
    }
  | {
      readonly type: "started";
      readonly ordinal: number;
      /** Relative to the runs folder. */
      readonly attempt: string;
      readonly fromStep: number;
    }
  | { readonly type: "progress"; readonly ordinal: number; readonly progress: TrialProgress }
  | { readonly type: "checkpoint"; readonly ordinal: number; readonly step: number }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "reply"; readonly ordinal: number; readonly reply: TrialReply };

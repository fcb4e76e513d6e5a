/** A run as it is read back: what `stats/`, `report/` and the CLI work on. `store/read.ts` makes it. */
import type { FieldValues } from "../data/dataset.ts";
import type { Role } from "../ops/field.ts";
import type { Plan } from "../study/plan.ts";
import type { EpochRecord, SplitPredictions } from "../train/outcome.ts";

export type TrialState = "planned" | "running" | "done" | "diverged" | "failed";

export interface TrialRecord {
  readonly ordinal: number;
  readonly state: TrialState;
  /** Step at which the loss ceased to be finite. */
  readonly divergedAt: number | null;
  readonly epochs: readonly EpochRecord[];
  readonly steps: number;
  /** Read when asked for: they may be large. */
  predictions(split: "train" | "valid" | "test"): SplitPredictions | null;
  /** sha256 over all weights. */
  readonly weights: string | null;
  /** Wall time of training in seconds; of the sum of its attempts. Null where it is not known. */
  readonly seconds: number | null;
  /** Committed by an earlier run and taken over. */
  readonly reused: boolean;
  readonly error: string | null;
}

/** The fields that metrics need, for every row of the dataset, and how rows were split. */
export interface RunDataset {
  readonly name: string;
  readonly count: number;
  readonly rows: Readonly<Record<"train" | "valid" | "test", Int32Array>>;
  /** Targets and `keep` fields. */
  readonly fields: Readonly<Record<string, FieldValues & { readonly role: Role }>>;
  /** sha256 of the whole: what a report prints. */
  readonly digest: string;
  /** A few test inputs for pictures, by row: f32 `[H, W, C]`, as they enter the network. */
  picture(row: number): { readonly shape: readonly number[]; readonly data: Float32Array } | null;
}

export interface RunEnvironment {
  readonly dlc: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly engine: { readonly name: string; readonly version: string; readonly digest: string | null };
  readonly threads: number;
  readonly git: { readonly commit: string; readonly dirty: boolean } | null;
}

export interface RunData {
  readonly id: string;
  /** Relative to the working directory, as printed. */
  readonly directory: string;
  readonly study: string;
  readonly startedAt: string;
  readonly plan: Plan;
  /** The study's file first, then what it imports. */
  readonly spec: readonly { readonly path: string; readonly text: string }[];
  /** Values that `--set` replaced, as they were given. */
  readonly set: readonly { readonly path: string; readonly text: string }[];
  readonly environment: RunEnvironment;
  /** In the order of the plan's trials. */
  readonly trials: readonly TrialRecord[];
  readonly datasets: Readonly<Record<string, RunDataset>>;
}

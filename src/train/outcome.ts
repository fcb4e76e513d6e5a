/** What training one trial yields, and what it tells while it runs. */
import type { Tensors } from "../engine/engine.ts";

export interface EpochRecord {
  /** From 1; the last may be partial when the length is in steps. */
  readonly epoch: number;
  /** Steps done at its end. */
  readonly step: number;
  readonly lr: number;
  /** `train.loss` is the mean over the epoch's steps; `valid.*` is measured at its end. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Row-major `[rows, ...shape]`: logits for classes. */
export interface Prediction {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface SplitPredictions {
  readonly rows: Int32Array;
  /** By the labels of the trial's predictions. */
  readonly outputs: Readonly<Record<string, Prediction>>;
  /** The loss of each example, of the objectives that have one; by their names. */
  readonly losses: Readonly<Record<string, Float32Array>>;
}

export type TrialOutcome =
  | {
      readonly state: "done";
      readonly steps: number;
      readonly epochs: readonly EpochRecord[];
      /** The weights that `keep` names, statistics included, without optimizer slots. */
      readonly weights: Tensors;
      readonly predictions: Readonly<Partial<Record<"valid" | "test", SplitPredictions>>>;
    }
  | { readonly state: "diverged"; readonly step: number; readonly epochs: readonly EpochRecord[] }
  | { readonly state: "interrupted"; readonly checkpoint: Checkpoint };

/** The whole state of the loop: a resumed trial equals an uninterrupted one, bit for bit. */
export interface Checkpoint {
  readonly step: number;
  /** Time spent in training so far. */
  readonly seconds: number;
  /** Weights, statistics, slots. */
  readonly variables: Tensors;
  readonly epochs: readonly EpochRecord[];
  /** Sum of the losses of the epoch so far, and of how many steps. */
  readonly lossSum: number;
  readonly lossSteps: number;
  /** The same of each `train` block, by its name. */
  readonly blocks?: Readonly<Record<string, { readonly sum: number; readonly steps: number }>>;
  readonly best: { readonly value: number; readonly epoch: number; readonly weights: Tensors } | null;
}

export interface TrialProgress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  /** Newest `valid.accuracy`, or the first metric measured on valid. */
  readonly valid: { readonly metric: string; readonly value: number } | null;
  readonly samplesPerSecond: number;
}

/** What the loop needs to know of a trial's program. `train/build.ts` makes it. */
import type { Program } from "../graph/program.ts";
import type { InitSpec } from "../ops/layer.ts";
import type { StaticType } from "../types/tensor.ts";

export interface WeightVariable {
  /** `stage0/conv/kernel`: `path/weight` of the network. */
  readonly name: string;
  readonly type: StaticType;
  readonly trainable: boolean;
  readonly init: InitSpec;
}

/**
 * Entries:
 * - `step`: feeds `indices` i32[batch], `lr` f32[], `step` f32[] (1 for the first), `counter` u64[2] (`[0, step]`),
 *   `augmentKey` and `dropoutKey` u64[1] where they are used; fetches `loss` f32[]; applies one update.
 * - `evaluate`: feeds `indices` i32[evaluateBatch]; fetches `outputs` f32[evaluateBatch, ...] and `losses` f32[evaluateBatch].
 *
 * Data lie in variables `data/<field>`, all rows of the dataset in order; indices are row numbers.
 */
export interface TrialProgram {
  readonly program: Program;
  readonly weights: readonly WeightVariable[];
  /** Optimizer slots, with what they begin at. */
  readonly slots: readonly { readonly name: string; readonly type: StaticType; readonly initial: number }[];
  /** Field name to variable. */
  readonly data: Readonly<Record<string, { readonly variable: string; readonly type: StaticType }>>;
  readonly batch: number;
  readonly evaluateBatch: number;
  readonly outputShape: readonly number[];
}

/** The plan: the expanded, checked list of trials of a study. Plain data; spans are left out when it is written. */
import type { Network } from "../check/network.ts";
import type { FieldType, Role } from "../ops/field.ts";
import type { Json, OpCall } from "../ops/signature.ts";

/** How a field is computed from a row of the source. */
export type FieldExpr =
  | { readonly source: string }
  | { readonly number: number }
  /** A name among the values of a column: compared with `==`, `!=` and `in`. */
  | { readonly text: string }
  | { readonly list: readonly FieldExpr[] }
  | { readonly operator: string; readonly left: FieldExpr; readonly right: FieldExpr };

export interface FieldSpec {
  readonly role: Role;
  readonly name: string;
  readonly type: FieldType;
  readonly value: FieldExpr;
  readonly where: FieldExpr | null;
}

/** One `prepare`, `augment` or `evaluate` section: its steps in the order written, on the fields named. */
export interface SectionSpec {
  readonly fields: readonly string[];
  readonly steps: readonly OpCall[];
}

export interface DataSpec {
  readonly name: string;
  readonly source: OpCall;
  readonly fields: readonly FieldSpec[];
  readonly split: OpCall;
  readonly prepare: readonly SectionSpec[];
  readonly augment: readonly SectionSpec[];
  readonly evaluate: readonly SectionSpec[];
  /** The type of each field after `prepare`, and after `augment` or `evaluate` (they agree). */
  readonly prepared: Readonly<Record<string, FieldType>>;
  readonly fed: Readonly<Record<string, FieldType>>;
}

export type Duration =
  | { readonly epochs: number }
  | { readonly steps: number }
  | { readonly seconds: number };

/** `test.accuracy`, `cost.time`, `train.loss`. */
export interface MetricSpec {
  readonly split: "train" | "valid" | "test" | "cost";
  readonly metric: string;
  readonly parameters: Readonly<Record<string, Json>>;
}

export interface RecipeSpec {
  readonly loss: OpCall;
  readonly optimizer: OpCall;
  readonly schedule: OpCall | null;
  readonly batch: number;
  readonly length: Duration;
  readonly stop: OpCall | null;
  /** Which checkpoint counts. */
  readonly keep:
    | { readonly kind: "last" }
    | { readonly kind: "best"; readonly metric: MetricSpec; readonly goal: "max" | "min" };
  /** The following are there only where they differ from f32, no clipping, random weights, nothing frozen, no average. */
  readonly precision?: string;
  readonly clip?: OpCall;
  /** `from(...)`: see `TrialSpec.parent`. */
  readonly init?: OpCall;
  /** `copied`, `all`, or names of groups. */
  readonly freeze?: string | readonly string[];
  readonly average?: OpCall;
}

export interface TrialSpec {
  /** From 1, in the order of the plan. */
  readonly ordinal: number;
  readonly experiment: string;
  /** Factor to level's label: `{ "model": "plain", "recipe.optimizer.lr": "0.03" }`. */
  readonly levels: Readonly<Record<string, string>>;
  /** `{ "seed": "3" }`. */
  readonly replicates: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly data: DataSpec;
  /** Of a classic learner: what it is fed and what it answers, without layers. */
  readonly network: Network;
  readonly recipe: RecipeSpec;
  /** A classic learner in place of a network; the recipe then does not apply. */
  readonly learner?: OpCall;
  /** Ordinal of the trial whose weights it begins with. */
  readonly parent?: number;
}

export interface Factor {
  readonly path: string;
  readonly labels: readonly string[];
  /** The condition under which it applies, as written; trials without it have no level of the factor. */
  readonly when?: string;
}

export interface ChooseSpec {
  readonly path: string;
  readonly by: MetricSpec;
  readonly goal: "max" | "min";
  readonly per: readonly string[];
}

export interface ReportSpec {
  readonly metrics: readonly MetricSpec[];
  readonly as: OpCall | null;
  readonly by: { readonly field: string; readonly bins: readonly number[] | null } | null;
}

export interface CompareSpec {
  /** The factor whose labels are compared. */
  readonly factor: string;
  readonly left: string;
  readonly right: string;
  readonly on: MetricSpec;
  readonly paired: readonly string[];
  readonly margin: number | null;
}

/** Points are tried at the first value of each replicate; what is found runs on all, and stands in `trials` with one of its points. */
export interface SearchSpec {
  readonly method: OpCall;
  /** What is searched, and in what, as written. */
  readonly space: readonly { readonly path: string; readonly over: string }[];
  readonly by: MetricSpec;
  readonly goal: "max" | "min";
  readonly per: readonly string[];
  /** How many trainings the search makes. */
  readonly trainings: number;
}

/** The mean of the predictions of all trainings over some replicates: one more arm for each that there is. */
export interface EnsembleSpec {
  readonly name: string;
  readonly over: readonly string[];
}

export interface ExperimentPlan {
  readonly name: string;
  readonly doc: string | null;
  readonly factors: readonly Factor[];
  readonly replicates: readonly Factor[];
  /** Ordinals. */
  readonly trials: readonly number[];
  readonly choose: readonly ChooseSpec[];
  readonly reports: readonly ReportSpec[];
  readonly comparisons: readonly CompareSpec[];
  readonly allowed: readonly { readonly code: string; readonly because: string }[];
  readonly searches?: readonly SearchSpec[];
  readonly ensembles?: readonly EnsembleSpec[];
  /** Networks whose weights are kept for use elsewhere. */
  readonly save?: readonly string[];
  /** `{ gpu_hours: 12 }` */
  readonly budget?: Readonly<Record<string, number>>;
}

export interface Plan {
  /** The file's name without `.dl`. */
  readonly study: string;
  /** The file's `//!` comment. */
  readonly question: string | null;
  readonly experiments: readonly ExperimentPlan[];
  readonly trials: readonly TrialSpec[];
}

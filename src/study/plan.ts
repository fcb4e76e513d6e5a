/** The plan: the expanded, checked list of trials of a study. Plain data; spans are left out when it is written. */
import type { Formula } from "../check/formula.ts";
import type { Network } from "../check/network.ts";
import type { FieldType, Role } from "../ops/field.ts";
import type { Json, OpCall } from "../ops/signature.ts";
import type { Places } from "./places.ts";

/** How a field is computed from a row of the source. */
export type FieldExpr =
  | { readonly source: string }
  | { readonly number: number }
  /** A name among the values of a column: compared with `==`, `!=` and `in`. */
  | { readonly text: string }
  /** As a value numbers side by side; after `in` the values of a column that are meant. */
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

/** `test.accuracy`, `cost.time`, `train.loss`, `test.psnr(generator(blurred), sharp)`. */
export interface MetricSpec {
  readonly split: "train" | "valid" | "test" | "cost";
  readonly metric: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** What is compared, as it is written; each trial has its formulas in `measures`. */
  readonly on?: readonly string[];
}

/** A loss and how the weights of some networks go down it. */
export interface Objective {
  /** Of its `train` block; "" for the recipe's own loss. */
  readonly name: string;
  /** The networks whose weights it changes. */
  readonly trains: readonly string[];
  readonly loss: Formula;
  readonly optimizer: OpCall;
  readonly schedule: OpCall | null;
  /** What is done to gradients before the optimizer sees them. */
  readonly clip: OpCall | null;
  /** Steps from one update to the next. */
  readonly every: number;
}

export interface RecipeSpec {
  readonly objectives: readonly Objective[];
  readonly batch: number;
  readonly length: Duration;
  readonly stop: OpCall | null;
  /** Which checkpoint counts. */
  readonly keep:
    | { readonly kind: "last" }
    | { readonly kind: "best"; readonly metric: MetricSpec; readonly goal: "max" | "min" };
  /** The following are there only where they differ from f32, random weights, nothing frozen, no average. */
  readonly precision?: string;
  /** `from(...)`: see `TrialSpec.parent`. */
  readonly init?: OpCall;
  /** `copied`, `all`, or names of groups. */
  readonly freeze?: string | readonly string[];
  /** The average of weights that counts in their place. */
  readonly average?: OpCall;
}

export interface NamedNetwork {
  /** As the experiment calls it; a sole one is `model` unless it has a name. */
  readonly name: string;
  readonly network: Network;
}

/** How a metric is measured once predictions are there. */
export type Measure =
  /** A metric of the language: an output against a target. `field` is the target where it is a field. */
  | {
      readonly kind: "pair";
      readonly output: Formula;
      readonly target: Formula;
      readonly field: string | null;
    }
  /** An own metric: a formula whose value is one number. `field` is the sole target among what it names. */
  | { readonly kind: "own"; readonly value: Formula; readonly field: string | null };

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
  readonly networks: readonly NamedNetwork[];
  readonly recipe: RecipeSpec;
  /** What is predicted for the rows of a split, by label: outputs of networks, and what else metrics need. */
  readonly predictions: Readonly<Record<string, Formula>>;
  /** The prediction and the target that a metric compares where nothing else is written. */
  readonly pair: { readonly prediction: string; readonly target: string } | null;
  /** By `measureKey`: metrics that say what they compare, and own ones. */
  readonly measures: Readonly<Record<string, Measure>>;
  /** A classic learner in place of a network, which then has no layers; the recipe does not apply. */
  readonly learner?: OpCall;
  /** Ordinal of the trial whose weights it begins with. */
  readonly parent?: number;
  /** Networks that are not trained, by name: the ordinal of the trial whose weights each has. */
  readonly frozen?: Readonly<Record<string, number>>;
}

/** The networks of a trial that have weights of their own to learn. */
export const learningNetworks = ({
  networks,
  frozen,
}: Pick<TrialSpec, "networks" | "frozen">): readonly NamedNetwork[] =>
  frozen ? networks.filter(({ name }) => !Object.hasOwn(frozen, name)) : networks;

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
  /** Not there in a plan that was written to a file and read again. */
  readonly places?: Places;
}

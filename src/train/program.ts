/** What the loop needs to know of a trial's program. `train/build.ts` makes it. */
import type { Program } from "../graph/program.ts";
import type { InitSpec } from "../ops/layer.ts";
import type { StaticType } from "../types/tensor.ts";

export interface WeightVariable {
  /** `stage0/conv/kernel`: `path/weight` of the network, behind its name where there are several. */
  readonly name: string;
  readonly type: StaticType;
  readonly trainable: boolean;
  readonly init: InitSpec;
}

/**
 * Entries:
 * - `step`, and one more for each other set of objectives that are due together (`entryFor`): feeds `indices` i32[batch], `counter`
 *   u64[2] (`[0, step]`), `augmentKey` and `dropoutKey` u64[1] where they are used, and for each objective `lr` f32[] and `step`
 *   f32[] (1 for its first update); fetches the `loss` f32[] of each; applies one update to each.
 * - `average`, where weights are averaged: feeds `rate` f32[]; moves each average by that share towards its weight.
 * - `evaluate`: feeds `indices` i32[evaluateBatch], and `counter` u64[2] (`[0, batch]`) and `drawKey` u64[1] where something is
 *   drawn; fetches `prediction/<label>` f32[evaluateBatch, ...], and `losses` f32[evaluateBatch] of each objective whose loss is
 *   one number an example.
 *
 * What stands for an objective has its name behind a slash, unless that is "" (`named`). Data lie in variables `data/<field>`, all
 * rows of the dataset in order; indices are row numbers.
 */
export interface TrialProgram {
  readonly program: Program;
  readonly weights: readonly WeightVariable[];
  /** Optimizer slots, with what they begin at. */
  readonly slots: readonly { readonly name: string; readonly type: StaticType; readonly initial: number }[];
  /** Averages of weights, which begin as the weights do; evaluation reads them. */
  readonly averages: readonly { readonly name: string; readonly type: StaticType; readonly of: string }[];
  /** Field name to variable. */
  readonly data: Readonly<Record<string, { readonly variable: string; readonly type: StaticType }>>;
  readonly batch: number;
  readonly evaluateBatch: number;
  readonly objectives: readonly { readonly name: string; readonly every: number }[];
  /** The shape of one row of each prediction, by label. */
  readonly predictions: Readonly<Record<string, readonly number[]>>;
  /** Objectives whose loss is one number an example. */
  readonly losses: readonly string[];
}

/** `lr` of the sole objective, `lr/generator` of that of a block. */
export function named(what: string, objective: string): string {
  return objective === "" ? what : `${what}/${objective}`;
}

/** The objectives that are due at a step (1 for the first). */
export function dueAt<O extends { readonly every: number }>(
  objectives: readonly O[],
  step: number,
): readonly O[] {
  return objectives.filter(({ every }) => step % every === 0);
}

/** The entry that trains these objectives together. */
export function entryFor(due: readonly { readonly name: string }[], all: number): string {
  return due.length === all ? "step" : `step/${due.map(({ name }) => name).join("+")}`;
}

/** The names of everything that changes while a trial trains. */
export function stateOf({ weights, slots, averages }: TrialProgram): readonly string[] {
  return [...weights, ...slots, ...averages].map(({ name }) => name);
}

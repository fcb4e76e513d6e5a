/**
 * What every operator of the language says of itself. The checker, did-you-mean, hover, docs and the lowering all read this
 * one definition.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where an operator may stand. */
export type Family =
  | "layer"
  | "reader"
  | "split"
  | "prepare"
  | "augment"
  | "loss"
  | "optimizer"
  | "schedule"
  | "metric"
  | "cost"
  | "axis"
  | "interval"
  | "stop"
  | "keep"
  | "initializer"
  /** What simulators are made of. */
  | "mass"
  | "light"
  | "psf"
  /** A classic learner: `classic.random_forest`. */
  | "learner"
  | "search"
  | "pruner"
  /** Of a recipe: where weights come from, and what is done to gradients and weights. */
  | "start"
  | "clip"
  | "average";

/**
 * The type of a parameter. What an argument becomes in JSON stands behind each:
 * numbers in the parameter's unit (`70%` is 0.7, `360 deg` is 360), words and strings as strings, ranges as
 * `{ from, to }`, durations as `{ epochs: 3 }` or `{ steps: 100 }` or `{ seconds: 60 }`, operators as `{ op, parameters }`,
 * lists as lists. Seeds are decimal strings.
 */
export type ParameterType =
  | { readonly kind: "int"; readonly min?: number; readonly unit?: "px" }
  | { readonly kind: "real"; readonly min?: number; readonly max?: number; readonly unit?: RealUnit }
  | { readonly kind: "bool" }
  | { readonly kind: "string" }
  | { readonly kind: "path" }
  | { readonly kind: "seed" }
  | { readonly kind: "word"; readonly words: readonly string[] }
  /** Any bare words: names that the user gives, as `bands: [Y, J, H]`. */
  | { readonly kind: "label" }
  /** The name of a field of the data, as `by: label`. */
  | { readonly kind: "field" }
  /** `in` leaves out units that the operator cannot use. */
  | { readonly kind: "duration"; readonly in?: readonly ("epochs" | "steps" | "seconds")[] }
  | { readonly kind: "range"; readonly unit?: RealUnit }
  | { readonly kind: "metric" }
  | { readonly kind: "operator"; readonly family: Family }
  | { readonly kind: "list"; readonly of: ParameterType }
  /** `{ kernel: orthogonal, bias: 0.1 }`: entries of these names, as an object. */
  | { readonly kind: "record"; readonly entries: readonly Parameter[] }
  /** Any value of the language: what axes hold. */
  | { readonly kind: "any" }
  | { readonly kind: "union"; readonly of: readonly ParameterType[] };

export type RealUnit = "fraction" | "deg" | "arcsec" | "px";

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** In JSON form. Without one the argument must be given, unless `optional`. */
  readonly default?: Json;
  readonly optional?: boolean;
  readonly doc: string;
}

export interface Signature {
  /** As written: `conv`, `simulate.galaxies`. */
  readonly name: string;
  readonly family: Family;
  /** One sentence, then details; Markdown. */
  readonly doc: string;
  /** As it would be written where the operator may stand, or whole declarations; `example.ts` makes one where the name says it all. */
  readonly example?: string;
  /** The first may be given by position, unless `positional` says how many (`Infinity` for all). */
  readonly parameters: readonly Parameter[];
  readonly positional?: number;
  /** Goes up when the operator's meaning changes; part of the key of every trial that uses it. */
  readonly version: number;
}

/** An operator with all its parameters, defaults filled in: how it travels in plans and keys. */
export interface OpCall {
  readonly op: string;
  readonly parameters: Readonly<Record<string, Json>>;
}

export type Parameters = Readonly<Record<string, Json>>;

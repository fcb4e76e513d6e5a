/** What a layer operator (`conv`, `dense`, `max_pool`, `add`) defines: signature, shape rule, weights, cost, lowering. */
import type { TensorType } from "../types/tensor.ts";
import type { Builder, Value } from "./node.ts";
import type { Parameters, Signature } from "./signature.ts";

/** How a weight begins. `fanIn`, `fanOut` are products of the kernel's dimensions. */
export type InitSpec =
  | { readonly kind: "constant"; readonly value: number }
  /** Uniform in +-sqrt(3 scale / fan): `he` has scale 2, `glorot` scale 1 over the mean of both fans. */
  | { readonly kind: "he_uniform"; readonly fanIn: number }
  | { readonly kind: "glorot_uniform"; readonly fanIn: number; readonly fanOut: number }
  /** Evenly in +-limit. */
  | { readonly kind: "uniform"; readonly limit: number }
  | { readonly kind: "normal"; readonly deviation: number }
  /** As a matrix of all axes but the last against the last one, times a gain. */
  | { readonly kind: "orthogonal"; readonly gain: number }
  /** Equal parts along the last axis, each of one value: the gates of an LSTM. */
  | { readonly kind: "parts"; readonly values: readonly number[] };

export interface WeightSpec {
  /** `kernel`, `bias`, `scale`, `offset`, `mean`, `variance`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Statistics (a batch norm's mean and variance) are not trained. */
  readonly trainable: boolean;
  /** Weight decay applies to kernels only, not to biases, scales and offsets. */
  readonly decays: boolean;
  readonly init: InitSpec;
}

export interface Inferred {
  readonly output: TensorType;
  readonly weights: readonly WeightSpec[];
  /** Multiply-accumulates for one sample. */
  readonly macs: number;
}

/** Why shapes do not fit, in the user's words; the checker adds the places. */
export interface ShapeProblem {
  readonly problem: string;
  readonly hint?: string;
  /** Which two inputs do not fit each other, and on what: "channels, height and width". */
  readonly disagree?: { readonly left: number; readonly right: number; readonly axes: string };
}

export interface LowerContext {
  readonly builder: Builder;
  /** The shape of the result, with the batch's number in place of N. */
  readonly output: readonly number[];
  /** Frozen parts and `evaluate` run in evaluation mode. */
  readonly training: boolean;
  /** The current value of the layer's weight of that name. */
  weight(name: string): Value;
  /** Statistics only: what the weight becomes after the step. */
  update(name: string, value: Value): void;
  /** Float32 numbers in [0, 1) of that shape, new at every step; from the trial's `dropout` stream. */
  uniform(shape: readonly number[]): Value;
}

export interface LayerOp extends Signature {
  readonly family: "layer";
  /** How many tensors it takes; `Infinity` for `add` and `concat`. */
  readonly arity: number;
  /** Takes tensors of any shape, also those without the batch `N` in front. */
  readonly anyShape?: true;
  /** Is written as a function of tensors only (`mean(x, axis: -1)`), so that a tensor may have its name. */
  readonly functional?: true;
  /** The tensors that are given by name, in order: `standard_normal(like: x)`. */
  readonly named?: readonly string[];
  infer(inputs: readonly TensorType[], parameters: Parameters): Inferred | ShapeProblem;
  /** `inputs` have the batch's number in place of N. */
  lower(context: LowerContext, inputs: readonly Value[], parameters: Parameters): Value;
}

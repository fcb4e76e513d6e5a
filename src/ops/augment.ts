import type { FieldType } from "./field.ts";
import type { ShapeProblem } from "./layer.ts";
import type { Builder, Value } from "./node.ts";
import type { Parameters, Signature } from "./signature.ts";

export interface AugmentContext {
  readonly builder: Builder;
  /** Float32 numbers in [0, 1) of that shape, new at every step, the same for all fields named together. */
  uniform(shape: readonly number[]): Value;
}

/** A step of `augment`: part of the training graph, applied to a batch of one field. */
export interface AugmentOp extends Signature {
  readonly family: "augment";
  /** Draws random numbers: such a step has no place in `evaluate`. */
  readonly random: boolean;
  /** See `pixel-labels.ts`. */
  readonly moves?: true;
  infer(type: FieldType, parameters: Parameters): FieldType | ShapeProblem;
  /** `batch` is f32[N, ...]. Draws come first, so that fields named together share them. */
  draw(context: AugmentContext, count: number, parameters: Parameters): readonly Value[];
  /** Draws of each field on its own, behind the shared ones; `shape` is that of its batch. */
  drawEach?(context: AugmentContext, shape: readonly number[], parameters: Parameters): readonly Value[];
  /** `interpolation` is what a step that interpolates is to do: images are bilinear, labels of pixels take the nearest. */
  lower(
    builder: Builder,
    batch: Value,
    draws: readonly Value[],
    parameters: Parameters,
    interpolation: "BILINEAR" | "NEAREST",
  ): Value;
}

/** Builds a network: expands a model's body with its arguments, checks every shape. */
import type { TensorType } from "../types/tensor.ts";
import type { Context } from "./context.ts";
import type { Network } from "./network.ts";
import type { DeclaredValue } from "./value.ts";

/** What a network of an experiment is fed and paired with. */
export interface Surroundings {
  /** The input fields as the model sees them, by name, with N in front: f32[N, 64, 64, 3]. */
  readonly inputs: Readonly<Record<string, TensorType>>;
  /** What the sole output must be, from the target that it is paired with: f32[N, 4] for class[4]. */
  readonly output: TensorType | undefined;
}

/** Undefined after a report. Equal arguments give equal networks; results are cached by the caller. */
export declare function elaborate(
  model: DeclaredValue,
  surroundings: Surroundings,
  context: Context,
): Network | undefined;

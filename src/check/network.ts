/** A network after checking: every layer with its parameters, shapes and weights as numbers. Only the batch `N` is open. */
import type { WeightSpec } from "../ops/layer.ts";
import type { Parameters } from "../ops/signature.ts";
import type { Span } from "../text/source.ts";
import type { TensorType } from "../types/tensor.ts";

/** A layer's id, or `-1 - k` for the network's k-th input. */
export type TensorRef = number;

export interface Layer {
  readonly id: number;
  /** Name of the `LayerOp`; in a formula it may be that of a loss. */
  readonly op: string;
  readonly family?: "loss";
  readonly parameters: Parameters;
  readonly inputs: readonly TensorRef[];
  readonly output: TensorType;
  readonly weights: readonly WeightSpec[];
  readonly macs: number;
  /** Unique within the network: `stage0/residual/conv_2`. A weight's full name is `path/weight`. */
  readonly path: string;
  readonly span: Span;
}

export interface Network {
  /** The model's name in the file. */
  readonly model: string;
  readonly inputs: readonly {
    readonly name: string;
    /** The field that feeds it where nothing else is written; null for a network that is only applied to what is written. */
    readonly field: string | null;
    readonly type: TensorType;
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly tensor: TensorRef;
    readonly type: TensorType;
  }[];
  /** In an order in which they can run. */
  readonly layers: readonly Layer[];
}

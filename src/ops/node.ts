/**
 * The graph's vocabulary. One node type; operator names and attributes are TensorFlow's (those that 2.9 already had), shapes
 * are static. `graph/` builds, differentiates and prints such nodes; operators lower themselves to them through `Builder`.
 */
import type { Span } from "../text/source.ts";
import type { DType, StaticType, Tensor } from "../types/tensor.ts";

export type Attr =
  | number
  | boolean
  | string
  | readonly number[]
  | { readonly dtype: DType }
  | { readonly shape: readonly number[] }
  | { readonly tensor: Tensor };

export type Attrs = Readonly<Record<string, Attr>>;

export interface Node {
  /** TensorFlow's name: `Conv2D`, `FusedBatchNormV3`. */
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attrs: Attrs;
  readonly outputs: readonly StaticType[];
  /** Where in the `.dl` file it came from. */
  readonly span: Span | undefined;
}

/** One output of a node. */
export interface Value {
  readonly node: Node;
  readonly index: number;
  readonly type: StaticType;
}

/** A tensor that lives from step to step: a weight, an optimizer's slot, the data. */
export interface Variable {
  /** `stage0/conv/kernel`; unique in its program. */
  readonly name: string;
  readonly type: StaticType;
}

export interface Builder {
  /** The first output of an operator. Output types come from the operator's own rule. Equal nodes are one node. */
  emit(op: string, inputs: readonly Value[], attrs?: Attrs): Value;
  /** All outputs. */
  emitAll(op: string, inputs: readonly Value[], attrs?: Attrs): readonly Value[];
  constant(tensor: Tensor): Value;
  /** A scalar constant. */
  scalar(value: number, dtype?: DType): Value;
  /** An int32 vector: shapes, axes, permutations. */
  ints(values: readonly number[]): Value;
  /** Nodes emitted within `body` carry this place. */
  at<T>(span: Span | undefined, body: () => T): T;
}

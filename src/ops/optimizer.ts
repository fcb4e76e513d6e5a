import type { Builder, Node, Value, Variable } from "./node.ts";
import type { Parameters, Signature } from "./signature.ts";

/** What an update of one weight may use. */
export interface UpdateContext {
  readonly builder: Builder;
  readonly weight: Variable;
  /** The weight before the step. */
  readonly value: Value;
  /** d loss / d weight, without weight decay. */
  readonly gradient: Value;
  /** Kernels only: biases, scales and offsets do not decay. */
  readonly decays: boolean;
  /** f32 scalar: the learning rate of this step, the schedule applied. */
  readonly lr: Value;
  /** f32 scalar: steps done before this one, plus 1. */
  readonly step: Value;
  /** The handle of a slot of this weight, by the name given in `slots`. */
  slot(name: string): Value;
  /** The handle of the weight. */
  readonly handle: Value;
  target(op: string, inputs: readonly Value[], attrs?: Readonly<Record<string, boolean>>): Node;
}

export interface OptimizerOp extends Signature {
  readonly family: "optimizer";
  /** Slots of the weight's shape that each weight needs, all beginning at the value given. */
  slots(parameters: Parameters): readonly { readonly name: string; readonly initial: number }[];
  /** The nodes that apply one step to one weight. */
  update(context: UpdateContext, parameters: Parameters): readonly Node[];
}

import type { TensorType } from "../types/tensor.ts";
import type { FieldType } from "./field.ts";
import type { ShapeProblem } from "./layer.ts";
import type { Builder, Value } from "./node.ts";
import type { Parameters, Signature } from "./signature.ts";

/** What a built-in loss defines. It pairs a network's output with a field. */
export interface LossOp extends Signature {
  readonly family: "loss";
  check(output: TensorType, target: FieldType, parameters: Parameters): ShapeProblem | undefined;
  /** One loss an example: f32[N]. A class target is i32[N]. */
  lower(builder: Builder, output: Value, target: Value, parameters: Parameters): Value;
}

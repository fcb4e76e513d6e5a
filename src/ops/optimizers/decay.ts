import type { Value } from "../node.ts";
import type { UpdateContext } from "../optimizer.ts";
import type { Json, Parameter, Parameters } from "../signature.ts";

export function lr(value: number): Parameter {
  return {
    name: "lr",
    type: { kind: "real", min: 0 },
    default: value,
    doc: "Learning rate; the schedule multiplies it.",
  };
}

/** A number in [0, 1). */
export function decayRate(name: string, value: number, doc: string): Parameter {
  return { name, type: { kind: "real", min: 0, max: 1 }, default: value, doc };
}

export function epsilon(value: number, doc: string): Parameter {
  return { name: "epsilon", type: { kind: "real", min: 0 }, default: value, doc };
}

export const coupledDecay: Parameter = {
  name: "weight_decay",
  type: { kind: "real", min: 0 },
  default: 0,
  doc: "This times the weight is added to the gradient (L2 regularization); kernels only, not biases, scales and offsets.",
};

/** Apart from the gradient. */
export const decoupledDecay = (value: number): Parameter => ({
  name: "weight_decay",
  type: { kind: "real", min: 0 },
  default: value,
  doc: "Share of a kernel that is taken off in each step, times `lr`; not of biases, scales and offsets.",
});

/** A step with decoupled weight decay: `direction + weight_decay w` for kernels. */
export function withDecay(
  { builder: b, decays, value, weight }: UpdateContext,
  direction: Value,
  given: Parameters,
): Value {
  const decay = given.weight_decay as number;
  if (!decays || decay === 0) return direction;
  return b.emit("AddV2", [direction, b.emit("Mul", [value, b.scalar(decay, weight.type.dtype)])]);
}

/** The gradient with coupled weight decay: `g + weight_decay w` for kernels. */
export function decayed(
  { builder, gradient, value, decays }: UpdateContext,
  weightDecay: Json | undefined,
): Value {
  if (!decays || !weightDecay) return gradient;
  const pull = builder.emit("Mul", [value, builder.scalar(weightDecay as number, value.type.dtype)]);
  return builder.emit("AddV2", [gradient, pull]);
}

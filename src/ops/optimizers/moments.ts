/** Optimizers on moving means of gradients and their squares, after Adam. */
import type { Value } from "../node.ts";
import type { OptimizerOp, UpdateContext } from "../optimizer.ts";
import type { Json } from "../signature.ts";
import { adam, adamDirection, adamParameters, corrections, moments, movingMean } from "./adam.ts";
import { coupledDecay, decayed, decayRate, decoupledDecay, epsilon, lr, withDecay } from "./decay.ts";

const scalar = ({ builder, weight }: UpdateContext, value: number): Value =>
  builder.scalar(value, weight.type.dtype);

export const nadam: OptimizerOp = {
  name: "nadam",
  family: "optimizer",
  version: 1,
  doc: `Adam with Nesterov's look ahead: the mean that is used is one step further.

Dozat (2016), with constant momentum: \`m\` and \`v\` as in \`adam\`; \`w -= lr (beta1 m / (1 - beta1^(t + 1)) + (1 - beta1) g / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)\`. Keras and PyTorch vary the momentum by a schedule of their own.`,
  example: "optimizer = nadam(lr: 1e-3)",
  parameters: [...adamParameters, coupledDecay],
  slots: adam.slots,
  update(context, given) {
    const { builder: b, handle, target } = context;
    const gradient = decayed(context, given.weight_decay);
    const { one, beta1, power1, m, spread, kept } = moments(context, given, gradient);
    const corrected = (value: Value, factor: Value, power: Value) =>
      b.emit("RealDiv", [b.emit("Mul", [factor, value]), b.emit("Sub", [one, power])]);
    const ahead = corrected(m, beta1, b.emit("Mul", [power1, beta1]));
    const now = corrected(gradient, b.emit("Sub", [one, beta1]), power1);
    const move = b.emit("RealDiv", [b.emit("AddV2", [ahead, now]), spread]);
    return [...kept, target("AssignSubVariableOp", [handle, b.emit("Mul", [context.lr, move])])];
  },
};

export const adamax: OptimizerOp = {
  name: "adamax",
  family: "optimizer",
  version: 1,
  doc: `Adam with the greatest recent gradient in place of the root of the mean square.

Kingma and Ba (2015), section 7.1: \`m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g|); w -= lr / (1 - beta1^t) m / (u + epsilon)\`.`,
  example: "optimizer = adamax(lr: 2e-3)",
  parameters: [
    lr(0.002),
    decayRate("beta1", 0.9, "Share of the old mean of gradients that is kept."),
    decayRate("beta2", 0.999, "Share of the old greatest gradient that is kept."),
    epsilon(1e-8, "Added to the greatest gradient."),
    coupledDecay,
  ],
  slots: () => [
    { name: "m", initial: 0 },
    { name: "u", initial: 0 },
  ],
  update(context, given) {
    const { builder: b, handle, slot, target } = context;
    const { one, beta1, beta2, power1 } = corrections(context, given);
    const gradient = decayed(context, given.weight_decay);
    const m = movingMean(context, "m", beta1, gradient);
    const kept = b.emit("Mul", [b.emit("ReadVariableOp", [slot("u")]), beta2]);
    const u = b.emit("Maximum", [kept, b.emit("Abs", [gradient])]);
    const rate = b.emit("RealDiv", [context.lr, b.emit("Sub", [one, power1])]);
    const step = b.emit("RealDiv", [m, b.emit("AddV2", [u, scalar(context, given.epsilon as number)])]);
    return [
      target("AssignVariableOp", [slot("m"), m]),
      target("AssignVariableOp", [slot("u"), u]),
      target("AssignSubVariableOp", [handle, b.emit("Mul", [rate, step])]),
    ];
  },
};

export const lion: OptimizerOp = {
  name: "lion",
  family: "optimizer",
  version: 1,
  doc: `Steps of one size in the direction of the sign of a moving mean; needs a rate three to ten times smaller than Adam's.

Chen et al. (2023): \`c = beta1 m + (1 - beta1) g; w -= lr (sign(c) + weight_decay w); m = beta2 m + (1 - beta2) g\`.`,
  example: "optimizer = lion(lr: 1e-4, weight_decay: 0.1)",
  parameters: [
    lr(1e-4),
    decayRate("beta1", 0.9, "Share of the mean in the direction of the step."),
    decayRate("beta2", 0.99, "Share of the old mean that is kept."),
    decoupledDecay(0),
  ],
  slots: () => [{ name: "m", initial: 0 }],
  update(context, given) {
    const { builder: b, handle, slot, target, gradient } = context;
    const mixed = (rate: Json | undefined) =>
      movingMean(context, "m", scalar(context, rate as number), gradient);
    const direction = withDecay(context, b.emit("Sign", [mixed(given.beta1)]), given);
    return [
      target("AssignVariableOp", [slot("m"), mixed(given.beta2)]),
      target("AssignSubVariableOp", [handle, b.emit("Mul", [context.lr, direction])]),
    ];
  },
};

export const lamb: OptimizerOp = {
  name: "lamb",
  family: "optimizer",
  version: 1,
  doc: `Adam with a step as long as the weights it changes, for large batches.

You et al. (2020): with Adam's step \`r = m' / (sqrt(v') + epsilon) + weight_decay w\` of a whole tensor, \`w -= lr |w| / |r| r\`; the factor is 1 where either norm is 0.`,
  example: "optimizer = lamb(lr: 2e-3, weight_decay: 0.01)",
  parameters: [...adamParameters, decoupledDecay(0)],
  slots: adam.slots,
  update(context, given) {
    const { builder: b, handle, target, value, gradient, weight } = context;
    const means = moments(context, given, gradient);
    const step = withDecay(context, adamDirection(context, means), given);
    const axes = b.ints(weight.type.shape.map((_, axis) => axis));
    const norm = (of: Value) =>
      b.emit("Sqrt", [b.emit("Sum", [b.emit("Square", [of]), axes], { keep_dims: false })]);
    const [size, length] = [norm(value), norm(step)];
    const zero = scalar(context, 0);
    const some = b.emit("LogicalAnd", [b.emit("Greater", [size, zero]), b.emit("Greater", [length, zero])]);
    // Where there is no length to divide by, the quotient is not taken.
    const trust = b.emit("SelectV2", [some, b.emit("RealDiv", [size, length]), means.one]);
    return [
      ...means.kept,
      target("AssignSubVariableOp", [handle, b.emit("Mul", [b.emit("Mul", [context.lr, trust]), step])]),
    ];
  },
};

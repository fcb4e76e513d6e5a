/** Optimizers before Adam that give each weight its own rate. */
import type { OptimizerOp } from "../optimizer.ts";
import { coupledDecay, decayed, decayRate, epsilon, lr } from "./decay.ts";

export const adagrad: OptimizerOp = {
  name: "adagrad",
  family: "optimizer",
  version: 1,
  doc: `Adagrad: each weight's rate falls with the sum of its squared gradients.

Duchi et al. (2011): \`G += g^2; w -= lr g / (sqrt(G) + epsilon)\`. \`G\` begins at 0; in Keras it begins at 0.1.`,
  example: "optimizer = adagrad(lr: 0.01)",
  parameters: [
    lr(0.01),
    epsilon(1e-10, "Added to the root."),
    {
      name: "initial",
      type: { kind: "real", min: 0 },
      default: 0,
      doc: "What the sum of squares begins at.",
    },
    coupledDecay,
  ],
  slots: ({ initial }) => [{ name: "sum", initial: initial as number }],
  update(context, given) {
    const { builder, handle, slot, target, weight } = context;
    const small = builder.scalar(given.epsilon as number, weight.type.dtype);
    const gradient = decayed(context, given.weight_decay);
    return [target("ResourceApplyAdagradV2", [handle, slot("sum"), context.lr, small, gradient])];
  },
};

export const adadelta: OptimizerOp = {
  name: "adadelta",
  family: "optimizer",
  version: 1,
  doc: `Adadelta: steps in the units of the weight, from moving means of squared gradients and squared steps.

Zeiler (2012): \`E = rho E + (1 - rho) g^2; d = sqrt(D + epsilon) / sqrt(E + epsilon) g; D = rho D + (1 - rho) d^2; w -= lr d\`. The paper's rate is 1; in Keras it is 0.001.`,
  example: "optimizer = adadelta(lr: 1, rho: 0.95)",
  parameters: [
    lr(1),
    decayRate("rho", 0.95, "Share of the old means that is kept."),
    epsilon(1e-6, "Added under both roots."),
    coupledDecay,
  ],
  slots: () => [
    { name: "gradients", initial: 0 },
    { name: "steps", initial: 0 },
  ],
  update(context, given) {
    const { builder, handle, slot, target, weight } = context;
    const scalar = (name: string) => builder.scalar(given[name] as number, weight.type.dtype);
    const slots = [slot("gradients"), slot("steps")];
    const gradient = decayed(context, given.weight_decay);
    return [
      target("ResourceApplyAdadelta", [
        handle,
        ...slots,
        context.lr,
        scalar("rho"),
        scalar("epsilon"),
        gradient,
      ]),
    ];
  },
};

export const rmsprop: OptimizerOp = {
  name: "rmsprop",
  family: "optimizer",
  version: 1,
  doc: `RMSprop: gradients divided by the root of a moving mean of their squares.

Hinton (2012): \`v = rho v + (1 - rho) g^2; d = momentum d + lr g / sqrt(v + epsilon); w -= d\`. PyTorch has rho 0.99, and epsilon outside the root.`,
  example: "optimizer = rmsprop(lr: 1e-3, rho: 0.9)",
  parameters: [
    lr(0.001),
    decayRate("rho", 0.9, "Share of the old mean that is kept."),
    decayRate("momentum", 0, "Share of the last step that is kept."),
    epsilon(1e-7, "Added under the root."),
    coupledDecay,
  ],
  slots: () => [
    { name: "squares", initial: 0 },
    { name: "momentum", initial: 0 },
  ],
  update(context, given) {
    const { builder, handle, slot, target, weight } = context;
    const scalar = (name: string) => builder.scalar(given[name] as number, weight.type.dtype);
    const slots = [slot("squares"), slot("momentum")];
    const scalars = [context.lr, scalar("rho"), scalar("momentum"), scalar("epsilon")];
    return [
      target("ResourceApplyRMSProp", [handle, ...slots, ...scalars, decayed(context, given.weight_decay)]),
    ];
  },
};

import type { OptimizerOp } from "../optimizer.ts";
import { coupledDecay, decayed, decayRate, lr } from "./decay.ts";

export const sgd: OptimizerOp = {
  name: "sgd",
  family: "optimizer",
  version: 1,
  doc: `Stochastic gradient descent, with momentum if it is given.

\`v = momentum v - lr g; w += v\`; with \`nesterov\`, \`w += momentum v - lr g\` after \`v\` is renewed. The rate is inside \`v\`, as in Keras; PyTorch multiplies by it afterwards, which differs while a schedule changes it.`,
  example: "optimizer = sgd(lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 5e-4)",
  parameters: [
    lr(0.01),
    decayRate("momentum", 0, "Share of the last step that is kept; 0.9 is usual."),
    {
      name: "nesterov",
      type: { kind: "bool" },
      default: false,
      doc: "Looks one step of the momentum ahead.",
    },
    coupledDecay,
  ],
  slots: ({ momentum }) => (momentum === 0 ? [] : [{ name: "momentum", initial: 0 }]),
  update(context, { momentum, nesterov, weight_decay }) {
    const { builder, handle, target, slot, weight } = context;
    const gradient = decayed(context, weight_decay);
    if (momentum === 0) return [target("ResourceApplyGradientDescent", [handle, context.lr, gradient])];
    const kept = builder.scalar(momentum as number, weight.type.dtype);
    return [
      target("ResourceApplyKerasMomentum", [handle, slot("momentum"), context.lr, gradient, kept], {
        use_nesterov: nesterov as boolean,
      }),
    ];
  },
};

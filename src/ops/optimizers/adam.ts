import type { Value } from "../node.ts";
import type { OptimizerOp, UpdateContext } from "../optimizer.ts";
import type { Parameters } from "../signature.ts";
import { coupledDecay, decayed, decayRate, epsilon, lr } from "./decay.ts";

const formula = `\`m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w -= lr m' / (sqrt(v') + epsilon)\` with \`m' = m / (1 - beta1^t)\`, \`v' = v / (1 - beta2^t)\`.`;

export const adamParameters = [
  lr(0.001),
  decayRate("beta1", 0.9, "Share of the old mean of gradients that is kept."),
  decayRate("beta2", 0.999, "Share of the old mean of squared gradients that is kept."),
  epsilon(1e-8, "Added to the root, after the correction for the start; Keras has 1e-7, and before it."),
];

/** The numbers of a step: beta^t, and how far `sqrt(v)` is from `sqrt(v')`. */
export function corrections({ builder, step, weight }: UpdateContext, given: Parameters) {
  const { dtype } = weight.type;
  const one = builder.scalar(1, dtype);
  const beta1 = builder.scalar(given.beta1 as number, dtype);
  const beta2 = builder.scalar(given.beta2 as number, dtype);
  const power1 = builder.emit("Pow", [beta1, step]);
  const power2 = builder.emit("Pow", [beta2, step]);
  const root = builder.emit("Sqrt", [builder.emit("Sub", [one, power2])]);
  return { one, beta1, beta2, power1, power2, root };
}

/** `beta old + (1 - beta) news` of a slot. */
export function movingMean(
  { builder: b, slot, weight }: UpdateContext,
  name: string,
  beta: Value,
  news: Value,
): Value {
  const old = b.emit("ReadVariableOp", [slot(name)]);
  const rest = b.emit("Sub", [b.scalar(1, weight.type.dtype), beta]);
  return b.emit("AddV2", [old, b.emit("Mul", [b.emit("Sub", [news, old]), rest])]);
}

export const adam: OptimizerOp = {
  name: "adam",
  family: "optimizer",
  version: 1,
  doc: `Adam: steps of a size that each weight's own gradients set.

Kingma and Ba (2015): ${formula} Weight decay here is added to the gradient; \`adamw\` keeps it apart.`,
  parameters: [...adamParameters, coupledDecay],
  slots: () => [
    { name: "m", initial: 0 },
    { name: "v", initial: 0 },
  ],
  update(context, given) {
    const { builder, handle, slot, target, weight } = context;
    const { beta1, beta2, power1, power2, root } = corrections(context, given);
    // TensorFlow adds its epsilon to sqrt(v), not to sqrt(v'): it is brought to that scale.
    const scaled = builder.emit("Mul", [builder.scalar(given.epsilon as number, weight.type.dtype), root]);
    const gradient = decayed(context, given.weight_decay);
    return [
      target(
        "ResourceApplyAdam",
        [handle, slot("m"), slot("v"), power1, power2, context.lr, beta1, beta2, scaled, gradient],
        { use_nesterov: false },
      ),
    ];
  },
};

export const adamw: OptimizerOp = {
  name: "adamw",
  family: "optimizer",
  version: 1,
  doc: `Adam with decoupled weight decay: weights shrink by \`lr weight_decay\` of themselves in each step, apart from the gradient.

Loshchilov and Hutter (2019): ${formula} before, \`w -= lr weight_decay w\` for kernels.`,
  parameters: [
    ...adamParameters,
    {
      name: "weight_decay",
      type: { kind: "real", min: 0 },
      default: 0.01,
      doc: "Share of a kernel that is taken off in each step, times `lr`; not of biases, scales and offsets.",
    },
  ],
  slots: adam.slots,
  update(context, given) {
    const decay = given.weight_decay as number;
    if (!context.decays || decay === 0) return adam.update(context, { ...given, weight_decay: 0 });
    // Two writers of one variable would race, so the whole step is written out.
    const { builder: b, handle, slot, target, value, gradient, weight } = context;
    const { one, beta1, beta2, power1, root } = corrections(context, given);
    const m = movingMean(context, "m", beta1, gradient);
    const v = movingMean(context, "v", beta2, b.emit("Square", [gradient]));
    const epsilonHere = b.scalar(given.epsilon as number, weight.type.dtype);
    const spread = b.emit("AddV2", [b.emit("RealDiv", [b.emit("Sqrt", [v]), root]), epsilonHere]);
    const ahead = b.emit("RealDiv", [m, b.emit("Sub", [one, power1])]);
    const pull = b.emit("Mul", [value, b.scalar(decay, weight.type.dtype)]);
    const move = b.emit("Mul", [context.lr, b.emit("AddV2", [b.emit("RealDiv", [ahead, spread]), pull])]);
    return [
      target("AssignVariableOp", [slot("m"), m]),
      target("AssignVariableOp", [slot("v"), v]),
      target("AssignSubVariableOp", [handle, move]),
    ];
  },
};

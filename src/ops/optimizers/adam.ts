import type { Value } from "../node.ts";
import type { OptimizerOp, UpdateContext } from "../optimizer.ts";
import type { Parameters } from "../signature.ts";
import { coupledDecay, decayed, decayRate, decoupledDecay, epsilon, lr, withDecay } from "./decay.ts";

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

/** Adam's means of a gradient, the writing of them, and the divisor of the step: `sqrt(v') + epsilon`. */
export function moments(context: UpdateContext, given: Parameters, gradient: Value) {
  const { builder: b, slot, target, weight } = context;
  const numbers = corrections(context, given);
  const m = movingMean(context, "m", numbers.beta1, gradient);
  const v = movingMean(context, "v", numbers.beta2, b.emit("Square", [gradient]));
  const spread = b.emit("AddV2", [
    b.emit("RealDiv", [b.emit("Sqrt", [v]), numbers.root]),
    b.scalar(given.epsilon as number, weight.type.dtype),
  ]);
  const kept = [target("AssignVariableOp", [slot("m"), m]), target("AssignVariableOp", [slot("v"), v])];
  return { ...numbers, m, spread, kept };
}

/** Adam's step before the rate: `m' / (sqrt(v') + epsilon)`. */
export function adamDirection({ builder: b }: UpdateContext, { m, one, power1, spread }: Moments): Value {
  return b.emit("RealDiv", [b.emit("RealDiv", [m, b.emit("Sub", [one, power1])]), spread]);
}

type Moments = ReturnType<typeof moments>;

export const adam: OptimizerOp = {
  name: "adam",
  family: "optimizer",
  version: 1,
  doc: `Adam: steps of a size that each weight's own gradients set.

Kingma and Ba (2015): ${formula} Weight decay here is added to the gradient; \`adamw\` keeps it apart.`,
  example: "optimizer = adam(lr: 3e-4)",
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

Loshchilov and Hutter (2019): ${formula} In the same step \`w -= lr weight_decay w\` for kernels.`,
  example: "optimizer = adamw(lr: 1e-3, weight_decay: 0.05)",
  parameters: [...adamParameters, decoupledDecay(0.01)],
  slots: adam.slots,
  update(context, given) {
    if (!context.decays || given.weight_decay === 0)
      return adam.update(context, { ...given, weight_decay: 0 });
    // Two writers of one variable would race, so the whole step is written out.
    const { builder: b, handle, target, gradient } = context;
    const means = moments(context, given, gradient);
    const direction = withDecay(context, adamDirection(context, means), given);
    return [...means.kept, target("AssignSubVariableOp", [handle, b.emit("Mul", [context.lr, direction])])];
  },
};

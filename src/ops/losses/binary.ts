/** Losses of yes or no, from one logit: the cross entropy, and the margin losses of the classic literature. */
import { showType, type TensorType } from "../../types/tensor.ts";
import { type FieldType, showField } from "../field.ts";
import type { ShapeProblem } from "../layer.ts";
import type { LossOp } from "../loss.ts";
import type { Builder, Value } from "../node.ts";
import { isPixelLabels } from "../pixel-labels.ts";
import type { Parameter, Parameters } from "../signature.ts";
import { beside, type Distance, elementLoss, paired, pairedTarget } from "./regression.ts";

/** One logit for class[2], or f32 targets in [0, 1] of the output's shape. */
function yesOrNo(name: string, output: TensorType, target: FieldType): ShapeProblem | undefined {
  if (target.kind !== "class") return paired(name, output, target);
  const places = isPixelLabels(target) ? target.shape : [];
  const shape = output.shape.slice(1);
  const fits = shape.slice(0, places.length).join() === places.join();
  if (target.count === 2 && fits && shape.slice(places.length).every((dim) => dim === 1)) return undefined;
  return {
    problem: `\`${name}\` cannot pair the output ${showType(output)} with ${showField(target)}`,
    hint:
      target.count === 2
        ? `end the network with \`${places.length > 0 ? "conv(1, kernel: 1)" : "dense(1)"}\`, or use \`cross_entropy\` with one logit for each class`
        : "use `cross_entropy`",
  };
}

const pairs =
  "Pairs f32[N] or f32[N, 1] with class[2], f32[N, H, W, 1] with labels of pixels class[2][H, W], or any output with f32 targets in [0, 1] of its shape.";

const binary = (
  name: string,
  doc: string,
  loss: Distance,
  parameters?: readonly Parameter[],
  given?: string,
): LossOp => elementLoss(name, `${doc}\n\n${pairs}`, yesOrNo, loss, parameters, given);

const neg = (b: Builder, x: Value): Value => b.emit("Neg", [x]);
const mul = (b: Builder, x: Value, y: Value): Value => b.emit("Mul", [x, y]);
const not = (b: Builder, t: Value): Value => b.emit("Sub", [beside(b, t, 1), t]);

/** -ln p and -ln(1 - p): softplus(-z) and softplus(z), exact in both tails. */
const surprises = (b: Builder, z: Value) => ({
  yes: b.emit("Softplus", [neg(b, z)]),
  no: b.emit("Softplus", [z]),
});

function crossEntropy(b: Builder, z: Value, t: Value, { positive_weight }: Parameters): Value {
  const { yes, no } = surprises(b, z);
  const weighted = positive_weight === 1 ? t : mul(b, t, beside(b, t, positive_weight as number));
  return b.emit("AddV2", [mul(b, weighted, yes), mul(b, not(b, t), no)]);
}

/** (1 - p_t)^gamma by exp(-gamma softplus(+-z)): no power of a number that rounds to 0. */
function focal(b: Builder, z: Value, t: Value, { gamma, balance }: Parameters): Value {
  const { yes, no } = surprises(b, z);
  const damp = (other: Value) => b.emit("Exp", [mul(b, other, beside(b, other, -(gamma as number)))]);
  const part = (share: Value, weight: number, own: Value, other: Value) =>
    mul(b, mul(b, share, beside(b, share, weight)), mul(b, damp(other), own));
  const alpha = balance as number | undefined;
  return b.emit("AddV2", [
    part(t, alpha ?? 1, yes, no),
    part(not(b, t), alpha === undefined ? 1 : 1 - alpha, no, yes),
  ]);
}

/** z y with y = 2 t - 1: positive where the sign is right. */
const margin = (b: Builder, z: Value, t: Value): Value =>
  mul(b, z, b.emit("Sub", [mul(b, t, beside(b, t, 2)), beside(b, t, 1)]));

export const binaryLosses: readonly LossOp[] = [
  binary(
    "binary_cross_entropy",
    "Cross entropy of yes or no, from logits: `-w t ln p - (1 - t) ln(1 - p)` with `p = sigmoid(output)`, averaged over a sample's elements.",
    crossEntropy,
    [
      {
        name: "positive_weight",
        type: { kind: "real", min: 0 },
        default: 1,
        doc: "The weight `w` of examples of the second class.",
      },
    ],
    "positive_weight: 5",
  ),
  binary(
    "focal",
    "Cross entropy of yes or no in which what is already right counts less (Lin et al. 2017): `-(1 - p_t)^gamma ln p_t`, with `p_t` the probability of what is true. From logits; averaged over a sample's elements.",
    focal,
    [
      {
        name: "gamma",
        type: { kind: "real", min: 0 },
        default: 2,
        doc: "How much less; 0 is the cross entropy.",
      },
      {
        name: "balance",
        type: { kind: "real", min: 0, max: 1, unit: "fraction" },
        optional: true,
        doc: "Weight of the second class; that of the first is the rest of 1. The paper has 25%. Without it both weigh 1.",
      },
    ],
    "gamma: 2, balance: 25%",
  ),
  binary(
    "hinge",
    "`max(0, 1 - y t)` with t = 1 for the second class and -1 for the first: the loss of a support vector machine (Cortes and Vapnik 1995).",
    (b, z, t) => {
      const m = margin(b, z, t);
      return b.emit("Relu", [b.emit("Sub", [beside(b, m, 1), m])]);
    },
  ),
  binary(
    "exponential",
    "`exp(-y t)` with t = 1 for the second class and -1 for the first: the loss of AdaBoost (Freund and Schapire 1997). It grows fast with errors: mind wrong labels.",
    (b, z, t) => b.emit("Exp", [neg(b, margin(b, z, t))]),
  ),
  binary(
    "logistic",
    "`log2(1 + exp(-y t))` with t = 1 for the second class and -1 for the first: the cross entropy in bits, an upper bound of the share of errors.",
    (b, z, t) => {
      const s = b.emit("Softplus", [neg(b, margin(b, z, t))]);
      return mul(b, s, beside(b, s, 1 / Math.LN2));
    },
  ),
  {
    name: "dice",
    family: "loss",
    version: 1,
    doc: `One minus the overlap of two masks (Milletari et al. 2016), from logits: \`1 - (2 sum(p t) + smooth) / (sum p + sum t + smooth)\` over a sample's elements, with \`p = sigmoid(output)\`.

Pairs f32[N, ...] with a mask f32 in [0, 1] of the same shape.`,
    parameters: [
      {
        name: "smooth",
        type: { kind: "real", min: 0 },
        default: 1,
        doc: "Added above and below: two empty masks overlap fully.",
      },
    ],
    positional: 0,
    check: (output, target) => paired("dice", output, target),
    lower(b, output, target, { smooth }) {
      const t = pairedTarget(b, output, target);
      const p = b.emit("Sigmoid", [output]);
      const axes = b.ints(output.type.shape.slice(1).map((_, axis) => axis + 1));
      const sum = (value: Value) =>
        output.type.shape.length === 1 ? value : b.emit("Sum", [value, axes], { keep_dims: false });
      const both = sum(mul(b, p, t));
      const small = beside(b, both, smooth as number);
      const overlap = b.emit("RealDiv", [
        b.emit("AddV2", [mul(b, both, beside(b, both, 2)), small]),
        b.emit("AddV2", [b.emit("AddV2", [sum(p), sum(t)]), small]),
      ]);
      return not(b, overlap);
    },
  },
];

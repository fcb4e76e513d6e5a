/** Layers that apply one function to each element (softmax: to the channels of each position). */
import type { LayerOp } from "../layer.ts";
import type { Builder, Value } from "../node.ts";
import type { Parameter, Parameters } from "../signature.ts";
import { needsFloat } from "./window.ts";

type Lower = (builder: Builder, x: Value, parameters: Parameters) => Value;

/** A layer that applies one function to each element of an f32 tensor: an operation of the graph, or a few. */
export function activation(
  name: string,
  doc: string,
  lower: string | Lower,
  parameters: readonly Parameter[] = [],
): LayerOp {
  return {
    name,
    family: "layer",
    version: 1,
    arity: 1,
    anyShape: true,
    doc,
    parameters,
    infer: ([input]) =>
      input!.dtype === "f32" ? { output: input!, weights: [], macs: 0 } : needsFloat(name, input!),
    lower: ({ builder }, [x], given) =>
      typeof lower === "string" ? builder.emit(lower, [x!]) : lower(builder, x!, given),
  };
}

const real = (name: string, value: number, doc: string): Parameter => ({
  name,
  type: { kind: "real" },
  default: value,
  doc,
});

const times = (b: Builder, x: Value, factor: number): Value =>
  b.emit("Mul", [x, b.scalar(factor, x.type.dtype)]);

const plus = (b: Builder, x: Value, term: number): Value =>
  b.emit("AddV2", [x, b.scalar(term, x.type.dtype)]);

const hardSigmoid = (b: Builder, x: Value): Value => times(b, b.emit("Relu6", [plus(b, x, 3)]), 1 / 6);

export const activations: readonly LayerOp[] = [
  activation("relu", "Rectified linear unit: `max(0, x)`.", "Relu"),
  activation(
    "leaky_relu",
    "Leaky rectified linear unit: `x` where it is positive, `slope x` elsewhere.",
    (b, x, { slope }) => b.emit("LeakyRelu", [x], { alpha: slope as number }),
    [real("slope", 0.01, "Slope for negative inputs. Keras has 0.3.")],
  ),
  activation(
    "elu",
    "Exponential linear unit: `x` where it is positive, `alpha (e^x - 1)` elsewhere.",
    (b, x, { alpha }) => {
      const y = b.emit("Elu", [x]);
      if (alpha === 1) return y;
      return b.emit("SelectV2", [
        b.emit("Greater", [x, b.scalar(0, x.type.dtype)]),
        y,
        times(b, y, alpha as number),
      ]);
    },
    [real("alpha", 1, "The output goes to `-alpha` for large negative inputs.")],
  ),
  activation(
    "selu",
    "Scaled exponential linear unit (Klambauer et al. 2017), which keeps mean 0 and variance 1 through layers.",
    "Selu",
  ),
  activation("sigmoid", "Logistic function: `1 / (1 + e^-x)`.", "Sigmoid"),
  activation("tanh", "Hyperbolic tangent.", "Tanh"),
  activation(
    "gelu",
    "Gaussian error linear unit: `x` times the standard normal distribution function of `x` (the exact form, not the tanh approximation).",
    (b, x) => {
      const erf = b.emit("Erf", [times(b, x, Math.SQRT1_2)]);
      return b.emit("Mul", [times(b, x, 0.5), plus(b, erf, 1)]);
    },
  ),
  activation("silu", "Sigmoid linear unit, also called swish: `x sigmoid(x)`.", (b, x) =>
    b.emit("Mul", [x, b.emit("Sigmoid", [x])]),
  ),
  activation("relu6", "Rectified linear unit that ends at 6: `min(max(0, x), 6)`.", "Relu6"),
  activation("mish", "`x tanh(ln(1 + e^x))` (Misra 2020).", (b, x) =>
    b.emit("Mul", [x, b.emit("Tanh", [b.emit("Softplus", [x])])]),
  ),
  activation(
    "hard_sigmoid",
    "Straight lines in place of the logistic function: `min(max(0, x + 3), 6) / 6`.",
    hardSigmoid,
  ),
  activation(
    "hard_silu",
    "`x` times its hard sigmoid (Howard et al. 2019), also called hard swish.",
    (b, x) => b.emit("Mul", [x, hardSigmoid(b, x)]),
  ),
  activation(
    "scaled_tanh",
    "`1.7159 tanh(2 x / 3)`: the activation of LeNet-5 (LeCun et al. 1998), which maps 1 to 1 and -1 to -1.",
    (b, x) => times(b, b.emit("Tanh", [times(b, x, 2 / 3)]), 1.7159),
  ),
  activation("softplus", "Smooth ReLU: `ln(1 + e^x)`.", "Softplus"),
  activation("softsign", "`x / (1 + |x|)`.", "Softsign"),
  activation(
    "softmax",
    `Probabilities over the last axis: \`e^x\` divided by its sum.

\`cross_entropy\` takes logits and makes the probabilities itself: a network that it trains does not end in \`softmax\`.`,
    (b, x) => {
      const { shape } = x.type;
      if (shape.length === 2) return b.emit("Softmax", [x]);
      const rows = shape.slice(0, -1).reduce((product, dim) => product * dim, 1);
      const flat = b.emit("Softmax", [b.emit("Reshape", [x, b.ints([rows, shape.at(-1)!])])]);
      return b.emit("Reshape", [flat, b.ints(shape)]);
    },
  ),
  activation("identity", "Passes its input through: the choice of no activation.", (_, x) => x),
  activation("gaussian", "Bump: `e^(-x^2)`.", (b, x) =>
    b.emit("Exp", [b.emit("Neg", [b.emit("Square", [x])])]),
  ),
];

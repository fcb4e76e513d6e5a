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
  activation("relu", "Rectified linear unit (Nair and Hinton 2010): `max(0, x)`.", "Relu"),
  activation(
    "leaky_relu",
    "Leaky rectified linear unit (Maas et al. 2013): `x` where it is positive, `slope x` elsewhere.",
    (b, x, { slope }) => b.emit("LeakyRelu", [x], { alpha: slope as number }),
    [real("slope", 0.01, "Slope for negative inputs. Keras has 0.3.")],
  ),
  activation(
    "elu",
    "Exponential linear unit (Clevert et al. 2016): `x` where it is positive, `alpha (e^x - 1)` elsewhere.",
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
    "Scaled exponential linear unit (Klambauer et al. 2017), which keeps mean 0 and variance 1 through layers: `1.0507 x` where x is positive, `1.7581 (e^x - 1)` elsewhere. Kernels begin with `lecun_normal`.",
    "Selu",
  ),
  activation(
    "sigmoid",
    "Logistic function: `1 / (1 + e^-x)`, from 0 to 1. `binary_cross_entropy` takes logits: a network that it trains does not end in `sigmoid`.",
    "Sigmoid",
  ),
  activation("tanh", "Hyperbolic tangent: `(e^x - e^-x) / (e^x + e^-x)`, from -1 to 1.", "Tanh"),
  activation(
    "gelu",
    "Gaussian error linear unit (Hendrycks and Gimpel 2016): `x` times the standard normal distribution function of `x` (the exact form, `x (1 + erf(x / sqrt(2))) / 2`, not the tanh approximation).",
    (b, x) => {
      const erf = b.emit("Erf", [times(b, x, Math.SQRT1_2)]);
      return b.emit("Mul", [times(b, x, 0.5), plus(b, erf, 1)]);
    },
  ),
  activation(
    "silu",
    "Sigmoid linear unit, also called swish (Elfwing et al. 2018, Ramachandran et al. 2017): `x sigmoid(x)`.",
    (b, x) => b.emit("Mul", [x, b.emit("Sigmoid", [x])]),
  ),
  activation(
    "relu6",
    "Rectified linear unit that ends at 6 (Howard et al. 2017): `min(max(0, x), 6)`.",
    "Relu6",
  ),
  activation(
    "mish",
    "`x tanh(ln(1 + e^x))` (Misra 2020): smooth, and a little below 0 for negative inputs.",
    (b, x) => b.emit("Mul", [x, b.emit("Tanh", [b.emit("Softplus", [x])])]),
  ),
  activation(
    "hard_sigmoid",
    "Straight lines in place of the logistic function (Howard et al. 2019): `min(max(0, x + 3), 6) / 6`. Keras 2 has another slope, `0.2 x + 0.5`.",
    hardSigmoid,
  ),
  activation(
    "hard_silu",
    "`x` times its hard sigmoid, `x min(max(0, x + 3), 6) / 6` (Howard et al. 2019), also called hard swish.",
    (b, x) => b.emit("Mul", [x, hardSigmoid(b, x)]),
  ),
  activation(
    "scaled_tanh",
    "`1.7159 tanh(2 x / 3)`: the activation of LeNet-5 (LeCun et al. 1998), which maps 1 to 1 and -1 to -1.",
    (b, x) => times(b, b.emit("Tanh", [times(b, x, 2 / 3)]), 1.7159),
  ),
  activation(
    "softplus",
    "Smooth ReLU: `ln(1 + e^x)`, which is positive: for scales and variances that a network gives.",
    "Softplus",
  ),
  activation("softsign", "`x / (1 + |x|)`, from -1 to 1: as `tanh`, with longer tails.", "Softsign"),
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

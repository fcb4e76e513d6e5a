/** Elementwise arithmetic. Gradients: TensorFlow's `math_grad.py`; sums over broadcast axes are decided at compile time. */
import type { Builder, Node, Value } from "../node.ts";
import { broadcast, outputOf, type Primitive, primitive, sameDtype, show, sumTo } from "./primitive.ts";

type UnaryGradient = (b: Builder, dy: Value, x: Value, y: Value) => Value;
type BinaryGradient = (
  b: Builder,
  dy: Value,
  x: Value,
  y: Value,
  z: Value,
) => readonly [() => Value, () => Value];

const unary = (op: string, gradient: UnaryGradient | "none"): Primitive =>
  primitive(op, {
    arity: 1,
    infer: ([x]) => [x!.type],
    gradient:
      gradient === "none"
        ? "none"
        : (b, node, [dy]) => [gradient(b, dy!, node.inputs[0]!, outputOf(node, 0))],
  });

const binary = (op: string, gradient: BinaryGradient | "none"): Primitive =>
  primitive(op, {
    arity: 2,
    infer: (inputs) => [{ dtype: sameDtype(inputs), shape: broadcast(...inputs.map((x) => x.type.shape)) }],
    gradient:
      gradient === "none"
        ? "none"
        : (b, node, [dy]) => {
            const [x, y] = node.inputs as [Value, Value];
            const parts = gradient(b, dy!, x, y, outputOf(node, 0));
            return [sumTo(b, parts[0](), x.type.shape), sumTo(b, parts[1](), y.type.shape)];
          },
  });

const mul = (b: Builder, x: Value, y: Value): Value => b.emit("Mul", [x, y]);
const neg = (b: Builder, x: Value): Value => b.emit("Neg", [x]);
const one = (b: Builder, x: Value): Value => b.scalar(1, x.type.dtype);

/** Half of the gradient to each side of a tie would match `max` of lists; TensorFlow gives a tie to the first. */
const choose =
  (comparison: "GreaterEqual" | "LessEqual"): BinaryGradient =>
  (b, dy, x, y) => {
    const first = b.emit(comparison, [x, y]);
    const zero = b.scalar(0, dy.type.dtype);
    return [() => b.emit("SelectV2", [first, dy, zero]), () => b.emit("SelectV2", [first, zero, dy])];
  };

const add: BinaryGradient = (_, dy) => [() => dy, () => dy];

const divide: BinaryGradient = (b, dy, _, y, z) => [
  () => b.emit("RealDiv", [dy, y]),
  () => neg(b, mul(b, dy, b.emit("RealDiv", [z, y]))),
];

const addN = primitive("AddN", {
  arity: { atLeast: 1 },
  derived: { T: { input: 0 }, N: { countWithout: 0 } },
  infer: (inputs) => {
    sameDtype(inputs);
    for (const { type } of inputs) {
      if (show(type) !== show(inputs[0]!.type))
        throw new Error(`adds ${show(inputs[0]!.type)} and ${show(type)}`);
    }
    return [inputs[0]!.type];
  },
  gradient: (_, node: Node, [dy]) => node.inputs.map(() => dy),
});

export const arithmetic: readonly Primitive[] = [
  addN,
  binary("Add", add),
  binary("AddV2", add),
  binary("Sub", (b, dy) => [() => dy, () => neg(b, dy)]),
  binary("Mul", (b, dy, x, y) => [() => mul(b, dy, y), () => mul(b, dy, x)]),
  binary("RealDiv", divide),
  binary("Div", divide),
  binary("FloorDiv", "none"),
  binary("FloorMod", "none"),
  binary("Maximum", choose("GreaterEqual")),
  binary("Minimum", choose("LessEqual")),
  binary("SquaredDifference", (b, dy, x, y) => {
    const d = mul(b, mul(b, dy, b.scalar(2, x.type.dtype)), b.emit("Sub", [x, y]));
    return [() => d, () => neg(b, d)];
  }),
  // The derivative by the exponent is 0 where the base is not positive, as in TensorFlow.
  binary("Pow", (b, dy, x, y, z) => [
    () => mul(b, mul(b, dy, y), b.emit("Pow", [x, b.emit("Sub", [y, one(b, y)])])),
    () => {
      const positive = b.emit("Greater", [x, b.scalar(0, x.type.dtype)]);
      const log = b.emit("Log", [b.emit("SelectV2", [positive, x, one(b, x)])]);
      return mul(b, mul(b, dy, z), log);
    },
  ]),
  unary("Neg", (b, dy) => neg(b, dy)),
  unary("Abs", (b, dy, x) => mul(b, dy, b.emit("Sign", [x]))),
  unary("Sign", "none"),
  unary("Floor", "none"),
  unary("Ceil", "none"),
  unary("Round", "none"),
  unary("Square", (b, dy, x) => mul(b, dy, mul(b, x, b.scalar(2, x.type.dtype)))),
  unary("Sqrt", (b, dy, _, y) => b.emit("RealDiv", [mul(b, dy, b.scalar(0.5, y.type.dtype)), y])),
  unary("Rsqrt", (b, dy, x, y) =>
    mul(b, mul(b, dy, b.scalar(-0.5, y.type.dtype)), b.emit("RealDiv", [y, x])),
  ),
  unary("Reciprocal", (b, dy, _, y) => neg(b, mul(b, dy, mul(b, y, y)))),
  unary("Exp", (b, dy, _, y) => mul(b, dy, y)),
  unary("Expm1", (b, dy, _, y) => mul(b, dy, b.emit("AddV2", [y, one(b, y)]))),
  unary("Log", (b, dy, x) => b.emit("RealDiv", [dy, x])),
  unary("Log1p", (b, dy, x) => b.emit("RealDiv", [dy, b.emit("AddV2", [x, one(b, x)])])),
  unary("Cos", (b, dy, x) => neg(b, mul(b, dy, b.emit("Sin", [x])))),
  unary("Sin", (b, dy, x) => mul(b, dy, b.emit("Cos", [x]))),
  // d/dx erf(x) = 2/sqrt(pi) exp(-x^2)
  unary("Erf", (b, dy, x) =>
    mul(
      b,
      dy,
      mul(b, b.emit("Exp", [neg(b, b.emit("Square", [x]))]), b.scalar(2 / Math.sqrt(Math.PI), x.type.dtype)),
    ),
  ),
];

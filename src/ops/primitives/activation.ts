/** Activations. Gradients: TensorFlow's `nn_grad.py`. */
import type { Builder, Value } from "../node.ts";
import { type AttrKind, outputOf, type Primitive, primitive } from "./primitive.ts";

type Rule = (b: Builder, dy: Value, x: Value, y: Value, attrs: Primitive["attrs"]) => Value;

const activation = (op: string, rule: Rule): Primitive =>
  primitive(op, {
    arity: 1,
    infer: ([x]) => [x!.type],
    gradient: (b, node, [dy]) => [rule(b, dy!, node.inputs[0]!, outputOf(node, 0), {})],
  });

/** An operator of an output gradient and a saved tensor, of one shape. */
const backward = (op: string, attrs: Readonly<Record<string, AttrKind>> = {}): Primitive =>
  primitive(op, { arity: 2, attrs, infer: ([a]) => [a!.type] });

export const activations: readonly Primitive[] = [
  // The output, not the input: so the pre-activation has one consumer and oneDNN may fuse it.
  activation("Relu", (b, dy, _, y) => b.emit("ReluGrad", [dy, y])),
  activation("Relu6", (b, dy, _, y) => b.emit("Relu6Grad", [dy, y])),
  activation("Elu", (b, dy, _, y) => b.emit("EluGrad", [dy, y])),
  activation("Selu", (b, dy, _, y) => b.emit("SeluGrad", [dy, y])),
  activation("Sigmoid", (b, dy, _, y) => b.emit("SigmoidGrad", [y, dy])),
  activation("Tanh", (b, dy, _, y) => b.emit("TanhGrad", [y, dy])),
  activation("Softplus", (b, dy, x) => b.emit("SoftplusGrad", [dy, x])),
  activation("Softsign", (b, dy, x) => b.emit("SoftsignGrad", [dy, x])),
  primitive("LeakyRelu", {
    arity: 1,
    attrs: { alpha: "float" },
    infer: ([x]) => [x!.type],
    gradient: (b, node, [dy]) => [b.emit("LeakyReluGrad", [dy!, node.inputs[0]!], node.attrs)],
  }),
  backward("ReluGrad"),
  backward("Relu6Grad"),
  backward("EluGrad"),
  backward("SeluGrad"),
  backward("SigmoidGrad"),
  backward("TanhGrad"),
  backward("SoftplusGrad"),
  backward("SoftsignGrad"),
  backward("LeakyReluGrad", { alpha: "float" }),
];

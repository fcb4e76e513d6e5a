/** Softmax and the cross-entropies fused with it. The second output of a cross-entropy is softmax - labels, its own gradient. */
import type { Builder, Value } from "../node.ts";
import {
  expectRank,
  expectShape,
  outputOf,
  type Primitive,
  primitive,
  reshape,
  sameDtype,
  show,
} from "./primitive.ts";

const lastAxisSum = (b: Builder, x: Value): Value =>
  b.emit("Sum", [x, b.ints([x.type.shape.length - 1])], { keep_dims: true });

/** d loss[n] / d logits[n, :] times the incoming gradient of each example. */
function logitsGradient(b: Builder, dloss: Value, backprop: Value): Value {
  return b.emit("Mul", [reshape(b, dloss, [dloss.type.shape[0]!, 1]), backprop]);
}

export const loss: readonly Primitive[] = [
  primitive("Softmax", {
    arity: 1,
    infer: ([x]) => [x!.type],
    gradient: (b, node, [dy]) => {
      const y = outputOf(node, 0);
      return [b.emit("Mul", [b.emit("Sub", [dy!, lastAxisSum(b, b.emit("Mul", [dy!, y]))]), y])];
    },
  }),
  primitive("LogSoftmax", {
    arity: 1,
    infer: ([x]) => [x!.type],
    gradient: (b, node, [dy]) => {
      const p = b.emit("Exp", [outputOf(node, 0)]);
      return [b.emit("Sub", [dy!, b.emit("Mul", [lastAxisSum(b, dy!), p])])];
    },
  }),
  primitive("SoftmaxCrossEntropyWithLogits", {
    arity: 2,
    infer: (inputs) => {
      const shape = expectRank(inputs[0]!, 2, "logits");
      expectShape(inputs[1]!, shape, "labels");
      const dtype = sameDtype(inputs);
      return [
        { dtype, shape: [shape[0]!] },
        { dtype, shape },
      ];
    },
    gradient: (b, node, [dloss, dbackprop]) => {
      if (!dloss || dbackprop)
        throw new Error("SoftmaxCrossEntropyWithLogits has a gradient for its loss only");
      const [logits] = node.inputs as [Value, Value];
      const column = reshape(b, dloss, [dloss.type.shape[0]!, 1]);
      return [
        logitsGradient(b, dloss, outputOf(node, 1)),
        b.emit("Neg", [b.emit("Mul", [column, b.emit("LogSoftmax", [logits])])]),
      ];
    },
  }),
  primitive("SparseSoftmaxCrossEntropyWithLogits", {
    arity: 2,
    derived: { T: { input: 0 }, Tlabels: { input: 1 } },
    infer: ([logits, labels]) => {
      const shape = expectRank(logits!, 2, "logits");
      expectShape(labels!, [shape[0]!], "labels");
      const { dtype } = labels!.type;
      if (dtype !== "i32" && dtype !== "i64")
        throw new Error(`needs whole numbers as labels, not ${show(labels!.type)}`);
      return [
        { dtype: logits!.type.dtype, shape: [shape[0]!] },
        { dtype: logits!.type.dtype, shape },
      ];
    },
    gradient: (b, node, [dloss, dbackprop]) => {
      if (!dloss || dbackprop)
        throw new Error("SparseSoftmaxCrossEntropyWithLogits has a gradient for its loss only");
      return [logitsGradient(b, dloss, outputOf(node, 1)), undefined];
    },
  }),
];

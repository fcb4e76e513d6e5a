/** Rules that drop work without changing a bit of any result. */
import type { Node, Value } from "../ops/node.ts";
import { constantInts, equalShapes } from "../ops/primitives/primitive.ts";
import { constantOf } from "./fold.ts";
import type { Rule } from "./rewrite.ts";

/**
 * Identities, reshapes to the same shape and reshapes of reshapes, casts to the same dtype, permutations that permute nothing,
 * empty padding, slices of everything, products with 1, quotients by 1, double negations. Sums with 0 stay: -0 + 0 is +0.
 */
export const simplifyNode: Rule = (b, node, inputs) => {
  const [x, y] = inputs as [Value, Value];
  switch (node.op) {
    case "Identity":
    case "StopGradient":
      return x;
    case "Reshape":
      if (sameType(node, x)) return x;
      if (x.node.op !== "Reshape") return undefined;
      return sameType(node, x.node.inputs[0]!)
        ? x.node.inputs[0]!
        : b.emit("Reshape", [x.node.inputs[0]!, y]);
    case "Cast":
    case "Slice":
    case "BroadcastTo":
      return sameType(node, x) ? x : undefined;
    case "Pad":
      return constantInts(y, "paddings").every((n) => n === 0) ? x : undefined;
    case "Transpose":
      return constantInts(y, "permutation").every((from, to) => from === to) ? x : undefined;
    case "Neg":
      return x.node.op === "Neg" ? x.node.inputs[0]! : undefined;
    case "RealDiv":
      return isOne(y) && sameType(node, x) ? x : undefined;
    case "Mul":
      if (isOne(y) && sameType(node, x)) return x;
      return isOne(x) && sameType(node, y) ? y : undefined;
    default:
      return undefined;
  }
};

function sameType(node: Node, value: Value): boolean {
  return node.outputs[0]!.dtype === value.type.dtype && equalShapes(node.outputs[0]!.shape, value.type.shape);
}

function isOne(value: Value): boolean {
  const tensor = constantOf(value);
  return tensor !== undefined && tensor.data.length > 0 && tensor.data.every((n) => Number(n) === 1);
}

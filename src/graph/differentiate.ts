/** Reverse-mode differentiation of a graph: each primitive's rule lies beside its definition in `src/ops/primitives`. */
import type { Builder, Node, Value } from "../ops/node.ts";
import { filled, show } from "../ops/primitives/primitive.ts";
import { primitiveOf } from "../ops/primitives/registry.ts";
import { GraphError } from "./builder.ts";
import { topological } from "./walk.ts";

/**
 * d loss / d w for each `w` of `wrt`, with the shape of `w`; zeros where the loss does not depend on it. `loss` is a scalar.
 * Gradients that meet are added with one `AddN`, in the order in which their users stand in the graph. Throws a `GraphError`
 * at the `.dl` place of an operator that has no gradient.
 */
export function differentiate(builder: Builder, loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.type.shape.length !== 0)
    throw new GraphError(`a loss must be a scalar, not ${show(loss.type)}`, loss.node.span);
  const order = topological([loss.node]);
  const depends = dependents(order, wrt);
  const arriving = new Map<Node, Value[][]>();
  const arrive = (value: Value, gradient: Value) => {
    const lists = arriving.get(value.node) ?? value.node.outputs.map(() => []);
    lists[value.index]!.push(gradient);
    arriving.set(value.node, lists);
  };
  const total = (node: Node) =>
    arriving.get(node)?.map((list) => (list.length < 2 ? list[0] : builder.emit("AddN", list.toReversed())));

  const sums = new Map<Node, readonly (Value | undefined)[]>();
  arrive(loss, filled(builder, loss.type, 1));
  for (const node of order.toReversed()) {
    if (!depends.has(node)) continue;
    builder.at(node.span, () => {
      const outputGradients = total(node);
      if (!outputGradients?.some(Boolean)) return;
      sums.set(node, outputGradients);
      if (!node.inputs.some((input) => depends.has(input.node))) return;
      for (const [i, gradient] of gradientsOf(builder, node, outputGradients).entries()) {
        if (gradient && depends.has(node.inputs[i]!.node)) arrive(node.inputs[i]!, gradient);
      }
    });
  }
  return wrt.map((value) => sums.get(value.node)?.[value.index] ?? filled(builder, value.type, 0));
}

function gradientsOf(builder: Builder, node: Node, outputGradients: readonly (Value | undefined)[]) {
  const { gradient } = primitiveOf(node.op);
  if (gradient === "none") return [];
  if (!gradient) throw new GraphError(`${node.op} has no gradient, and the loss depends on it`, node.span);
  try {
    return gradient(builder, node, outputGradients);
  } catch (error) {
    throw error instanceof GraphError ? error : new GraphError((error as Error).message, node.span);
  }
}

/** The nodes through which a change of `wrt` can reach the loss. */
function dependents(order: readonly Node[], wrt: readonly Value[]): ReadonlySet<Node> {
  const found = new Set<Node>(wrt.map((value) => value.node));
  for (const node of order) if (node.inputs.some((input) => found.has(input.node))) found.add(node);
  return found;
}

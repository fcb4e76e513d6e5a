/** A small graph computed at once, without variables: what metrics of a whole split need. */
import { topological } from "../../graph/walk.ts";
import type { Node, Value } from "../../ops/node.ts";
import type { Tensor } from "../../types/tensor.ts";
import type { Tensors } from "../engine.ts";
import type { Cell } from "./kernel.ts";
import { evaluateNode, fromTensor, toTensor } from "./open.ts";

/** `feeds` by the names of placeholders. */
export function runOnce(result: Value, feeds: Tensors): Tensor {
  const cells = new Map<Node, readonly Cell[]>();
  for (const node of topological([result.node])) {
    const fed = node.op === "Placeholder" ? feeds[node.attrs.name as string] : undefined;
    cells.set(
      node,
      fed ? [fromTensor(fed)] : evaluateNode(node, ({ node: of, index }) => cells.get(of)![index]!),
    );
  }
  return toTensor(cells.get(result.node)![result.index]!, result.type);
}

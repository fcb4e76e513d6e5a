/** Rebuilds a program node by node, inputs first: what every pass is made of. */
import type { Node, Value } from "../ops/node.ts";
import { primitiveOf } from "../ops/primitives/registry.ts";
import { createBuilder, type GraphBuilder } from "./builder.ts";
import type { Entry, Program } from "./program.ts";
import { rootsOf, topological } from "./walk.ts";

/** What stands in for a node's outputs, given its inputs as they are now; undefined keeps the node. */
export type Rule = (builder: GraphBuilder, node: Node, inputs: readonly Value[]) => Value | undefined;

/** Nodes that write are kept as they are; equal nodes become one; places stay. */
export function rewrite(program: Program, rule: Rule): Program {
  const builder = createBuilder();
  const values = new Map<Node, readonly Value[]>();
  const targets = new Map<Node, Node>();
  const renewed = (value: Value): Value => values.get(value.node)![value.index]!;
  const visit = (node: Node): void => {
    if (values.has(node) || targets.has(node)) return;
    const inputs = node.inputs.map(renewed);
    builder.at(node.span, () => {
      if (primitiveOf(node.op).stateful) {
        targets.set(node, builder.target(node.op, inputs, node.attrs));
        return;
      }
      const instead = node.outputs.length === 1 ? rule(builder, node, inputs) : undefined;
      values.set(node, instead ? [instead] : builder.emitAll(node.op, inputs, node.attrs));
    });
  };
  const renewEntry = (entry: Entry): Entry => {
    for (const node of topological([
      ...Object.values(entry.feeds).map((feed) => feed.node),
      ...rootsOf(entry),
    ]))
      visit(node);
    const renewAll = (named: Readonly<Record<string, Value>>) =>
      Object.fromEntries(Object.entries(named).map(([name, value]) => [name, renewed(value)]));
    return {
      feeds: renewAll(entry.feeds),
      fetches: renewAll(entry.fetches),
      targets: entry.targets.map((node) => targets.get(node)!),
    };
  };
  return {
    variables: program.variables,
    entries: Object.fromEntries(
      Object.entries(program.entries).map(([name, entry]) => [name, renewEntry(entry)]),
    ),
  };
}

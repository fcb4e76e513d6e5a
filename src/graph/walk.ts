/** Orders over graphs. */

import type { Node } from "../ops/node.ts";
import type { Entry, Program } from "./program.ts";

/** All nodes that `roots` depend on, inputs before users. Without recursion: graphs are thousands of nodes deep. */
export function topological(roots: readonly Node[]): readonly Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  const visit = (node: Node) => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, next: 0 });
  };
  for (const root of roots) {
    visit(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = top.node.inputs[top.next++];
      if (input) visit(input.node);
      else order.push(stack.pop()!.node);
    }
  }
  return order;
}

/** What an entry computes for: its fetches in the order of their names, then its targets. */
export function rootsOf(entry: Entry): readonly Node[] {
  return [
    ...Object.keys(entry.fetches)
      .sort()
      .map((name) => entry.fetches[name]!.node),
    ...entry.targets,
  ];
}

/** All nodes of a program, each once, inputs before users. */
export function nodesOf(program: Program): readonly Node[] {
  return topological(Object.values(program.entries).flatMap(rootsOf));
}

/** Names of the variables that an entry reads or writes. */
export function usedVariables(program: Program): ReadonlySet<string> {
  return new Set(
    nodesOf(program).flatMap((node) => (node.op === "VarHandleOp" ? [node.attrs.shared_name as string] : [])),
  );
}

/** Names of the feeds that the entry's results depend on. */
export function usedFeeds(entry: Entry): ReadonlySet<string> {
  const nodes = new Set(topological(rootsOf(entry)));
  return new Set(Object.keys(entry.feeds).filter((name) => nodes.has(entry.feeds[name]!.node)));
}

/** What must be true of any program that an engine gets. */
import type { Node, Value } from "../ops/node.ts";
import { show } from "../ops/primitives/primitive.ts";
import { primitiveOf } from "../ops/primitives/registry.ts";
import { handlesIn } from "../ops/primitives/variable.ts";
import { describePlace } from "../text/source.ts";
import type { Entry, Program } from "./program.ts";
import { rootsOf, topological } from "./walk.ts";

/**
 * Every way in which a program is wrong, in words; empty for a good one:
 * names of variables are unique, and handles have their variable's type; each node's outputs are what its operator's rule says;
 * nodes that write are targets and nothing's input, and an entry writes no variable twice (the writes would race);
 * what is fed is a placeholder, and every placeholder that is reached is fed.
 */
export function verify(program: Program): readonly string[] {
  const problems: string[] = [];
  const types = new Map<string, string>();
  for (const { name, type } of program.variables) {
    if (types.has(name)) problems.push(`two variables are called ${name}`);
    types.set(name, show(type));
  }
  for (const [name, entry] of Object.entries(program.entries))
    problems.push(...verifyEntry(entry, types).map((problem) => `${name}: ${problem}`));
  return problems;
}

function verifyEntry(entry: Entry, variables: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  const say = (node: Node, problem: string) =>
    problems.push(`${node.span ? `${describePlace(node.span)}: ` : ""}${node.op} ${problem}`);
  const fed = new Set<Node>();
  for (const [name, { node }] of Object.entries(entry.feeds)) {
    fed.add(node);
    if (node.op !== "Placeholder") say(node, `is fed as ${name}, and is not a placeholder`);
  }
  const targets = new Set(entry.targets);
  const written = new Set<Node>();
  for (const node of topological(rootsOf(entry))) {
    checkTypes(node, say);
    if (node.op === "Placeholder" && !fed.has(node)) say(node, `${node.attrs.name} is not fed`);
    if (node.op === "VarHandleOp") {
      const name = node.attrs.shared_name as string;
      const type = variables.get(name);
      if (type === undefined) say(node, `is of ${name}, which is no variable of the program`);
      else if (type !== show(node.outputs[0]!))
        say(node, `takes ${name} for ${show(node.outputs[0]!)}, and it is ${type}`);
    }
    if (!primitiveOf(node.op).stateful) continue;
    if (!targets.has(node)) say(node, "writes, and is not a target");
    for (const handle of handlesIn(node.inputs)) {
      if (written.has(handle.node)) say(node, `is the second to write ${handle.node.attrs.shared_name}`);
      written.add(handle.node);
    }
  }
  return problems;
}

function checkTypes(node: Node, say: (node: Node, problem: string) => void): void {
  try {
    const expected = primitiveOf(node.op).infer(node.inputs, node.attrs).map(show).join(", ");
    const has = node.outputs.map(show).join(", ");
    if (expected !== has) say(node, `gives ${has}, and its rule says ${expected}`);
    for (const input of node.inputs) checkInput(input);
  } catch (error) {
    say(node, (error as Error).message);
  }
}

function checkInput({ node, index, type }: Value): void {
  const given = node.outputs[index];
  if (!given || show(given) !== show(type))
    throw new Error(`reads ${show(type)} from output ${index} of ${node.op}`);
}

/** The passes from graph to graph, in the order in which they run, each with what holds after it. */

import { createBuilder } from "./builder.ts";
import { foldNode } from "./fold.ts";
import type { Entry, Program } from "./program.ts";
import { type Rule, rewrite } from "./rewrite.ts";
import { simplifyNode } from "./simplify.ts";
import { nodesOf, usedFeeds, usedVariables } from "./walk.ts";

export interface Pass {
  readonly name: string;
  readonly doc: string;
  /** What is true of every program after the pass, in words; `violations` says where it is not. */
  readonly holds: string;
  run(program: Program): Program;
  violations(program: Program): readonly string[];
}

function localPass(name: string, doc: string, holds: string, rule: Rule): Pass {
  return {
    name,
    doc,
    holds,
    run: (program) => rewrite(program, rule),
    violations(program) {
      const applies = nodesOf(program).filter((node) => node.outputs.length === 1 && rewrites(rule, node));
      return applies.map((node) => `${name}: ${node.op} could still be replaced`);
    },
  };
}

/** Whether a rule would replace the node. What it would emit goes nowhere. */
function rewrites(rule: Rule, node: Parameters<Rule>[1]): boolean {
  const scratch = createBuilder();
  return rule({ ...scratch, emit: () => node.inputs[0]! }, node, node.inputs) !== undefined;
}

export const passes: readonly Pass[] = [
  localPass(
    "fold_constants",
    "Computes what depends on constants alone, with the bits that the engine would compute.",
    "No arithmetic, reshape or broadcast has only float constants of up to 1,024 elements as inputs.",
    foldNode,
  ),
  localPass(
    "simplify",
    "Drops nodes that change nothing: identities, reshapes to the same shape, products with 1.",
    "There is no Identity or StopGradient, no reshape of a reshape, no node that hands an input on unchanged. Gradients can no longer be taken: what they may not pass is not marked any more.",
    simplifyNode,
  ),
  {
    name: "remove_dead",
    doc: "Drops variables that no entry touches and feeds that an entry does not read.",
    holds: "Every variable is read or written by an entry, and every feed of an entry is read by it.",
    run(program) {
      const variables = usedVariables(program);
      const readFeeds = (entry: Entry): Entry => {
        const used = usedFeeds(entry);
        return {
          ...entry,
          feeds: Object.fromEntries(Object.entries(entry.feeds).filter(([name]) => used.has(name))),
        };
      };
      return {
        variables: program.variables.filter(({ name }) => variables.has(name)),
        entries: Object.fromEntries(
          Object.entries(program.entries).map(([name, entry]) => [name, readFeeds(entry)]),
        ),
      };
    },
    violations(program) {
      const variables = usedVariables(program);
      return [
        ...program.variables
          .filter(({ name }) => !variables.has(name))
          .map(({ name }) => `remove_dead: no entry touches the variable ${name}`),
        ...Object.entries(program.entries).flatMap(([name, entry]) => {
          const used = usedFeeds(entry);
          return Object.keys(entry.feeds)
            .filter((feed) => !used.has(feed))
            .map((feed) => `remove_dead: ${name} does not read its feed ${feed}`);
        }),
      ];
    },
  },
];

/** Which outputs a loss pairs with which fields, read from its text: before networks are built it must be known what is wanted of them. */
import { findOperator } from "../ops/registry.ts";
import type { CallExpr, Expr, PortDecl } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import { textOf } from "../text/source.ts";
import type { Context } from "./context.ts";
import { pathOf } from "./environment.ts";
import { evaluate } from "./evaluate.ts";
import type { Scope } from "./scope.ts";

export interface Pairing {
  /** `output`, `z`, `model.z`, or the name of a network that is applied. */
  readonly output: string;
  /** `label`, `data.label` */
  readonly field: string;
}

export function pairingsIn(expr: Expr, scope: Scope, context: Context): readonly Pairing[] {
  const found: Pairing[] = [];
  const visit = (node: object): void => {
    if ("kind" in node && node.kind === "call") {
      const call = node as CallExpr;
      const tensors = call.arguments.filter(({ name }) => !name).map(({ value }) => value);
      for (const [at, target] of pairedPlaces(call, scope, context)) {
        const field = tensors[target] && pathOf(tensors[target]);
        const output = tensors[at] && outputIn(tensors[at]);
        if (field !== undefined && output !== undefined) found.push({ output, field });
      }
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(expr);
  return found;
}

type Places = readonly (readonly [output: number, target: number])[];

const firstTwo: Places = [[0, 1]];

/** Which arguments are paired with which: of losses of the language the first with the second. */
function pairedPlaces({ callee }: CallExpr, scope: Scope, context: Context): Places {
  if (callee.kind === "name" && findOperator("loss", callee.name.text)) return firstTwo;
  if (pathOf(callee) === undefined) return [];
  // What is wrong with the name is told where the loss is read.
  const silent = { ...context, reporter: { diagnostics: [], report() {} } };
  const value = callee.kind === "name" ? scope.lookup(callee.name.text) : evaluate(callee, scope, silent);
  if (value?.kind !== "declared") return [];
  const { what, inputs } = value.declaration;
  return what === "loss" || what === "metric" ? placesOf(inputs) : [];
}

/** Of own ones: with a class `class[K]` every tensor that has `K` in its type; else the first with the second. */
function placesOf(inputs: readonly PortDecl[]): Places {
  const classes = inputs.flatMap(({ type }, target) => {
    const count = type.name.text === "class" ? type.lists[0]?.[0] : undefined;
    return count ? [[target, textOf(count.span)] as const] : [];
  });
  if (classes.length === 0) return firstTwo;
  return classes.flatMap(([target, count]) =>
    inputs.flatMap(({ type }, at) =>
      at !== target && type.lists.flat().some((dimension) => textOf(dimension.span) === count)
        ? [[at, target] as const]
        : [],
    ),
  );
}

function outputIn(expr: Expr): string | undefined {
  if (expr.kind === "call") return pathOf(expr.callee);
  if (expr.kind === "member" && expr.object.kind === "call") {
    const network = pathOf(expr.object.callee);
    return network && `${network}.${expr.name.text}`;
  }
  return pathOf(expr);
}

/** Which outputs a loss pairs with which fields, read from its text: before networks are built it must be known what is wanted of them. */
import { findOperator } from "../ops/registry.ts";
import type { CallExpr, Expr } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import { pathOf } from "./environment.ts";
import type { Scope } from "./scope.ts";

export interface Pairing {
  /** `output`, `z`, `model.z`, or the name of a network that is applied. */
  readonly output: string;
  /** `label`, `data.label` */
  readonly field: string;
}

export function pairingsIn(expr: Expr, scope: Scope): readonly Pairing[] {
  const found: Pairing[] = [];
  const visit = (node: object): void => {
    if ("kind" in node && node.kind === "call") {
      const call = node as CallExpr;
      const [output, target] = call.arguments.filter(({ name }) => !name).map(({ value }) => value);
      const field = target && pathOf(target);
      const named = output && outputIn(output);
      if (field !== undefined && named !== undefined && comparesTensors(call, scope))
        found.push({ output: named, field });
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(expr);
  return found;
}

/** Losses of the language, and own losses and metrics. */
function comparesTensors({ callee }: CallExpr, scope: Scope): boolean {
  if (callee.kind !== "name") return false;
  const { text } = callee.name;
  if (findOperator("loss", text)) return true;
  const value = scope.lookup(text);
  return (
    value?.kind === "declared" && (value.declaration.what === "loss" || value.declaration.what === "metric")
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

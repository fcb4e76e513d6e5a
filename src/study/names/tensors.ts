/** Which expressions are tensors, as far as their names show it. */
import { withPorts } from "../../check/ports.ts";
import type { CallExpr, Expr, NamedDecl } from "../../syntax/ast.ts";
import { childrenOf } from "../../syntax/children.ts";
import { notes } from "../../text/notes.ts";
import { type Binder, type Callee, type Choice, otherTensors } from "./binder.ts";
import type { Definition } from "./meaning.ts";
import { find, type NameScope, visible } from "./scope.ts";

export const isTensor = ({ kind }: Definition): boolean => ["tensor", "tensors", "input"].includes(kind);

/** The tensors among the parameters of a loss or metric are no parameters when it is called. */
export function calledAs(callee: Callee): Callee {
  if ("family" in callee || (callee.what !== "loss" && callee.what !== "metric")) return callee;
  const known = called.get(callee) ?? withPorts(callee);
  called.set(callee, known);
  return known;
}

const called = notes<NamedDecl, NamedDecl>();

export const takesTensors = (callee: Callee): boolean =>
  ["layer", "model", "block", "loss", "metric"].includes("family" in callee ? callee.family : callee.what);

/** Whether a call applies what is called to tensors: then its own parameters are named. */
export function isApplied(call: CallExpr, callees: readonly Callee[], scope: NameScope, b: Binder): boolean {
  return (
    callees.some(takesTensors) &&
    call.arguments.some(({ name, value }) => !name && namesTensor(value, scope, b))
  );
}

function namesTensor(node: object, scope: NameScope, b: Binder): boolean {
  const expr = node as Expr;
  if (expr.kind !== "name") return childrenOf(node).some((child) => namesTensor(child, scope, b));
  const { text } = expr.name;
  const found = find(scope, text);
  return found ? isTensor(found) : text === "it" || b.others().has(text);
}

/** What may be written where a tensor is needed. */
export function tensorsIn(scope: NameScope, b: Binder): readonly Choice[] {
  // A `let` of a body may hold one.
  const own = [...visible(scope)].flatMap(([text, meaning]) =>
    isTensor(meaning) || (meaning.kind === "let" && meaning.owner) ? [{ text, meaning }] : [],
  );
  return [...own, ...otherTensors(b)];
}

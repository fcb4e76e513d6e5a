/** `from(base, groups: [c1])`: parts of the networks that another experiment trains. */
import type { CallExpr, Expr, NamedDecl } from "../../syntax/ast.ts";
import { childrenOf } from "../../syntax/children.ts";
import type { Binder } from "./binder.ts";
import { calleesOf } from "./expression.ts";
import { type Definition, definitionAt } from "./meaning.ts";
import type { NameScope } from "./scope.ts";
import { bodiesOf, type Located } from "./section-lines.ts";

/** Undefined where the call is no `from`. */
export function groupsOfOrigin(
  call: CallExpr,
  scope: NameScope,
  b: Binder,
): readonly Definition[] | undefined {
  const { callee } = call;
  if (callee.kind !== "name" || callee.name.text !== "from") return undefined;
  const experiment = call.arguments.find(({ name }) => !name || name.text === "experiment")?.value;
  if (!experiment) return [];
  return modelsOf({ expr: experiment, scope }).flatMap(({ expr, scope: at }) =>
    calleesOf(expr, at, undefined, b).flatMap((each) => ("family" in each ? [] : groupsIn(each))),
  );
}

/** The expressions that the model of an experiment may come to. */
function modelsOf(experiment: Located): readonly Located[] {
  return bodiesOf(experiment).flatMap(({ body, scope }) =>
    body.statements.flatMap((statement): readonly Located[] => {
      if (statement.kind !== "assign" && statement.kind !== "vary") return [];
      if (statement.path.map((name) => name.text).join(".") !== "model") return [];
      return alternatives(statement.kind === "assign" ? statement.value : statement.axis).map((expr) => ({
        expr,
        scope,
      }));
    }),
  );
}

function alternatives(expr: Expr): readonly Expr[] {
  if (expr.kind === "record") return expr.entries.map(({ value }) => value);
  return expr.kind === "list" ? expr.items : [expr];
}

/** The groups of a network's own body, in the order of the text. */
function groupsIn(owner: NamedDecl): readonly Definition[] {
  const groups: Definition[] = [];
  const collect = (node: object): void => {
    if ("kind" in node && node.kind === "group" && "target" in node) {
      const { name } = (node as { readonly target: { readonly name: Definition["name"] } }).target;
      groups.push(definitionAt(name, () => ({ kind: "group", owner })));
    }
    for (const child of childrenOf(node)) collect(child);
  };
  if (owner.body) collect(owner.body);
  return groups;
}

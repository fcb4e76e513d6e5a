/** Experiments that another one begins from: they are planned with it. */
import type { Module } from "../modules/program.ts";
import type { CallExpr, Declaration, Expr, NamedDecl } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";

/** The experiment and all that are named by a `from(...)` in it or in what it uses, theirs included. */
export function withOrigins(experiment: NamedDecl, main: Module): ReadonlySet<NamedDecl> {
  const declarations = new Map<string, Declaration>();
  for (const each of main.file.declarations)
    if (each.kind !== "import") declarations.set(each.name.text, each);
  const wanted = new Set<NamedDecl>();
  const want = (each: NamedDecl): void => {
    if (wanted.has(each)) return;
    wanted.add(each);
    const seen = new Set<Declaration>([each]);
    const visit = (node: object): void => {
      const expr = "kind" in node ? (node as Expr) : undefined;
      const origin = expr?.kind === "call" ? originIn(expr, declarations) : undefined;
      if (origin) want(origin);
      const used = expr?.kind === "name" ? declarations.get(expr.name.text) : undefined;
      if (used && !seen.has(used)) {
        seen.add(used);
        visit(used);
      }
      for (const child of childrenOf(node)) visit(child);
    };
    visit(each);
  };
  want(experiment);
  return wanted;
}

function originIn(
  { callee, arguments: given }: CallExpr,
  declarations: ReadonlyMap<string, Declaration>,
): NamedDecl | undefined {
  if (callee.kind !== "name" || callee.name.text !== "from") return undefined;
  const first = given[0]?.value;
  const named = first?.kind === "name" ? declarations.get(first.name.text) : undefined;
  return named?.kind === "declaration" && named.what === "experiment" ? named : undefined;
}

/** Where the lines of `data`, recipes and experiments stand, through `with` and `let`. */
import type { Body, Expr, FieldStatement } from "../../syntax/ast.ts";
import { type Definition, definitionAt, isDefinition } from "./meaning.ts";
import { memberMeanings } from "./members.ts";
import { find, type NameScope } from "./scope.ts";

export type SectionKind = "data" | "recipe" | "experiment";

/** An expression with the names that it may use. */
export interface Located {
  readonly expr: Expr;
  readonly scope: NameScope;
}

const isSectionKind = (kind: string): kind is SectionKind => ["data", "recipe", "experiment"].includes(kind);

/** The declared section that an expression names: `baseline`, `std.recipes.quick`, or either `with` changes. */
export function sectionNamed(expr: Expr, scope: NameScope, depth = 0): Definition | undefined {
  if (depth > 20) return undefined;
  if (expr.kind === "with") return sectionNamed(expr.base, scope, depth + 1);
  const [meaning] =
    expr.kind === "name"
      ? [find(scope, expr.name.text)]
      : expr.kind === "member"
        ? memberMeanings(expr, scope, undefined)
        : [];
  if (!meaning || !isDefinition(meaning)) return undefined;
  if (meaning.declaration) return isSectionKind(meaning.kind) ? meaning : undefined;
  return meaning.kind === "let" && meaning.value && meaning.scope
    ? sectionNamed(meaning.value, meaning.scope, depth + 1)
    : undefined;
}

export function sectionKindOf(expr: Expr, scope: NameScope): SectionKind | undefined {
  return sectionNamed(expr, scope)?.kind as SectionKind | undefined;
}

/** The bodies that make a section, nearest first: what stands after `with`, then what it is based on. */
export function bodiesOf(
  of: Located,
  depth = 0,
): readonly { readonly body: Body; readonly scope: NameScope }[] {
  const { expr, scope } = of;
  if (depth > 20) return [];
  if (expr.kind === "with")
    return [{ body: expr.body, scope }, ...bodiesOf({ expr: expr.base, scope }, depth + 1)];
  const named = sectionNamed(expr, scope);
  return named?.declaration ? bodiesOfDeclaration(named, depth + 1) : [];
}

/** As `bodiesOf`, of a declared section. */
export function bodiesOfDeclaration(
  { declaration, scope }: Definition,
  depth = 0,
): readonly { readonly body: Body; readonly scope: NameScope }[] {
  if (!declaration || !scope) return [];
  if (declaration.body) return [{ body: declaration.body, scope }];
  return declaration.value ? bodiesOf({ expr: declaration.value, scope }, depth) : [];
}

/** The value of a line of a section. */
export function settingOf(of: Located, name: string): Located | undefined {
  for (const { body, scope } of bodiesOf(of))
    for (const statement of body.statements)
      if (statement.kind === "assign" && statement.path.length === 1 && statement.path[0]!.text === name)
        return { expr: statement.value, scope };
  return undefined;
}

/** The fields of a data set by name; those of its base last. */
export function fieldsOf(of: Located): ReadonlyMap<string, Definition> {
  const fields = new Map<string, Definition>();
  for (const { body } of bodiesOf(of))
    for (const statement of body.statements)
      if (statement.kind === "field" && !fields.has(statement.name.text))
        fields.set(statement.name.text, fieldAt(statement));
  return fields;
}

export function fieldAt(statement: FieldStatement): Definition {
  const { name, role, type, value } = statement;
  return definitionAt(name, () => ({ kind: "field", role: role.text, type, value }));
}

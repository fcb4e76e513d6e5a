/** Which definitions a name can mean at some place: those of the file, then those of enclosing bodies. */

import { withPorts } from "../../check/ports.ts";
import type { Module } from "../../modules/program.ts";
import type { Expr, LetStatement, Name, NamedDecl, ParameterDecl } from "../../syntax/ast.ts";
import { notes } from "../../text/notes.ts";
import { type Definition, definitionAt } from "./meaning.ts";

export interface NameScope {
  readonly outer: NameScope | undefined;
  readonly module: Module;
  /** Names that an expanded body (`for`, `repeat`, `if`) makes end with it, but its lists `as skip[i]` go on. */
  readonly expanded: boolean;
  readonly names: Map<string, Definition>;
}

export function inner(outer: NameScope, expanded = false): NameScope {
  return { outer, module: outer.module, expanded, names: new Map() };
}

export function find(scope: NameScope, name: string): Definition | undefined {
  for (let at: NameScope | undefined = scope; at; at = at.outer) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return undefined;
}

/** All names that are visible, inner ones first. */
export function visible(scope: NameScope): ReadonlyMap<string, Definition> {
  const all = new Map<string, Definition>();
  for (let at: NameScope | undefined = scope; at; at = at.outer)
    for (const [name, definition] of at.names) if (!all.has(name)) all.set(name, definition);
  return all;
}

const fileScopes = notes<Module, NameScope>();

/** What a file declares and imports. Of two declarations with one name the first counts. */
export function scopeOfFile(module: Module): NameScope {
  const known = fileScopes.get(module);
  if (known) return known;
  const scope: NameScope = { outer: undefined, module, expanded: false, names: new Map() };
  fileScopes.set(module, scope);
  for (const declaration of module.file.declarations)
    if (declaration.kind !== "import" && !scope.names.has(declaration.name.text))
      scope.names.set(declaration.name.text, declared(declaration, module));
  for (const [name, imported] of module.imports)
    if (!scope.names.has(name)) scope.names.set(name, declared(imported.declaration, imported.module));
  return scope;
}

export function declared(declaration: NamedDecl | LetStatement, module: Module): Definition {
  return definitionAt(declaration.name, () => {
    const scope = scopeOfFile(module);
    if (declaration.kind === "declaration") return { kind: declaration.what, declaration, scope };
    return { kind: "let", doc: declaration.doc, value: declaration.value, scope };
  });
}

export function parameterOf(owner: NamedDecl, parameter: ParameterDecl): Definition {
  return definitionAt(parameter.name, () => ({
    // The tensors of a loss or metric stand among its parameters.
    kind: withPorts(owner).inputs.some(({ name }) => name === parameter.name) ? "input" : "parameter",
    owner,
    type: parameter.type,
    value: parameter.default,
  }));
}

/** A definition that is seen from here on. */
export function define(scope: NameScope, name: Name, what: Omit<Definition, "name" | "scope">): Definition {
  const definition = definitionAt(name, () => ({ ...what, scope }));
  if (name.text !== "") scope.names.set(name.text, definition);
  return definition;
}

/** An entry of a record. */
export function entryAt(name: Name, value: Expr, scope: NameScope): Definition {
  return definitionAt(name, () => ({ kind: "entry", value, scope }));
}

import type { Module } from "../modules/program.ts";
import type { LetStatement, NamedDecl } from "../syntax/ast.ts";
import { notes } from "../text/notes.ts";
import type { Context } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { definedByItself } from "./messages.ts";
import { withPorts } from "./ports.ts";
import type { Value } from "./value.ts";

/** Names that have values at some place: the file's, then those of enclosing bodies. */
export interface Scope {
  /** The file that the place is in. */
  readonly module: Module;
  /** Undefined where there is no such name, and also where its value is mistaken, which has been reported then: `names` tells. */
  lookup(name: string): Value | undefined;
  /** Whether there is such a name, its value mistaken or not. */
  has(name: string): boolean;
  /** All names, those with mistaken values too. */
  names(): Iterable<string>;
}

export function isNamed(scope: Scope, name: string): boolean {
  return scope.has(name);
}

/** The scope with more names; undefined marks a name whose value is mistaken. They hide those of `outer`. */
export function nest(outer: Scope, values: ReadonlyMap<string, Value | undefined>): Scope {
  return {
    module: outer.module,
    lookup: (name) => (values.has(name) ? values.get(name) : outer.lookup(name)),
    has: (name) => values.has(name) || outer.has(name),
    *names() {
      yield* values.keys();
      for (const name of outer.names()) if (!values.has(name)) yield name;
    },
  };
}

const fileScopes = notes<Context["reporter"], Map<Module, Scope>>();

/** The names of a file: what it declares and imports. A `let` is evaluated when it is first asked for. */
export function fileScope(module: Module, context: Context): Scope {
  const known = fileScopes.get(context.reporter) ?? new Map<Module, Scope>();
  fileScopes.set(context.reporter, known);
  const scope = known.get(module) ?? makeFileScope(module, context);
  known.set(module, scope);
  return scope;
}

function makeFileScope(module: Module, context: Context): Scope {
  const declared = new Map<string, LetStatement | NamedDecl>();
  for (const declaration of module.file.declarations) {
    if (declaration.kind !== "import" && !declared.has(declaration.name.text))
      declared.set(declaration.name.text, declaration);
  }
  const values = new Map<string, Value | undefined>();
  const pending: (LetStatement | NamedDecl)[] = [];

  function evaluateDeclaration(declaration: LetStatement | NamedDecl): Value | undefined {
    if (declaration.kind === "declaration" && !(isFunction(declaration) && declaration.value)) {
      const at = { module, span: declaration.name.span };
      return isFunction(declaration)
        ? { kind: "declared", declaration: withPorts(declaration), arguments: new Map(), ...at }
        : { kind: "section", declaration, ...at };
    }
    const from = pending.indexOf(declaration);
    if (from >= 0) {
      const loop = pending.slice(from);
      const names = [...loop, declaration].map((each) => each.name.text);
      context.reporter.report(definedByItself, { loop: names }, declaration.name.span, {
        labels: loop
          .slice(1)
          .map((each, i) => ({ span: each.name.span, text: `\`${loop[i]!.name.text}\` uses this` })),
        hint: "give one of them a value of its own",
      });
      return undefined;
    }
    pending.push(declaration);
    const value = evaluate(declaration.value!, scope, context);
    pending.pop();
    return value;
  }

  const scope: Scope = {
    module,
    lookup(name) {
      if (values.has(name)) return values.get(name);
      const declaration = declared.get(name);
      if (!declaration) {
        const imported = module.imports.get(name);
        return imported && fileScope(imported.module, context).lookup(imported.declaration.name.text);
      }
      const value = evaluateDeclaration(declaration);
      values.set(name, value);
      return value;
    },
    has: (name) => declared.has(name) || module.imports.has(name),
    *names() {
      yield* declared.keys();
      for (const name of module.imports.keys()) if (!declared.has(name)) yield name;
    },
  };
  return scope;
}

/** What is applied to tensors. */
const isFunction = ({ what }: NamedDecl): boolean =>
  what === "model" || what === "block" || what === "loss" || what === "metric";

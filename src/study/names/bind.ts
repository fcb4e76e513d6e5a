/** Which name of a file means what: for editors, which ask about places that no trial reaches too. */
import { dottedPath } from "../../check/evaluate.ts";
import { type Module, type Program, standardFile } from "../../modules/program.ts";
import type { Declaration, Expr, ImportDecl, NamedDecl } from "../../syntax/ast.ts";
import {
  type Binder,
  type Choice,
  choose,
  type Listener,
  library,
  type NameContext,
  noteDefinition,
  use,
  withoutPlace,
} from "./binder.ts";
import { bindExperimentLines } from "./experiment.ts";
import { bindExpr } from "./expression.ts";
import type { Meaning, Occurrence } from "./meaning.ts";
import { bindNetwork } from "./pipeline.ts";
import { declared, type NameScope, scopeOfFile } from "./scope.ts";
import { bindSection } from "./sections.ts";

/** Every name of a declaration with what it stands for, as the checker looks it up; in the order of the text. */
export function bindNames(
  declaration: Declaration,
  module: Module,
  program: Program,
  context: NameContext,
  listener: Listener = {},
): readonly Occurrence[] {
  const b: Binder = {
    context,
    occurrences: [],
    listener,
    others: () => nothing,
    calls: "numbers",
    fields: new Map(),
    columns: () => [],
  };
  bindDeclaration(declaration, scopeOfFile(module), program, b);
  return b.occurrences.sort((a, c) => a.name.span.start - c.name.span.start);
}

const nothing: ReadonlyMap<string, readonly Meaning[]> = new Map();

function bindDeclaration(declaration: Declaration, file: NameScope, program: Program, b: Binder): void {
  if (declaration.kind === "import") {
    bindImport(declaration, file, program, b);
    return;
  }
  noteDefinition(b, declared(declaration, file.module));
  if (declaration.kind === "declaration" && declaration.value) {
    if (!["data", "recipe", "experiment"].includes(declaration.what)) bindNetwork(declaration, file, b);
    bindCopy(declaration.value, declaration.what, file, b);
    return;
  }
  if (declaration.kind === "let") {
    bindExpr(declaration.value, file, undefined, { ...b, calls: "values" });
    return;
  }
  switch (declaration.what) {
    case "data":
    case "recipe":
      bindSection(declaration, declaration.what, file, b);
      return;
    case "experiment":
      if (declaration.body) bindExperimentLines(declaration.body.statements, undefined, file, b);
      return;
    default:
      bindNetwork(declaration, file, b);
  }
}

/** `recipe longer = short with { ... }`: a copy of a declaration of the same kind. */
function bindCopy(value: Expr, kind: NamedDecl["what"], file: NameScope, b: Binder): void {
  let base = value;
  while (base.kind === "with") base = base.base;
  const first = dottedPath(base)?.[0];
  const same = () =>
    [...file.names].flatMap(([text, meaning]): readonly Choice[] =>
      meaning.kind === kind ? [{ text, meaning }] : [],
    );
  if (first) b.listener.place?.({ name: first, scope: file, only: () => [...same(), library] });
  bindExpr(value, file, undefined, first ? withoutPlace(b, first) : b);
}

function bindImport(declaration: ImportDecl, scope: NameScope, program: Program, b: Binder): void {
  const { module: name, relative, names } = declaration;
  const { host } = b.context;
  const path = relative
    ? host.resolve(name.span.file.path, name.text)
    : standardFile(name.text.replace(/^std\./, ""));
  const module = program.modules.find((each) => each.file.source.path === path);
  const meaning: Meaning = { kind: "module", text: name.text, module };
  if (relative) use(b, name, [meaning]);
  else
    choose(b, name, scope, module ? [meaning] : [], () =>
      host.standardModules.map((each) => ({
        text: `std.${each}`,
        meaning: { kind: "module", text: `std.${each}` },
      })),
    );
  const exported = (module?.file.declarations ?? []).flatMap((each) =>
    module && each.kind !== "import" ? [declared(each, module)] : [],
  );
  for (const each of names) {
    const found = exported.find((definition) => definition.name.text === each.text);
    choose(b, each, scope, found ? [found] : [], () =>
      exported
        .filter((definition) => !names.some((other) => other.text === definition.name.text))
        .map((definition) => ({ text: definition.name.text, meaning: definition })),
    );
  }
}

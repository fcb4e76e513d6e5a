/** What a loss or a metric may name beside what is in scope: networks of experiments, their outputs, fields of data. */
import type { Expr, Name } from "../../syntax/ast.ts";
import { type Definition, definitionAt, isDefinition, type Meaning } from "./meaning.ts";
import { memberMeanings } from "./members.ts";
import { outputOf } from "./pipeline.ts";
import { find, type NameScope, scopeOfFile } from "./scope.ts";
import { bodiesOfDeclaration, fieldAt } from "./section-lines.ts";

/**
 * By what is written: `label`, `data.label`, `output`, `z`, `model.z`, `generator`, `generator.z`. Which of them is meant depends on
 * the experiment that uses it; names that agree are taken as one.
 */
export function partsOfStudy(scope: NameScope): () => ReadonlyMap<string, readonly Meaning[]> {
  let parts: ReadonlyMap<string, readonly Meaning[]> | undefined;
  return () => {
    parts ??= collectParts(scope);
    return parts;
  };
}

function collectParts(scope: NameScope): Map<string, Meaning[]> {
  const parts = new Map<string, Meaning[]>();
  const add = (name: string, meaning: Meaning) => parts.set(name, [...(parts.get(name) ?? []), meaning]);
  for (const definition of scopeOfFile(scope.module).names.values()) {
    if (definition.kind === "data")
      for (const field of fieldsDeclared(definition)) {
        add(field.name.text, field);
        add(`data.${field.name.text}`, field);
      }
    if (definition.kind === "model")
      for (const output of outputsDeclared(definition)) {
        add(output.name.text, output);
        add(`model.${output.name.text}`, output);
      }
    if (definition.kind === "experiment") {
      for (const field of fieldsOfExperiment(definition)) {
        add(field.name.text, field);
        add(`data.${field.name.text}`, field);
      }
      for (const network of networksDeclared(definition)) {
        add(network.name.text, network);
        const model = network.value && network.scope && modelBehind(network.value, network.scope);
        for (const output of model ? outputsDeclared(model) : [])
          add(`${network.name.text}.${output.name.text}`, output);
      }
    }
  }
  for (const word of ["model", "output", "data"])
    if (!parts.has(word)) parts.set(word, [{ kind: "current", text: word }]);
  return parts;
}

function fieldsDeclared(data: Definition): readonly Definition[] {
  return bodiesOfDeclaration(data).flatMap(({ body }) =>
    body.statements.flatMap((statement) => (statement.kind === "field" ? [fieldAt(statement)] : [])),
  );
}

/** `data = galaxies with { target snr : f32 = source.snr }` */
function fieldsOfExperiment(experiment: Definition): readonly Definition[] {
  return bodiesOfDeclaration(experiment).flatMap(({ body }) =>
    body.statements.flatMap((statement) =>
      statement.kind === "assign" && statement.path[0]?.text === "data" && statement.value.kind === "with"
        ? statement.value.body.statements.flatMap((each) => (each.kind === "field" ? [fieldAt(each)] : []))
        : [],
    ),
  );
}

function outputsDeclared({ declaration }: Definition): readonly Definition[] {
  return (declaration?.outputs ?? []).flatMap(({ name, type }) =>
    declaration && name ? [outputOf(declaration, name, type)] : [],
  );
}

/** `model = { generator: ..., critic: ... }`, also as an alternative of a factor. */
function networksDeclared(experiment: Definition): readonly Definition[] {
  return bodiesOfDeclaration(experiment).flatMap(({ body, scope }) =>
    body.statements.flatMap((statement) => {
      if (statement.kind !== "assign" && statement.kind !== "vary") return [];
      if (statement.path.length !== 1 || statement.path[0]!.text !== "model") return [];
      const records = statement.kind === "assign" ? [statement.value] : valuesOf(statement.axis);
      return records
        .flatMap(entriesOf)
        .flatMap(({ path, value }) => (path.length === 1 ? [networkAt(path[0]!, value, scope)] : []));
    }),
  );
}

const entriesOf = (expr: Expr) => (expr.kind === "record" ? expr.entries : []);
const valuesOf = (axis: Expr) =>
  axis.kind === "list" ? axis.items : entriesOf(axis).map(({ value }) => value);

/** The model that `painter(4)`, or a `let` for it, applies. */
function modelBehind(expr: Expr, scope: NameScope, depth = 0): Definition | undefined {
  // A `let` may name itself.
  if (depth > 20) return undefined;
  if (expr.kind === "call") return modelBehind(expr.callee, scope, depth + 1);
  const [found] =
    expr.kind === "name"
      ? [find(scope, expr.name.text)]
      : expr.kind === "member"
        ? memberMeanings(expr, scope, undefined)
        : [];
  if (!found || !isDefinition(found)) return undefined;
  if (found.kind === "model") return found;
  return found.kind === "let" && found.value && found.scope
    ? modelBehind(found.value, found.scope, depth + 1)
    : undefined;
}

export function networkAt(name: Name, value: Expr, scope: NameScope): Definition {
  return definitionAt(name, () => ({ kind: "network", value, scope }));
}

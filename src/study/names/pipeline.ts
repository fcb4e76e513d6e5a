/** Names in models, blocks, losses and metrics, as `check/body.ts` finds them when it expands a body. */
import { declaredType, parameterTypeNames } from "../../check/parameters.ts";
import { isDimensionName } from "../../check/signature.ts";
import type { ParameterType } from "../../ops/signature.ts";
import type { Body, Expr, Name, NamedDecl, Statement, Target, TypeExpr } from "../../syntax/ast.ts";
import { childrenOf } from "../../syntax/children.ts";
import { type Binder, noteDefinition, use } from "./binder.ts";
import { bindCall, bindExpr, bindType, calleeOf } from "./expression.ts";
import { type Definition, definitionAt, type Meaning } from "./meaning.ts";
import { partsOfStudy } from "./parts.ts";
import { define, find, inner, type NameScope, parameterOf } from "./scope.ts";

const layer: ParameterType = { kind: "operator", family: "layer" };
export const tensorTypes = ["f32", "f64", "i32", "i64", "u8", "bool"] as const;

const current: ReadonlyMap<string, readonly Meaning[]> = new Map([["it", [{ kind: "current", text: "it" }]]]);

/** A declaration with parameters, a signature and a body. */
export function bindNetwork(owner: NamedDecl, file: NameScope, before: Binder): void {
  const scope = inner(file);
  const isFormula = owner.what === "loss" || owner.what === "metric";
  const b: Binder = { ...before, others: () => current, calls: isFormula ? "formula" : "network" };
  // Labels enter losses and metrics only, whose tensors stand among their parameters.
  const tensors = isFormula ? [...tensorTypes, "class"] : tensorTypes;
  for (const parameter of owner.parameters) {
    const { type } = parameter;
    if (type) {
      for (const size of type.lists.flat()) defineDimension(size, owner, scope);
      bindType(type, scope, [...parameterTypeNames, ...tensors], b);
    }
    if (parameter.default) bindExpr(parameter.default, scope, declaredType(owner, parameter), before);
    const definition = parameterOf(owner, parameter);
    noteDefinition(b, definition);
    if (parameter.name.text !== "") scope.names.set(parameter.name.text, definition);
  }
  const outputs = new Map<string, Definition>();
  for (const port of owner.inputs) {
    for (const size of port.type.lists.flat()) defineDimension(size, owner, scope);
    bindType(port.type, scope, tensors, b);
  }
  for (const port of owner.outputs) {
    for (const size of port.type.lists.flat()) defineDimension(size, owner, scope);
    bindType(port.type, scope, tensorTypes, b);
    if (!port.name) continue;
    const definition = outputOf(owner, port.name, port.type);
    noteDefinition(b, definition);
    outputs.set(port.name.text, definition);
  }
  // Tensors are nearer than values of the same name.
  for (const { name, type } of owner.inputs) {
    if (!name) continue;
    const definition = define(scope, name, { kind: "input", owner, type });
    noteDefinition(b, definition, owner.what === "model" ? fieldsFor(name, owner, file) : []);
  }
  if (owner.body) bindBody(owner.body, scope, owner, outputs, b);
}

/** Of several inputs each is fed the field of its name. */
function fieldsFor({ text }: Name, { inputs }: NamedDecl, file: NameScope): readonly Meaning[] {
  if (inputs.length < 2) return [];
  const fields = partsOfStudy(file)().get(`data.${text}`) ?? [];
  return fields.filter((field) => field.kind === "field" && field.role === "input");
}

export function outputOf(owner: NamedDecl, name: Name, type: TypeExpr): Definition {
  return definitionAt(name, () => ({ kind: "output", owner, type }));
}

/** Where a dimension stands first is where it is made. */
function defineDimension(size: Expr, owner: NamedDecl, scope: NameScope): void {
  if (size.kind === "name" && isDimensionName(size.name.text)) {
    if (find(scope, size.name.text)?.kind !== "dimension")
      define(scope, size.name, { kind: "dimension", owner });
  } else
    for (const child of childrenOf(size)) if ("kind" in child) defineDimension(child as Expr, owner, scope);
}

function bindBody(
  body: Body,
  scope: NameScope,
  owner: NamedDecl,
  outputs: ReadonlyMap<string, Definition>,
  b: Binder,
): void {
  if (!scope.expanded)
    for (const target of listsIn(body)) define(scope, target.name, { kind: "tensors", owner });
  for (const statement of body.statements) bindStatement(statement, scope, owner, outputs, b);
}

/** `as skip[i]` within a body and those that expand in it: such lists belong to it, whichever place comes first. */
function listsIn(body: Body): readonly Target[] {
  const found = new Map<string, Target>();
  const add = (target: Target | undefined) => {
    if (target?.index && !found.has(target.name.text)) found.set(target.name.text, target);
  };
  for (const statement of body.statements) {
    if ("as" in statement && statement.kind !== "report") add(statement.as);
    if (statement.kind === "branch") add(statement.target);
    const inside =
      statement.kind === "if"
        ? [statement.then, statement.else]
        : statement.kind === "for" || statement.kind === "repeat" || statement.kind === "group"
          ? [statement.body]
          : [];
    for (const each of inside) if (each) for (const target of listsIn(each)) add(target);
  }
  return [...found.values()];
}

function bindStatement(
  statement: Statement,
  scope: NameScope,
  owner: NamedDecl,
  outputs: ReadonlyMap<string, Definition>,
  b: Binder,
): void {
  const bodyIn = (body: Body, within: NameScope) => bindBody(body, within, owner, outputs, b);
  switch (statement.kind) {
    case "apply":
      bindLayer(statement.value, scope, b);
      break;
    case "branch":
      if (statement.from) bindExpr(statement.from, scope, undefined, b);
      if (statement.target.index) bindExpr(statement.target.index, scope, { kind: "int" }, b);
      bodyIn(statement.body, inner(scope));
      bindTarget(statement.target, scope, owner, b);
      break;
    case "from":
      bindExpr(statement.value, scope, undefined, b);
      break;
    case "group": {
      const { name, index } = statement.target;
      noteDefinition(
        b,
        definitionAt(name, () => ({ kind: "group", owner })),
      );
      if (index) bindExpr(index, scope, { kind: "int" }, b);
      for (const each of statement.body.statements) bindStatement(each, scope, owner, outputs, b);
      break;
    }
    case "repeat":
      bindExpr(statement.count, scope, { kind: "int" }, b);
      bodyIn(statement.body, inner(scope, true));
      break;
    case "for": {
      bindExpr(statement.list, scope, { kind: "list", of: { kind: "any" } }, b);
      const within = inner(scope, true);
      const { variable: name, list: value } = statement;
      noteDefinition(b, define(within, name, { kind: "variable", owner, value }));
      bodyIn(statement.body, within);
      break;
    }
    case "if":
      bindExpr(statement.condition, scope, { kind: "bool" }, b);
      bodyIn(statement.then, inner(scope, true));
      if (statement.else) bodyIn(statement.else, inner(scope, true));
      break;
    case "let":
      bindExpr(statement.value, scope, undefined, b);
      noteDefinition(
        b,
        define(scope, statement.name, { kind: "let", owner, value: statement.value, doc: statement.doc }),
      );
      break;
    case "out": {
      bindExpr(statement.value, scope, undefined, b);
      const output = outputs.get(statement.name.text);
      b.listener.place?.({
        name: statement.name,
        scope,
        only: () => [...outputs].map(([text, meaning]) => ({ text, meaning })),
      });
      use(b, statement.name, output ? [output] : []);
      break;
    }
    case "assign":
      bindExpr(statement.value, scope, undefined, b);
      break;
    default:
  }
  if ("as" in statement && statement.kind !== "report") {
    if (statement.as) bindTarget(statement.as, scope, owner, b);
    if (statement.type) bindType(statement.type, scope, tensorTypes, b);
  }
}

/** What stands on a line of its own: a tensor, a layer, or an expression over tensors. */
function bindLayer(expr: Expr, scope: NameScope, b: Binder): void {
  if (expr.kind === "name") {
    const { name } = expr;
    b.listener.place?.({ name, scope, body: b.calls === "formula" ? "formula" : "pipeline" });
    const found = find(scope, name.text);
    const isTensor = found && ["input", "tensor", "tensors"].includes(found.kind);
    if (isTensor) use(b, name, [found]);
    else if (name.text === "it") use(b, name, [{ kind: "current", text: "it" }]);
    else use(b, name, calleeOf(name, scope, layer, b));
  } else if (expr.kind === "call")
    bindCall(expr, scope, layer, b, b.calls === "formula" ? "formula" : "pipeline");
  else bindExpr(expr, scope, undefined, b);
}

function bindTarget({ name, index }: Target, scope: NameScope, owner: NamedDecl, b: Binder): void {
  if (!index) {
    noteDefinition(b, define(scope, name, { kind: "tensor", owner }));
    return;
  }
  bindExpr(index, scope, { kind: "int" }, b);
  const list = find(scope, name.text);
  if (list?.name === name) noteDefinition(b, list);
  else use(b, name, list ? [list] : []);
}

/** Names in expressions, as `check/evaluate.ts` looks them up. */
import { callableOf } from "../../check/bind.ts";
import { isFunction } from "../../check/functions.ts";
import { declaredType } from "../../check/parameters.ts";
import { familiesOf, findIn, resolveWord } from "../../check/resolve.ts";
import { isDimensionName } from "../../check/signature.ts";
import { findOperator } from "../../ops/registry.ts";
import type { Parameter, ParameterType, Signature } from "../../ops/signature.ts";
import type { Argument, CallExpr, Expr, Name, TypeExpr } from "../../syntax/ast.ts";
import {
  type Binder,
  type BodyKind,
  type Callee,
  type Choice,
  choose,
  noteDefinition,
  takesFields,
  tellValue,
  use,
} from "./binder.ts";
import { groupsOfOrigin } from "./groups.ts";
import { type Definition, isDefinition, type Meaning } from "./meaning.ts";
import { bindMember, memberMeanings } from "./members.ts";
import { passedType } from "./passed-words.ts";
import { entryAt, find, type NameScope, parameterOf, scopeOfFile, visible } from "./scope.ts";
import { sectionKindOf } from "./section-lines.ts";
import { bindSectionBody } from "./sections.ts";
import { calledAs, isApplied, takesTensors, tensorsIn } from "./tensors.ts";
import { endType, unitsOf } from "./unit-choices.ts";

const any: ParameterType = { kind: "any" };

export function bindExpr(expr: Expr, scope: NameScope, expected: ParameterType | undefined, b: Binder): void {
  switch (expr.kind) {
    case "number":
      if (expr.unit)
        choose(b, expr.unit, scope, [{ kind: "unit", text: expr.unit.text }], () =>
          unitsOf(expected).map((text) => ({ text, meaning: { kind: "unit", text } })),
        );
      return;
    case "name":
      tellValue(b, expr.name, scope, expected);
      use(b, expr.name, meaningsOf(expr.name, scope, expected, b));
      return;
    case "member":
      bindMember(expr, scope, expected, b);
      return;
    case "index":
      bindExpr(expr.object, scope, undefined, b);
      bindExpr(expr.index, scope, { kind: "int" }, b);
      return;
    case "call":
      bindCall(expr, scope, expected, b);
      return;
    case "list":
      for (const item of expr.items) bindExpr(item, scope, elementType(expected), b);
      return;
    case "record":
      for (const { path, value } of expr.entries) {
        for (const name of path) noteDefinition(b, entryAt(name, value, scope));
        bindExpr(value, scope, expected?.kind === "any" ? expected : undefined, b);
      }
      return;
    case "range":
      for (const end of [expr.from, expr.to, expr.step]) if (end) bindExpr(end, scope, endType(expected), b);
      return;
    case "unary":
      bindExpr(expr.operand, scope, expr.operator === "not" ? { kind: "bool" } : undefined, b);
      return;
    case "binary": {
      const logic = expr.operator === "and" || expr.operator === "or";
      const number = expected?.kind === "int" || expected?.kind === "real" ? expected : undefined;
      for (const side of [expr.left, expr.right])
        if (["==", "!=", "in"].includes(expr.operator))
          bindCompared(side, side === expr.left ? expr.right : expr.left, scope, b);
        else bindExpr(side, scope, logic ? { kind: "bool" } : number, b);
      return;
    }
    case "with": {
      bindExpr(expr.base, scope, undefined, b);
      const kind = sectionKindOf(expr.base, scope);
      if (kind) bindSectionBody(kind, expr.body, { expr: expr.base, scope }, scope, b);
      return;
    }
    case "error":
  }
}

/** `shortcut == project`: bare words are compared with what a parameter holds, and what it may hold may be written. */
function bindCompared(side: Expr, other: Expr, scope: NameScope, b: Binder): void {
  if (side.kind !== "name") {
    bindExpr(side, scope, any, b);
    return;
  }
  const held = other.kind === "name" ? find(scope, other.name.text) : undefined;
  const parameter = held?.owner?.parameters.find((each) => each.name === held.name);
  const expected = parameter ? declaredType(held!.owner!, parameter) : undefined;
  tellValue(b, side.name, scope, expected);
  use(b, side.name, meaningsOf(side.name, scope, expected ?? any, b));
}

export function elementType(expected: ParameterType | undefined): ParameterType | undefined {
  if (expected?.kind === "list") return expected.of;
  if (expected?.kind === "any") return expected;
  if (expected?.kind === "union") return expected.of.map(elementType).find((type) => type !== undefined);
  return undefined;
}

/** What a name stands for where a value is needed. */
export function meaningsOf(
  name: Name,
  scope: NameScope,
  expected: ParameterType | undefined,
  b: Binder,
): readonly Meaning[] {
  const { text } = name;
  const found = find(scope, text);
  if (found && (!expected || mayHold(found, expected))) return [found];
  if (text === "it") return [{ kind: "current", text }];
  if (!found && (text === "true" || text === "false")) return [{ kind: "constant", text }];
  const fields = takesFields(expected) ? b.fields.get(text) : undefined;
  if (fields) return [fields];
  const others = found ? [] : (b.others().get(text) ?? []);
  if (others.length > 0) return others;
  const word = resolveWord(name, expected);
  if (word?.kind === "operator") return [{ kind: "operator", signature: word.signature }];
  if (found) return [found];
  if (word?.kind === "word") return [{ kind: "word", text }];
  return [];
}

/** Whether a definition can be meant where a type is expected, as far as that shows without its value. */
export function mayHold(definition: Definition, type: ParameterType): boolean {
  const { kind, declaration, value } = definition;
  switch (type.kind) {
    case "word":
    case "label":
    case "field":
      if (declaration) return false;
      if (kind === "let") return value?.kind === "string" || value?.kind === "name";
      if (kind === "parameter") return holdsText(definition);
      return kind === "variable" || kind === "axis";
    case "operator":
      if (declaration) return isNetwork(definition) || declaration.what === type.family;
      if (kind === "let") return value?.kind === "call" || value?.kind === "name";
      if (kind === "parameter")
        return !["int", "f32", "f64", "bool", "string"].includes(definition.type?.name.text ?? "");
      return kind === "variable" || kind === "axis";
    case "union":
      return type.of.some((each) => mayHold(definition, each));
    default:
      return true;
  }
}

const isNetwork = ({ kind }: Definition): boolean => kind === "model" || kind === "block";

function holdsText({ type }: Definition): boolean {
  return !type || type.name.text === "word" || type.name.text === "string";
}

/** What a name stands for where it is called or applied: a layer, block or model in scope, else an operator. */
export function calleeOf(
  name: Name,
  scope: NameScope,
  expected: ParameterType | undefined,
  b: Binder,
): readonly Meaning[] {
  const found = find(scope, name.text);
  if (found && isCallable(found)) return [found];
  const operator = findIn([...familiesOf(expected), ...familiesOf(any)], name.text, name.span);
  if (operator) return [{ kind: "operator", signature: operator.signature }];
  if (isFunction(name.text)) return [{ kind: "function", text: name.text }];
  return found ? [found] : (b.others().get(name.text) ?? []);
}

function isCallable(definition: Definition): boolean {
  if (definition.declaration) return ["model", "block", "loss", "metric"].includes(definition.kind);
  return mayHold(definition, { kind: "operator", family: "layer" });
}

/** The operators and networks that an expression may come to, of which arguments can be given. */
export function calleesOf(
  expr: Expr,
  scope: NameScope,
  expected: ParameterType | undefined,
  b: Binder,
  depth = 0,
): readonly Callee[] {
  // A `let` may name itself.
  if (depth > 20) return [];
  if (expr.kind === "call") return calleesOf(expr.callee, scope, expected, b, depth + 1);
  const meanings =
    expr.kind === "name"
      ? calleeOf(expr.name, scope, expected, b)
      : expr.kind === "member"
        ? memberMeanings(expr, scope, expected)
        : [];
  return meanings.flatMap((meaning): readonly Callee[] => {
    if (meaning.kind === "operator") return [meaning.signature];
    if (!isDefinition(meaning)) return [];
    if (meaning.declaration?.body) return [meaning.declaration];
    const value = meaning.declaration ? meaning.declaration.value : meaning.value;
    // What a parameter stands for is what is given; its default is like that.
    const at = meaning.kind === "parameter" && meaning.owner ? scopeOfFile(scope.module) : meaning.scope;
    return value && at ? calleesOf(value, at, expected, b, depth + 1) : [];
  });
}

export function bindCall(
  call: CallExpr,
  scope: NameScope,
  expected: ParameterType | undefined,
  b: Binder,
  body?: BodyKind,
): void {
  const { callee } = call;
  if (callee.kind === "name") {
    if (body) b.listener.place?.({ name: callee.name, scope, body });
    else tellValue(b, callee.name, scope, expected);
    use(b, callee.name, calleeOf(callee.name, scope, expected, b));
  } else bindExpr(callee, scope, expected, b);
  bindArguments(call, calleesOf(callee, scope, expected, b), scope, b);
}

export function bindArguments(
  call: CallExpr,
  declared: readonly Callee[],
  scope: NameScope,
  b: Binder,
): void {
  const { callee } = call;
  const callees = declared.map(calledAs);
  const applied = isApplied(call, callees, scope, b);
  b.listener.call?.(call, declared, applied);
  const given = call.arguments.flatMap((argument) => argument.name?.text ?? []);
  let position = 0;
  for (const argument of call.arguments) {
    const index = argument.name ? -1 : position++;
    const expected = applied && !argument.name ? undefined : argumentType(argument, index, callees);
    if (argument.name) {
      const { name } = argument;
      const others = given.filter((each) => each !== name.text);
      b.listener.place?.({ name, scope, call: { of: callees, given: others } });
      use(
        b,
        name,
        callees.flatMap((callee) => parameterMeaning(callee, name.text)),
      );
      const groups = name.text === "groups" ? groupsOfOrigin(call, scope, b) : undefined;
      if (groups && argument.value.kind === "list") bindGroups(argument.value.items, groups, scope, b);
      else bindExpr(argument.value, scope, expected, b);
    } else if (argument.value.kind === "name") {
      const { name } = argument.value;
      const before = callees.flatMap((callee) => {
        const { slots, positional } = callableOf(callee);
        return applied ? [] : slots.slice(0, Math.min(index, positional)).map((slot) => slot.name);
      });
      const call = { of: callees, given: [...given, ...before] };
      // In a network what stands first is mostly no tensor, and none that is computed in place.
      const computed = b.calls !== "network" || applied;
      const tensor = { also: () => tensorsIn(scope, b), calls: computed ? b.calls : undefined };
      // Beyond the parameters that may come without a name only tensors stand, and those only beside others.
      const isTensor = applied || (index === 0 && callees.some(takesTensors));
      const more = { call, ...(isTensor && b.calls !== "numbers" && { tensor }) };
      const ofNumbers = !applied && callee.kind === "name" && isFunction(callee.name.text);
      if (expected || callees.length === 0 || ofNumbers) tellValue(b, name, scope, expected, more);
      else b.listener.place?.({ name, scope, ...more });
      use(b, name, meaningsOf(name, scope, expected, b));
    } else bindExpr(argument.value, scope, expected, b);
  }
}

function bindGroups(
  items: readonly Expr[],
  groups: readonly Definition[],
  scope: NameScope,
  b: Binder,
): void {
  for (const item of items)
    if (item.kind !== "name") bindExpr(item, scope, { kind: "label" }, b);
    else
      choose(
        b,
        item.name,
        scope,
        groups.filter(({ name }) => name.text === item.name.text),
        () => groups.map((meaning) => ({ text: meaning.name.text, meaning })),
      );
}

function argumentType(
  { name }: Argument,
  index: number,
  callees: readonly Callee[],
): ParameterType | undefined {
  for (const callee of callees) {
    const { slots, positional } = callableOf(callee);
    if (name) {
      const slot = slots.find((each) => each.name === name.text);
      if (slot) return "family" in callee ? slot.type : passedType(callee, name.text);
    } else if (positional === Number.POSITIVE_INFINITY) {
      const list = slots.find((slot) => slot.type.kind === "list")?.type;
      if (list?.kind === "list") return list.of;
    } else if (index < positional && slots[index]) return slots[index].type;
  }
  return undefined;
}

/** `like` in `standard_normal(like: x)`. */
function tensorsByName(callee: Signature): readonly Parameter[] {
  const names = (callee.family === "layer" && findOperator("layer", callee.name)?.named) || [];
  return names.map((name) => ({ name, type: { kind: "any" }, doc: "A tensor." }));
}

export function parameterMeaning(callee: Callee, name: string): readonly Meaning[] {
  if ("family" in callee) {
    const parameter =
      callee.parameters.find((each) => each.name === name) ??
      tensorsByName(callee).find((each) => each.name === name);
    return parameter ? [{ kind: "argument", signature: callee, parameter }] : [];
  }
  const parameter = callee.parameters.find((each) => each.name.text === name);
  return parameter ? [parameterOf(callee, parameter)] : [];
}

/** `f32[N, H / stride, c]`: upper case is a dimension, lower case a value. */
export function bindType(type: TypeExpr, scope: NameScope, names: readonly string[], b: Binder): void {
  choose(
    b,
    type.name,
    scope,
    names.includes(type.name.text) ? [{ kind: "type", text: type.name.text }] : [],
    () => names.map((text) => ({ text, meaning: { kind: "type", text } })),
  );
  for (const size of type.lists.flat()) bindSize(size, scope, b);
}

function bindSize(expr: Expr, scope: NameScope, b: Binder): void {
  if (expr.kind === "binary") {
    bindSize(expr.left, scope, b);
    bindSize(expr.right, scope, b);
  } else if (expr.kind === "call" && expr.callee.kind === "name" && isFunction(expr.callee.name.text)) {
    use(b, expr.callee.name, [{ kind: "function", text: expr.callee.name.text }]);
    for (const argument of expr.arguments) bindSize(argument.value, scope, b);
  } else if (expr.kind === "name" && isDimensionName(expr.name.text)) {
    const found = find(scope, expr.name.text);
    b.listener.place?.({ name: expr.name, scope, only: () => sizesIn(scope) });
    if (found?.kind === "dimension" && found.name === expr.name) noteDefinition(b, found);
    else use(b, expr.name, found?.kind === "dimension" ? [found] : []);
  } else if (expr.kind === "name") {
    b.listener.place?.({ name: expr.name, scope, only: () => sizesIn(scope) });
    use(b, expr.name, meaningsOf(expr.name, scope, { kind: "int" }, b));
  } else bindExpr(expr, scope, { kind: "int" }, b);
}

/** What a size in a type may be called: dimensions, whole numbers. */
function sizesIn(scope: NameScope): readonly Choice[] {
  const named = [...visible(scope)].flatMap(([text, meaning]): readonly Choice[] => {
    const { kind, type, value } = meaning;
    const isNumber =
      kind === "parameter"
        ? type?.name.text === "int" && type.lists.length === 0
        : kind === "let" && (value?.kind === "number" || value?.kind === "binary");
    return kind === "dimension" || isNumber ? [{ text, meaning }] : [];
  });
  const rounding = ["ceil", "floor"].map((text): Choice => ({ text, meaning: { kind: "function", text } }));
  return [...named, ...rounding];
}

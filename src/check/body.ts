/** The statements of a model or block, expanded into layers. */

import { suggest } from "../diagnostics/suggest.ts";
import { declaredTwice } from "../modules/messages.ts";
import { findOperator } from "../ops/registry.ts";
import type {
  ApplyStatement,
  Body,
  BranchStatement,
  Expr,
  ForStatement,
  OutStatement,
  Statement,
  Target,
  Trailer,
} from "../syntax/ast.ts";
import { condition } from "./arithmetic.ts";
import { type Broken, type Current, type Frame, mayGrow, reportIn, type Tensor } from "./build.ts";
import { describeValue, listWords } from "./describe.ts";
import { type Environment, environment, listFor, tensorIn } from "./environment.ts";
import { evaluate, findCallable, rangeItems } from "./evaluate.ts";
import { outOfRange, unknownMember, wrongType } from "./messages.ts";
import { misplacedStatement, notALayer, takenName } from "./shape-messages.ts";
import { checkStated } from "./signature.ts";
import { tensorArguments } from "./tensor-call.ts";
import { applyTo, currentTensor, evaluateTensor, layerType, valueIn } from "./tensor-expression.ts";
import { toJson } from "./to-json.ts";
import type { Value } from "./value.ts";

/** Outputs that `out name = ...` has set. */
export type Outputs = Map<string, Tensor | Broken>;

/** Runs the body on the current tensor and gives what the last statement leaves. */
export function expandBody(
  body: Body,
  env: Environment,
  start: Current,
  outputs: Outputs,
  frame: Frame,
): Current {
  let it = start;
  for (const statement of body.statements) {
    if (!mayGrow(frame.build, frame.instance, statement.span)) return "broken";
    it = expandStatement(statement, env, it, outputs, frame);
  }
  return it;
}

function expandStatement(
  statement: Statement,
  env: Environment,
  it: Current,
  outputs: Outputs,
  frame: Frame,
): Current {
  const { context } = frame.build;
  const from = frame.build.layers.length;
  switch (statement.kind) {
    case "apply":
      return leave(statement, from, applyStatement(statement, env, it, frame), env, frame);
    case "branch":
      leave(statement, from, expandBranch(statement, env, it, outputs, frame), env, frame);
      return it;
    case "from":
      return leave(statement, from, evaluateTensor(statement.value, env, it, frame), env, frame);
    case "group": {
      const name = nameOfTarget(statement.target, env, frame);
      if (name === undefined) return "broken";
      const prefix = frame.prefix === "" ? name : `${frame.prefix}/${name}`;
      const end = expandBody(statement.body, env, it, outputs, { ...frame, prefix });
      return leave(statement, from, end, env, frame);
    }
    case "repeat": {
      const count = valueIn(statement.count, env, { kind: "int" }, frame);
      const times = count && toJson(count, { kind: "int", min: 0 }, context, "the number behind `repeat`");
      if (typeof times !== "number") return "broken";
      let current = it;
      for (let i = 0; i < times && !frame.build.stopped; i++)
        current = expandInner(statement.body, new Map(), env, current, outputs, frame);
      return leave(statement, from, current, env, frame);
    }
    case "for":
      return leave(statement, from, expandFor(statement, env, it, outputs, frame), env, frame);
    case "if": {
      const tensor = tensorIn(statement.condition, env);
      if (tensor) {
        valueIn(statement.condition, env, undefined, frame);
        return "broken";
      }
      const chosen = condition(statement.condition, "the condition of `if`", env.scope, context);
      if (!chosen) return "broken";
      const body = chosen.value ? statement.then : statement.else;
      const end = body ? expandInner(body, new Map(), env, it, outputs, frame) : it;
      return leave(statement, from, end, env, frame);
    }
    case "let": {
      const { name, value } = statement;
      const { what } = frame.instance.declared.declaration;
      // In a loss a name may stand for a tensor; in a network that is said with `as`.
      if ((what === "loss" || what === "metric") && tensorIn(value, env))
        env.tensors.set(name.text, evaluateTensor(value, env, it, frame));
      else env.values.set(name.text, valueIn(value, env, undefined, frame));
      return it;
    }
    case "out":
      setOutput(statement, env, it, outputs, frame);
      return it;
    default: {
      const what = frame.instance.declared.declaration.what;
      const name = statement.kind === "assign" ? statement.path[0]?.text : undefined;
      const said = name ? `\`${name} = ...\`` : `\`${statement.kind}\``;
      reportIn(frame.instance, frame.build, misplacedStatement, { what: said, in: what }, statement.span, {
        hint: name ? `a value is named with \`let ${name} = ...\`, a tensor with \`as ${name}\`` : undefined,
      });
      return it;
    }
  }
}

/** `out z = ...`: one of the outputs in the signature, once. */
function setOutput(
  { name, value }: OutStatement,
  env: Environment,
  it: Current,
  outputs: Outputs,
  frame: Frame,
): void {
  const { instance, build } = frame;
  const { declaration } = instance.declared;
  const tensor = evaluateTensor(value, env, it, frame);
  const names = declaration.outputs.flatMap((port) => port.name?.text ?? []);
  const before = outputs.get(name.text);
  if (!names.includes(name.text)) {
    // A misspelt name stands for the one that is meant: that it is missing is no second mistake.
    const open = names.filter((each) => !outputs.has(each));
    const meant = suggest(name.text, open);
    outputs.set(meant ?? open[0] ?? "", "broken");
    const all = listWords(
      names.map((each) => `\`${each}\``),
      "and",
    );
    const of = `the outputs of \`${declaration.name.text}\``;
    reportIn(instance, build, unknownMember, { name: name.text, of }, name.span, {
      text: meant ? `did you mean \`${meant}\`?` : "not known",
      labels: declaration.outputs.slice(0, 1).map(({ span }) => ({ span, text: "the outputs stand here" })),
      hint:
        names.length > 0
          ? `there ${names.length === 1 ? "is" : "are"} ${all}; another one is added to the signature`
          : "what the last line makes is the output; several are named in the signature: `-> (a: f32[N, K], b: f32[N, 1])`",
      fixes: meant
        ? [{ title: `write \`${meant}\``, edits: [{ span: name.span, text: meant }], safety: "review" }]
        : [],
    });
  } else if (before === undefined) outputs.set(name.text, tensor);
  else if (before !== "broken" && tensor !== "broken")
    reportIn(instance, build, declaredTwice, { name: name.text }, name.span, {
      labels: [{ span: before.span, text: "first set to this" }],
      hint: "set each output once",
    });
}

/** A body whose names end with it: of `for`, `repeat`, `if`. */
function expandInner(
  body: Body,
  values: ReadonlyMap<string, Value>,
  env: Environment,
  it: Current,
  outputs: Outputs,
  frame: Frame,
): Current {
  const inner = environment(env, true);
  for (const [name, value] of values) inner.values.set(name, value);
  return expandBody(body, inner, it, outputs, frame);
}

function expandFor(
  statement: ForStatement,
  env: Environment,
  it: Current,
  outputs: Outputs,
  frame: Frame,
): Current {
  const list = valueIn(statement.list, env, undefined, frame);
  if (!list) return "broken";
  const items = list.kind === "list" ? list.items : list.kind === "range" ? rangeItems(list) : undefined;
  if (!items) {
    const parameters = {
      what: "what stands behind `in`",
      needed: "a list or a range",
      got: describeValue(list),
    };
    reportIn(frame.instance, frame.build, wrongType, parameters, statement.list.span);
    return "broken";
  }
  let current = it;
  for (const item of items) {
    if (frame.build.stopped) return "broken";
    const values = new Map([[statement.variable.text, item]]);
    current = expandInner(statement.body, values, env, current, outputs, frame);
  }
  return current;
}

function expandBranch(
  statement: BranchStatement,
  env: Environment,
  it: Current,
  outputs: Outputs,
  frame: Frame,
): Tensor | Broken {
  const { target, from, body } = statement;
  const start = from
    ? evaluateTensor(from, env, it, frame)
    : currentTensor(it, statement.span, "this branch", frame);
  const name = nameOfTarget(target, env, frame);
  if (name === undefined) return "broken";
  const prefix = frame.prefix === "" ? name : `${frame.prefix}/${name}`;
  const end = expandBody(body, environment(env, false), start, outputs, { ...frame, prefix });
  const tensor = end ?? "broken";
  const untouched =
    tensor !== "broken" && start !== "broken" && tensor.ref === start.ref
      ? { ...tensor, span: target.name.span, empty: { name: target.name.text, body } }
      : tensor;
  bindTensor(target, untouched, env, frame);
  return untouched;
}

/** A layer on a line of its own is applied to the current tensor; an expression over tensors replaces it. */
function applyStatement(
  statement: ApplyStatement,
  env: Environment,
  it: Current,
  frame: Frame,
): Tensor | Broken {
  const { value: expr } = statement;
  if (isTensorExpression(expr, env)) {
    const tensor = evaluateTensor(expr, env, it, frame);
    return tensor === "broken" ? tensor : { ...tensor, span: expr.span };
  }
  const { instance, build } = frame;
  // A tensor among the named arguments has no value; everything else is looked up among layers, blocks and models.
  const layer =
    expr.kind === "name"
      ? (findCallable(expr.name, env.scope, layerType) ?? evaluate(expr, env.scope, build.context, layerType))
      : valueIn(expr, env, layerType, frame);
  if (!layer) return "broken";
  if (layer.kind !== "operator" && layer.kind !== "declared") {
    reportIn(instance, build, notALayer, { got: describeValue(layer) }, expr.span);
    return "broken";
  }
  const name = layer.kind === "operator" ? layer.signature.name : layer.declaration.name.text;
  if (layer.kind === "operator" && findOperator("layer", name)?.arity === 0)
    return applyTo(layer, [], expr.span, frame);
  const tensor = currentTensor(it, expr.span, `\`${name}\``, frame);
  return tensor === "broken" ? tensor : applyTo(layer, [{ tensor, expr: undefined }], expr.span, frame);
}

function isTensorExpression(expr: Expr, env: Environment): boolean {
  if (expr.kind !== "call") return tensorIn(expr, env) !== undefined;
  return tensorArguments(expr, env).length > 0;
}

/** What a statement leaves, with the `as name` and `: type` behind it. */
function leave(
  statement: Extract<Statement, Trailer>,
  from: number,
  end: Current,
  env: Environment,
  frame: Frame,
): Current {
  const { instance, build } = frame;
  const left = end === undefined || end === "broken" ? undefined : end.type;
  build.context.trace?.statement(statement, left, build.layers, from);
  if (statement.as) bindTensor(statement.as, end ?? "broken", env, frame);
  if (!statement.type || end === undefined || end === "broken") return end;
  const fits = checkStated(statement.type, end, env.scope, instance.dimensions, instance, build);
  return fits ? end : "broken";
}

/** `stage[i]` as part of a path: `stage0`. */
function nameOfTarget(target: Target, env: Environment, frame: Frame): string | undefined {
  if (!target.index) return target.name.text;
  const index = valueIn(target.index, env, { kind: "int" }, frame);
  const number = index && toJson(index, { kind: "int", min: 0 }, frame.build.context, "an index");
  return typeof number === "number" ? `${target.name.text}${number}` : undefined;
}

function bindTensor(target: Target, tensor: Tensor | Broken, env: Environment, frame: Frame): void {
  const { instance, build } = frame;
  const { text: name, span } = target.name;
  if (target.index) {
    const index = valueIn(target.index, env, { kind: "int" }, frame);
    const list = listFor(name, env);
    const isNext = index?.kind === "number" && index.value === list.length;
    if (index?.kind === "number" && !isNext && !list.includes("broken")) {
      const found = { what: "the index", limit: `${list.length}, the next one`, got: String(index.value) };
      reportIn(instance, build, outOfRange, found, target.span, {
        hint: "elements are numbered from 0, one after the other",
      });
    }
    list.push(isNext ? tensor : "broken");
    return;
  }
  const value = env.scope.has(name) ? env.scope.lookup(name) : undefined;
  const isLayer =
    findOperator("layer", name)?.functional === undefined && findOperator("layer", name) !== undefined;
  if (isLayer || value?.kind === "declared") {
    const is = isLayer ? "a layer" : describeValue(value!);
    reportIn(instance, build, takenName, { name, is }, span, { hint: "choose another name" });
    return;
  }
  const before = env.tensors.get(name);
  if (before !== undefined) {
    const labels =
      before === "broken" || Array.isArray(before) ? [] : [{ span: before.span, text: "first for this" }];
    reportIn(instance, build, declaredTwice, { name }, span, { labels, hint: "choose another name" });
    return;
  }
  env.tensors.set(name, tensor);
}

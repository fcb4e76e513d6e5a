/** Calls in expressions over tensors: layers, blocks and losses applied to tensors, and the networks of an experiment. */
import { findOperator, operatorOf } from "../ops/registry.ts";
import type { Argument, CallExpr, Expr, MemberExpr } from "../syntax/ast.ts";
import { textOf } from "../text/source.ts";
import type { Operand } from "./apply-layer.ts";
import { apply } from "./bind.ts";
import { type Broken, type Current, type Frame, reportIn, type Tensor } from "./build.ts";
import { describeValue, listWords } from "./describe.ts";
import { type Environment, findTensor, pathOf, tensorIn } from "./environment.ts";
import { evaluate, findCallable, reportUnknownMember, reportUnknownName } from "./evaluate.ts";
import { unknownParameter, wrongType } from "./messages.ts";
import { notALayer } from "./shape-messages.ts";
import { layerValue } from "./tensor-arithmetic.ts";
import { applyTo, evaluateTensor, isUnknown, layerType, valueIn } from "./tensor-expression.ts";
import type { DeclaredValue, OperatorValue, Value } from "./value.ts";

/** The arguments that are tensors: those without a name, and those that the operator takes by name (`like: x`). */
export function tensorArguments(call: CallExpr, env: Environment): readonly Argument[] {
  if (call.arguments.length === 0) return call.arguments;
  const named = call.callee.kind === "name" ? findOperator("layer", call.callee.name.text)?.named : undefined;
  return call.arguments.filter(
    ({ name, value }) => (!name || named?.includes(name.text)) && tensorIn(value, env) !== undefined,
  );
}

/** A network of the experiment, or a layer, block or loss, applied to tensors. */
export function evaluateApplication(
  call: CallExpr,
  env: Environment,
  it: Current,
  frame: Frame,
): Tensor | Broken {
  const { instance, build } = frame;
  if (networkCalled(call, env)) return soleOutput(applyNetwork(call, env, it, frame), call, frame);
  if (tensorArguments(call, env).length === 0) return evaluateMade(call, env, frame);
  const layer = calledLayer(call, env, frame);
  if (!layer) return "broken";
  const op = layer.kind === "operator" ? layer.signature : undefined;
  const named = (op?.family === "layer" && operatorOf("layer", op.name).named) || [];
  const given = call.arguments.filter(({ name }) => !name || named.includes(name.text));
  const operands: (Operand | Broken)[] = [];
  for (const { value } of given) {
    const list = value.kind === "name" ? findTensor(value.name.text, env) : undefined;
    if (Array.isArray(list)) {
      for (const tensor of list) operands.push(tensor === "broken" ? tensor : { tensor, expr: undefined });
      continue;
    }
    if (!tensorIn(value, env) && !takesNumbers(layer) && !isUnknown(value, env)) {
      reportIn(instance, build, notALayer, { got: `\`${textOf(value.span)}\`` }, value.span, {
        text: "not a tensor",
        hint: `beside tensors, a layer's own parameters are named${exampleOf(layer, textOf(value.span))}`,
      });
      return "broken";
    }
    const tensor = operandOf(value, env, it, frame);
    operands.push(tensor === "broken" ? tensor : { tensor, expr: value });
  }
  if (operands.some((operand) => operand === "broken")) return "broken";
  return applyTo(layer, operands as Operand[], call.span, frame);
}

/** `: \`low: 0\`` for a value without its name. */
function exampleOf({ kind, ...layer }: OperatorValue | DeclaredValue, value: string): string {
  const names =
    "signature" in layer
      ? layer.signature.parameters.map(({ name }) => name)
      : layer.declaration.parameters.map(({ name }) => name.text);
  const open = names.find((name) => !layer.arguments.has(name));
  return open === undefined ? "" : `: \`${open}: ${value}\``;
}

/** Whether a number may stand beside the tensors: what takes several takes `max(x, 0)`, and a target may be a number. */
function takesNumbers(layer: OperatorValue | DeclaredValue): boolean {
  if (layer.kind === "declared")
    return layer.declaration.what === "loss" || layer.declaration.what === "metric";
  const { family, name } = layer.signature;
  return (
    family === "loss" ||
    (family === "layer" && operatorOf("layer", name).anyShape === true && operatorOf("layer", name).arity > 1)
  );
}

/** A tensor, or a number or list of numbers as one. */
export function operandOf(expr: Expr, env: Environment, it: Current, frame: Frame): Tensor | Broken {
  if (expr.kind === "name" || tensorIn(expr, env)) return evaluateTensor(expr, env, it, frame);
  const value = evaluate(expr, env.scope, frame.build.context, layerType);
  return value ? (tensorOf(value, expr, frame) ?? evaluateTensor(expr, env, it, frame)) : "broken";
}

/** What a value is as a tensor: numbers, or an operator that takes none (`eye(5)`). Undefined for other values. */
export function tensorOf(value: Value, expr: Expr, frame: Frame): Tensor | Broken | undefined {
  if (value.kind === "operator") {
    const takesNone =
      value.signature.family === "layer" && operatorOf("layer", value.signature.name).arity === 0;
    return takesNone ? applyTo(value, [], expr.span, frame) : undefined;
  }
  const isNumbers = (each: Value): boolean =>
    each.kind === "list" ? each.items.every(isNumbers) : each.kind === "number" && !each.unit;
  if (!isNumbers(value)) return undefined;
  const constant = layerValue("constant", new Map([["values", value]]), expr.span);
  return applyTo(constant, [], expr.span, frame);
}

/** A call without tensors among its arguments. */
function evaluateMade(call: CallExpr, env: Environment, frame: Frame): Tensor | Broken {
  const value = evaluate(call, env.scope, frame.build.context, layerType);
  if (!value) return "broken";
  const made = tensorOf(value, call, frame);
  if (made) return made;
  const got = `${describeValue(value)} without a tensor`;
  reportIn(frame.instance, frame.build, notALayer, { got }, call.span, {
    hint: "apply it to a tensor by naming it first, as in `conv(it, channels: 64)`, or write it on a line of its own",
  });
  return "broken";
}

const networkCalled = (call: CallExpr, env: Environment): string | undefined =>
  call.callee.kind === "name" && env.outside?.isNetwork(call.callee.name.text)
    ? call.callee.name.text
    : undefined;

function applyNetwork(
  call: CallExpr,
  env: Environment,
  it: Current,
  frame: Frame,
): ReadonlyMap<string, Tensor> | Broken {
  const named = call.arguments.find((argument) => argument.name)?.name;
  const network = networkCalled(call, env)!;
  if (named) {
    reportIn(
      frame.instance,
      frame.build,
      unknownParameter,
      { name: named.text, owner: network },
      named.span,
      {
        hint: "a network takes its inputs in their order; its parameters are set where the experiment names the model",
      },
    );
    return "broken";
  }
  const operands = call.arguments.map(({ value }) => operandOf(value, env, it, frame));
  if (operands.some((operand) => operand === "broken")) return "broken";
  return env.outside!.apply(network, operands as Tensor[], call.span, frame);
}

function soleOutput(
  outputs: ReadonlyMap<string, Tensor> | Broken,
  call: CallExpr,
  frame: Frame,
): Tensor | Broken {
  if (outputs === "broken") return outputs;
  const [sole, ...more] = outputs.values();
  if (sole && more.length === 0) return sole;
  const names = [...outputs.keys()];
  const parameters = {
    what: "what the network gives",
    needed: "one tensor",
    got: listWords(
      names.map((name) => `\`${name}\``),
      "and",
    ),
  };
  reportIn(frame.instance, frame.build, wrongType, parameters, call.span, {
    hint: `take one: \`${textOf(call.span)}.${names[0]}\``,
  });
  return "broken";
}

/** `model.z`, `data.label`, `net(x).z` */
export function evaluateMember(
  expr: MemberExpr,
  env: Environment,
  it: Current,
  frame: Frame,
): Tensor | Broken | undefined {
  const path = pathOf(expr);
  if (path !== undefined && env.outside?.knows(path)) return env.outside.tensor(path, expr.span, frame);
  const { object, name } = expr;
  if (object.kind !== "call" || !networkCalled(object, env)) return undefined;
  const outputs = applyNetwork(object, env, it, frame);
  if (outputs === "broken") return outputs;
  const output = outputs.get(name.text);
  if (output) return output;
  reportUnknownMember(name, `\`${networkCalled(object, env)}\``, [...outputs.keys()], frame.build.context);
  return "broken";
}

function calledLayer(
  call: CallExpr,
  env: Environment,
  frame: Frame,
): OperatorValue | DeclaredValue | undefined {
  const { instance, build } = frame;
  const { context } = build;
  const { callee } = call;
  if (callee.kind !== "name") {
    const value = evaluate(callee, env.scope, context, layerType);
    if (!value) return undefined;
    if (value.kind !== "operator" && value.kind !== "declared") {
      reportIn(instance, build, notALayer, { got: describeValue(value) }, callee.span);
      return undefined;
    }
    return withNamed(value, call, env, frame);
  }
  const found = findCallable(callee.name, env.scope, layerType);
  if (found) return withNamed(found, call, env, frame);
  reportUnknownName(callee.name.text, callee.name.span, env.scope, context, layerType);
  return undefined;
}

/** With the arguments that are named and no tensors. */
function withNamed<T extends OperatorValue | DeclaredValue>(
  callee: T,
  call: CallExpr,
  env: Environment,
  frame: Frame,
): T | undefined {
  const isLayer = callee.kind === "operator" && callee.signature.family === "layer";
  const tensors = (isLayer && operatorOf("layer", callee.signature.name).named) || [];
  const named = call.arguments.filter(({ name }) => name && !tensors.includes(name.text));
  for (const { value } of named) if (tensorIn(value, env)) return void valueIn(value, env, undefined, frame);
  return apply(callee, { ...call, arguments: named }, env.scope, frame.build.context);
}

/** Expressions over tensors: `main + skip`, `concat(a, b)`, `leaky_relu(x, slope: 0.2)`, `2 * it`. */
import type { ParameterType } from "../ops/signature.ts";
import type { Expr, IndexExpr } from "../syntax/ast.ts";
import { type Span, textOf } from "../text/source.ts";
import { applyLayer, type Operand } from "./apply-layer.ts";
import { type Broken, type Current, type Frame, reportIn, type Tensor } from "./build.ts";
import { describeValue } from "./describe.ts";
import { type Environment, findTensor, tensorIn, tensorNames } from "./environment.ts";
import { evaluate } from "./evaluate.ts";
import { instantiate } from "./instantiate.ts";
import { noSuchElement, noValue } from "./messages.ts";
import { resolveWord } from "./resolve.ts";
import { isNamed } from "./scope.ts";
import { noTensor, notALayer } from "./shape-messages.ts";
import { evaluateArithmetic, layerValue, scaled } from "./tensor-arithmetic.ts";
import { evaluateApplication, evaluateMember, tensorOf } from "./tensor-call.ts";
import { reportUnknownTensor } from "./unknown.ts";
import type { DeclaredValue, OperatorValue, Value } from "./value.ts";

export const layerType: ParameterType = { kind: "operator", family: "layer" };

/** The tensor that an expression comes to. */
export function evaluateTensor(expr: Expr, env: Environment, it: Current, frame: Frame): Tensor | Broken {
  const { instance, build } = frame;
  switch (expr.kind) {
    case "name": {
      const name = expr.name.text;
      if (name === "it") return currentTensor(it, expr.span, "`it`", frame);
      const found = findTensor(name, env);
      if (found !== undefined && !Array.isArray(found)) return found;
      if (found) {
        const parameters = { got: `the list of tensors \`${name}\`` };
        reportIn(instance, build, notALayer, parameters, expr.span, {
          hint: `take one, \`${name}[0]\`, or join them: \`add(${name})\`, \`concat(${name})\``,
        });
        return "broken";
      }
      if (env.outside?.knows(name)) return env.outside.tensor(name, expr.span, frame);
      if (!isUnknown(expr, env)) break;
      reportUnknownTensor(name, expr.span, tensorNames(env), env.scope, build.context);
      return "broken";
    }
    case "member": {
      const member = evaluateMember(expr, env, it, frame);
      if (member) return member;
      break;
    }
    case "index":
      return evaluateElement(expr, env, it, frame);
    case "call":
      return evaluateApplication(expr, env, it, frame);
    case "binary":
      if (tensorIn(expr, env)) return evaluateArithmetic(expr, env, it, frame);
      break;
    case "unary":
      if (expr.operator === "-" && tensorIn(expr, env)) {
        const operand = evaluateTensor(expr.operand, env, it, frame);
        return scaled(operand, expr.operand, { factor: -1 }, expr.span, frame);
      }
      if (expr.operator === "not" && tensorIn(expr, env)) {
        const tensor = evaluateTensor(expr.operand, env, it, frame);
        if (tensor === "broken") return tensor;
        const operands = [{ tensor, expr: expr.operand }];
        return applyTo(layerValue("negation", new Map(), expr.span), operands, expr.span, frame);
      }
      break;
    case "error":
      return "broken";
  }
  const value = evaluate(expr, env.scope, build.context, layerType);
  if (!value) return "broken";
  const made = tensorOf(value, expr, frame);
  if (made) return made;
  const isLayer = value.kind === "operator" || value.kind === "declared";
  reportIn(instance, build, notALayer, { got: describeValue(value) }, expr.span, {
    hint: isLayer
      ? "apply it to a tensor, as in `relu(it)`"
      : "name a tensor with `as name`, and use the name",
  });
  return "broken";
}

/** A name that stands for nothing: no tensor, no value, no operator. */
export function isUnknown(expr: Expr, env: Environment): boolean {
  if (expr.kind !== "name" || tensorIn(expr, env)) return false;
  return !isNamed(env.scope, expr.name.text) && !resolveWord(expr.name, layerType);
}

export function currentTensor(it: Current, span: Span, what: string, frame: Frame): Tensor | Broken {
  if (it !== undefined) return it;
  const inputs = frame.instance.declared.declaration.inputs.flatMap((port) => port.name?.text ?? []);
  const first = inputs[0] ?? "x";
  reportIn(frame.instance, frame.build, noTensor, { what }, span, {
    hint: `with several inputs, begin with one of them: \`from ${first}\``,
  });
  return "broken";
}

/** `skip[i]` of a list of tensors. */
function evaluateElement(expr: IndexExpr, env: Environment, it: Current, frame: Frame): Tensor | Broken {
  const { instance, build } = frame;
  const list = expr.object.kind === "name" ? findTensor(expr.object.name.text, env) : undefined;
  if (!Array.isArray(list)) {
    const whole = evaluateTensor(expr.object, env, it, frame);
    if (whole !== "broken")
      reportIn(instance, build, notALayer, { got: "an element of a tensor" }, expr.span, {
        hint: `write \`take(${textOf(expr.object.span)}, index: ${textOf(expr.index.span)})\` for that of its last axis; what has elements are lists of tensors, \`as skip[i]\``,
      });
    return "broken";
  }
  const index = valueIn(expr.index, env, { kind: "int" }, frame);
  if (!index) return "broken";
  const element = index.kind === "number" ? list[index.value] : undefined;
  if (element) return element;
  const parameters = { index: describeValue(index), length: list.length };
  reportIn(instance, build, noSuchElement, parameters, expr.index.span);
  return "broken";
}

/** An expression that must have a value while compiling; one that names a tensor is reported. */
export function valueIn(
  expr: Expr,
  env: Environment,
  expected: ParameterType | undefined,
  frame: Frame,
): Value | undefined {
  const tensor = tensorIn(expr, env);
  if (!tensor) return evaluate(expr, env.scope, frame.build.context, expected);
  reportIn(frame.instance, frame.build, noValue, { what: `the tensor \`${tensor}\`` }, expr.span);
  return undefined;
}

/** A layer, model or block applied to tensors. */
export function applyTo(
  layer: OperatorValue | DeclaredValue,
  operands: readonly Operand[],
  span: Span,
  frame: Frame,
): Tensor | Broken {
  const { instance, prefix, build } = frame;
  if (layer.kind === "operator") return applyLayer(layer, operands, span, prefix, instance, build);
  return instantiate({ ...layer, span }, operands, frame);
}

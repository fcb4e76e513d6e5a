/** Expressions over tensors: `main + skip`, `concat(a, b)`, `leaky_relu(x, slope: 0.2)`, `2 * it`. */
import { operatorOf } from "../ops/registry.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { BinaryExpr, CallExpr, Expr, IndexExpr } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import { applyLayer, type Operand } from "./apply-layer.ts";
import { apply } from "./bind.ts";
import { type Broken, type Current, type Frame, reportIn, type Tensor } from "./build.ts";
import { describeValue } from "./describe.ts";
import { type Environment, findTensor, tensorIn } from "./environment.ts";
import { evaluate, findCallable, reportUnknownName } from "./evaluate.ts";
import { instantiate } from "./instantiate.ts";
import { noSuchElement, noValue, wrongOperands } from "./messages.ts";
import { numberValue } from "./quantity.ts";
import { noTensor, notALayer } from "./shape-messages.ts";
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
      break;
    case "error":
      return "broken";
  }
  const value = evaluate(expr, env.scope, build.context, layerType);
  if (!value) return "broken";
  const isLayer = value.kind === "operator" || value.kind === "declared";
  reportIn(instance, build, notALayer, { got: describeValue(value) }, expr.span, {
    hint: isLayer
      ? "apply it to a tensor, as in `relu(it)`"
      : "name a tensor with `as name`, and use the name",
  });
  return "broken";
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
        hint: "only lists of tensors (`as skip[i]`) have elements",
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

/** A call whose values without a name are tensors. */
function evaluateApplication(call: CallExpr, env: Environment, it: Current, frame: Frame): Tensor | Broken {
  const { instance, build } = frame;
  const { context } = build;
  const nameless = call.arguments.filter((argument) => !argument.name);
  if (!nameless.some((argument) => tensorIn(argument.value, env))) {
    const value = evaluate(call, env.scope, context, layerType);
    if (value)
      reportIn(instance, build, notALayer, { got: `${describeValue(value)} without a tensor` }, call.span, {
        hint: "apply it to a tensor by naming it first, as in `conv(it, channels: 64)`, or write it on a line of its own",
      });
    return "broken";
  }
  const layer = calledLayer(call, env, frame);
  const operands: (Operand | Broken)[] = [];
  for (const { value } of nameless) {
    const list = value.kind === "name" ? findTensor(value.name.text, env) : undefined;
    if (Array.isArray(list)) {
      for (const tensor of list) operands.push(tensor === "broken" ? tensor : { tensor, expr: undefined });
    } else if (tensorIn(value, env)) {
      const tensor = evaluateTensor(value, env, it, frame);
      operands.push(tensor === "broken" ? tensor : { tensor, expr: value });
    } else {
      const text = value.span.file.text.slice(value.span.start, value.span.end);
      reportIn(instance, build, notALayer, { got: `\`${text}\`` }, value.span, {
        text: "not a tensor",
        hint: "beside tensors, a layer's own parameters are named",
      });
      return "broken";
    }
  }
  if (!layer || operands.some((operand) => operand === "broken")) return "broken";
  return applyTo(layer, operands as Operand[], call.span, frame);
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
    if (value.kind === "operator" || value.kind === "declared") return value;
    reportIn(instance, build, notALayer, { got: describeValue(value) }, callee.span);
    return undefined;
  }
  const found = findCallable(callee.name, env.scope, layerType);
  if (!found) {
    reportUnknownName(callee.name.text, callee.name.span, env.scope, context, layerType);
    return undefined;
  }
  const named = call.arguments.filter((argument) => argument.name);
  for (const { value } of named) if (tensorIn(value, env)) return void valueIn(value, env, undefined, frame);
  return apply(found, { ...call, arguments: named }, env.scope, context);
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

const operations = { "+": "add", "-": "subtract", "*": "multiply", "/": "divide" } as const;

function evaluateArithmetic(expr: BinaryExpr, env: Environment, it: Current, frame: Frame): Tensor | Broken {
  const { operator, left, right } = expr;
  const leftIsTensor = tensorIn(left, env) !== undefined;
  const rightIsTensor = tensorIn(right, env) !== undefined;
  const name = Object.hasOwn(operations, operator)
    ? operations[operator as keyof typeof operations]
    : undefined;
  if (leftIsTensor && rightIsTensor) {
    const a = evaluateTensor(left, env, it, frame);
    const b = evaluateTensor(right, env, it, frame);
    if (a === "broken" || b === "broken") return "broken";
    if (!name) return wrongArithmetic(expr, "a tensor", "a tensor", frame);
    const layer: OperatorValue = {
      kind: "operator",
      signature: operatorOf("layer", name),
      arguments: new Map(),
      span: expr.span,
    };
    const operands = [
      { tensor: a, expr: left },
      { tensor: b, expr: right },
    ];
    return applyTo(layer, operands, expr.span, frame);
  }
  const tensorExpr = leftIsTensor ? left : right;
  const tensor = evaluateTensor(tensorExpr, env, it, frame);
  const value = evaluate(leftIsTensor ? right : left, env.scope, frame.build.context, { kind: "real" });
  if (!value || tensor === "broken") return "broken";
  const change =
    value.kind === "number" && !value.unit ? scalarChange(operator, value.value, leftIsTensor) : undefined;
  if (change) return scaled(tensor, tensorExpr, change, expr.span, frame);
  const words = ["a tensor", describeValue(value)] as const;
  return wrongArithmetic(expr, words[leftIsTensor ? 0 : 1], words[leftIsTensor ? 1 : 0], frame);
}

/** What a number does to a tensor `x`: `factor x + offset`, or `x ^ exponent`. */
type Change = { readonly factor?: number; readonly offset?: number } | { readonly exponent: number };

function scalarChange(
  operator: BinaryExpr["operator"],
  value: number,
  tensorFirst: boolean,
): Change | undefined {
  if (operator === "+") return { offset: value };
  if (operator === "-") return tensorFirst ? { offset: -value } : { factor: -1, offset: value };
  if (operator === "*") return { factor: value };
  if (operator === "/" && tensorFirst && value !== 0) return { factor: 1 / value };
  if (operator === "/" && !tensorFirst && value === 1) return { exponent: -1 };
  if (operator === "^" && tensorFirst) return { exponent: value };
  return undefined;
}

function scaled(
  tensor: Tensor | Broken,
  expr: Expr,
  change: Change,
  span: Span,
  frame: Frame,
): Tensor | Broken {
  if (tensor === "broken") return tensor;
  const name = "exponent" in change ? "power" : "affine";
  const given = Object.entries(change).map(
    ([key, value]) => [key, numberValue(value, Number.isInteger(value), undefined, span)] as const,
  );
  const layer: OperatorValue = {
    kind: "operator",
    signature: operatorOf("layer", name),
    arguments: new Map(given),
    span,
  };
  return applyTo(layer, [{ tensor, expr }], span, frame);
}

function wrongArithmetic(expr: BinaryExpr, left: string, right: string, frame: Frame): Broken {
  const parameters = { operator: expr.operator, left, right };
  reportIn(frame.instance, frame.build, wrongOperands, parameters, expr.operatorSpan, {
    labels: [
      { span: expr.left.span, text: left },
      { span: expr.right.span, text: right },
    ],
  });
  return "broken";
}

/** Arithmetic, comparisons and logic between tensors, and between a tensor and numbers. */
import { operatorOf } from "../ops/registry.ts";
import type { BinaryExpr, Expr } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import { numbersOfClass } from "./apply-layer.ts";
import { type Broken, type Current, type Frame, reportIn, type Tensor } from "./build.ts";
import { describeValue } from "./describe.ts";
import { type Environment, tensorIn, tensorNames } from "./environment.ts";
import { evaluate } from "./evaluate.ts";
import { wrongOperands } from "./messages.ts";
import { numberValue } from "./quantity.ts";
import { layerDoesNotFit } from "./shape-messages.ts";
import { tensorOf } from "./tensor-call.ts";
import { applyTo, evaluateTensor } from "./tensor-expression.ts";
import { reportUnknownTensor } from "./unknown.ts";
import type { OperatorValue, Value } from "./value.ts";

const operations: Readonly<Partial<Record<BinaryExpr["operator"], string>>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "^": "raise",
  "==": "equal",
  "!=": "not_equal",
  "<": "less",
  "<=": "less_equal",
  ">": "greater",
  ">=": "greater_equal",
  and: "both",
  or: "either",
};

export const layerValue = (name: string, given: ReadonlyMap<string, Value>, span: Span): OperatorValue => ({
  kind: "operator",
  signature: operatorOf("layer", name),
  arguments: given,
  span,
});

export function evaluateArithmetic(
  expr: BinaryExpr,
  env: Environment,
  it: Current,
  frame: Frame,
): Tensor | Broken {
  const { operator, left, right } = expr;
  const leftIsTensor = tensorIn(left, env) !== undefined;
  const name = operations[operator];
  if (leftIsTensor !== (tensorIn(right, env) !== undefined)) {
    const tensorExpr = leftIsTensor ? left : right;
    const tensor = evaluateTensor(tensorExpr, env, it, frame);
    const other = leftIsTensor ? right : left;
    if (tensor !== "broken" && tensor.field?.kind === "class")
      return compareClass(expr, tensor, tensor.field.count, env, frame);
    const value = evaluate(other, env.scope, frame.build.context, { kind: "any" });
    if (!value || tensor === "broken") return "broken";
    const isNumber = value.kind === "number" && !value.unit;
    const change = isNumber ? scalarChange(operator, value.value, leftIsTensor) : undefined;
    if (change) return scaled(tensor, tensorExpr, change, expr.span, frame);
    const made = name && tensorOf(value, other, frame);
    if (made === "broken") return made;
    if (made) {
      const operands = [
        { tensor, expr: tensorExpr },
        { tensor: made, expr: other },
      ];
      return applyTo(
        layerValue(name, new Map(), expr.span),
        leftIsTensor ? operands : operands.reverse(),
        expr.span,
        frame,
      );
    }
    if (value.kind === "word") {
      reportUnknownTensor(value.value, value.span, tensorNames(env), env.scope, frame.build.context);
      return "broken";
    }
    const words = ["a tensor", describeValue(value)] as const;
    return wrongArithmetic(expr, words[leftIsTensor ? 0 : 1], words[leftIsTensor ? 1 : 0], frame);
  }
  const a = evaluateTensor(left, env, it, frame);
  const b = evaluateTensor(right, env, it, frame);
  if (a === "broken" || b === "broken") return "broken";
  if (!name) return wrongArithmetic(expr, "a tensor", "a tensor", frame);
  const operands = [
    { tensor: a, expr: left },
    { tensor: b, expr: right },
  ];
  return applyTo(layerValue(name, new Map(), expr.span), operands, expr.span, frame);
}

/** `t == spiral`, `t != 1`: whether a class is the one that is named, or counted from 0. */
function compareClass(
  expr: BinaryExpr,
  tensor: Tensor,
  count: number,
  env: Environment,
  frame: Frame,
): Tensor | Broken {
  const classFirst = tensorIn(expr.left, env) !== undefined;
  const [of, other] = classFirst ? [expr.left, expr.right] : [expr.right, expr.left];
  const value = evaluate(other, env.scope, frame.build.context, { kind: "label" });
  if (!value) return "broken";
  // Of two classes the second is the truth.
  const truth = value.kind === "bool" && count === 2 ? Number(value.value) : undefined;
  const number = value.kind === "number" ? value.value : truth;
  const isName = value.kind === "word" || value.kind === "string";
  const isCount =
    number !== undefined && Number.isInteger(number) && !(value.kind === "number" && value.unit);
  if ((expr.operator !== "==" && expr.operator !== "!=") || !(isName || isCount)) {
    const [left, right] = classFirst ? ["a class", describeValue(value)] : [describeValue(value), "a class"];
    return wrongArithmetic(expr, left!, right!, frame, numbersOfClass({ tensor, expr: of }));
  }
  if (number !== undefined && !(number >= 0 && number < count)) {
    const problem = `there is no class ${number}: ${count} classes are counted from 0 to ${count - 1}`;
    reportIn(frame.instance, frame.build, layerDoesNotFit, { problem }, other.span, {
      hint: "write one of these numbers, or the name of the class",
    });
    return "broken";
  }
  const given: [string, Value] =
    number === undefined ? ["of", value] : ["number", numberValue(number, true, undefined, value.span)];
  // Whether the data have the class is known when they are read, and told at its name.
  const is = applyTo(
    layerValue("is_class", new Map([given]), expr.span),
    [{ tensor, expr: of }],
    value.span,
    frame,
  );
  if (is === "broken" || expr.operator === "==") return is;
  return applyTo(
    layerValue("negation", new Map(), expr.span),
    [{ tensor: is, expr: undefined }],
    expr.span,
    frame,
  );
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

export function scaled(
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
  return applyTo(layerValue(name, new Map(given), span), [{ tensor, expr }], span, frame);
}

function wrongArithmetic(expr: BinaryExpr, left: string, right: string, frame: Frame, hint?: string): Broken {
  const parameters = { operator: expr.operator, left, right };
  reportIn(frame.instance, frame.build, wrongOperands, parameters, expr.operatorSpan, {
    labels: [
      { span: expr.left.span, text: left },
      { span: expr.right.span, text: right },
    ],
    hint,
  });
  return "broken";
}

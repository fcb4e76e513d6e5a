/** From the expressions of losses and metrics to formulas. */
import type { Expr, NamedDecl } from "../syntax/ast.ts";
import { type Span, textOf } from "../text/source.ts";
import type { Operand } from "./apply-layer.ts";
import type { Broken, Build, Frame, Tensor } from "./build.ts";
import type { Context } from "./context.ts";
import { environment } from "./environment.ts";
import { type Formula, type Leaf, rewriteFormula } from "./formula.ts";
import type { Scope } from "./scope.ts";
import { lossDoesNotFit } from "./shape-messages.ts";
import { outsideOf, type Stage } from "./stage.ts";
import { applyTo, evaluateTensor } from "./tensor-expression.ts";
import type { DeclaredValue, ExpressionValue, OperatorValue } from "./value.ts";

interface Where {
  /** What messages call it: `loss`, `test.psnr`. */
  readonly what: string;
  readonly isMetric: boolean;
  readonly scope: Scope;
  readonly span: Span;
}

/** An expression over the names of a stage. Undefined after a report. */
export function formulaOf(expr: Expr, where: Where, stage: Stage, context: Context): Formula | undefined {
  return state(where, stage, context, (frame, outside) =>
    evaluateTensor(expr, environment(where.scope, false, outside), undefined, frame),
  );
}

/** A loss or metric applied to what the names stand for, as `cross_entropy` alone is `cross_entropy(output, label)`. */
export function appliedTo(
  loss: OperatorValue | DeclaredValue,
  names: readonly string[],
  where: Where,
  stage: Stage,
  context: Context,
): Formula | undefined {
  return state(where, stage, context, (frame, outside) => {
    const operands: Operand[] = [];
    for (const name of names) {
      const tensor = outside.tensor(name, where.span, frame);
      if (tensor === "broken") return tensor;
      operands.push({ tensor, expr: undefined });
    }
    return applyTo(loss, operands, where.span, frame);
  });
}

/** An own metric applied to expressions. */
export function appliedToExpressions(
  metric: DeclaredValue,
  values: readonly ExpressionValue[],
  where: Where,
  stage: Stage,
  context: Context,
): Formula | undefined {
  return state(where, stage, context, (frame, outside) => {
    const operands: Operand[] = [];
    for (const { expr, scope } of values) {
      const tensor = evaluateTensor(expr, environment(scope, false, outside), undefined, frame);
      if (tensor === "broken") return tensor;
      operands.push({ tensor, expr });
    }
    return applyTo(metric, operands, where.span, frame);
  });
}

function state(
  { what, isMetric, scope, span }: Where,
  stage: Stage,
  context: Context,
  evaluate: (frame: Frame, outside: ReturnType<typeof outsideOf>) => Tensor | Broken,
): Formula | undefined {
  const leaves: Leaf[] = [];
  const build: Build = {
    context,
    layers: [],
    what: "formula",
    paths: new Map(),
    expanded: 0,
    stopped: false,
  };
  const name = { text: what, span };
  const declaration: NamedDecl = {
    kind: "declaration",
    what: isMetric ? "metric" : "loss",
    name,
    doc: undefined,
    parameters: [],
    inputs: [],
    outputs: [],
    body: undefined,
    value: undefined,
    span,
  };
  const instance = {
    declared: { kind: "declared" as const, declaration, module: scope.module, arguments: new Map(), span },
    parameters: new Map(),
    dimensions: new Map(),
    outer: undefined,
  };
  const frame: Frame = { instance, prefix: "", build };
  const end = evaluate(frame, outsideOf(stage, leaves, isMetric));
  if (end === "broken") return undefined;
  const formula = { leaves, layers: build.layers, result: end.ref, type: end.type, text: textOf(span) };
  return rewriteFormula(formula, (leaf) => leaf);
}

/** A loss gives a number for each example, or one for the batch. Says so where it does not. */
export function checkLossType(formula: Formula, span: Span, context: Context): boolean {
  const { dtype, shape } = formula.type;
  if (dtype === "f32" && (shape.length === 0 || shape.join() === "N")) return true;
  const ends = `${dtype}[${shape.join(", ")}]`;
  context.reporter.report(
    lossDoesNotFit,
    { problem: `a loss is a number for each example, f32[N], or one for the batch, and this is ${ends}` },
    span,
    {
      hint:
        dtype === "bool"
          ? "make numbers of it: `where(..., 1, 0)`"
          : "take the mean: `mean(..., axis: -1)` over the elements of an example, `mean(...)` over all",
    },
  );
  return false;
}

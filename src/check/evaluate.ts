/** From expressions to compile-time values. */
import { suggest } from "../diagnostics/suggest.ts";
import type { ParameterType } from "../ops/signature.ts";
import type {
  CallExpr,
  Expr,
  IndexExpr,
  MemberExpr,
  Name,
  NumberExpr,
  RangeExpr,
  RecordExpr,
} from "../syntax/ast.ts";
import { type Unit, unitWords } from "../syntax/unit.ts";
import { type Span, textOf } from "../text/source.ts";
import { evaluateBinary, evaluateUnary } from "./arithmetic.ts";
import { apply } from "./bind.ts";
import type { Context } from "./context.ts";
import { describeValue, listWords } from "./describe.ts";
import { evaluateFunction, isFunction } from "./functions.ts";
import {
  badRange,
  noSuchElement,
  notCallable,
  notWhole,
  noValue,
  repeatedArgument,
  unknownUnit,
  wrongType,
} from "./messages.ts";
import { dottedPath, evaluatePath, placed } from "./paths.ts";
import { numberValue } from "./quantity.ts";
import { familiesOf, findIn, fits, resolveWord } from "./resolve.ts";
import { isNamed, type Scope } from "./scope.ts";
import { reportUnknownMember, reportUnknownName } from "./unknown.ts";
import type {
  DeclaredValue,
  MetricValue,
  NumberValue,
  OperatorValue,
  RangeValue,
  RecordValue,
  Value,
} from "./value.ts";

export { describeValue, showValue } from "./describe.ts";
export { equalValues } from "./equal.ts";
export { dottedPath } from "./paths.ts";
export { rangeItems } from "./range.ts";
export { fileScope, nest, type Scope } from "./scope.ts";
export { complete, metricToJson, toJson, withArgument } from "./to-json.ts";
export { reportUnknownMember, reportUnknownName } from "./unknown.ts";

/**
 * The value of an expression. `expected` decides bare words and calls that stand in several families (`flatten`). Undefined when
 * it has none; that has been reported then.
 */
export function evaluate(
  expr: Expr,
  scope: Scope,
  context: Context,
  expected?: ParameterType,
): Value | undefined {
  switch (expr.kind) {
    case "number":
      return evaluateNumber(expr, context);
    case "string":
      return { kind: "string", value: expr.value, span: expr.span };
    case "name":
      return evaluateName(expr.name, scope, context, expected);
    case "member":
      return evaluateMember(expr, scope, context, expected);
    case "index":
      return evaluateIndex(expr, scope, context);
    case "call":
      return evaluateCall(expr, scope, context, expected);
    case "list": {
      const of = elementType(expected);
      const items = expr.items.map((item) => evaluate(item, scope, context, of));
      if (items.some((item) => !item)) return undefined;
      return { kind: "list", items: items as Value[], span: expr.span };
    }
    case "record":
      return evaluateRecord(expr, scope, context, expected);
    case "range":
      return evaluateRange(expr, scope, context);
    case "unary":
      if (isLoss(expected)) return { kind: "expression", expr, scope, span: expr.span };
      return evaluateUnary(expr, scope, context);
    case "binary":
      if (isLoss(expected)) return { kind: "expression", expr, scope, span: expr.span };
      return evaluateBinary(expr, scope, context);
    case "with": {
      const base = evaluate(expr.base, scope, context, expected);
      if (!base) return undefined;
      if (base.kind === "section") {
        const declaration = { ...base.declaration, body: undefined, value: expr, span: expr.span };
        return { ...base, declaration, module: scope.module, span: expr.span };
      }
      context.reporter.report(
        wrongType,
        {
          what: "what stands before `with`",
          needed: "a `data`, `recipe` or `experiment`",
          got: describeValue(base),
        },
        expr.base.span,
      );
      return undefined;
    }
    case "error":
      return undefined;
  }
}

function evaluateNumber(expr: NumberExpr, context: Context): NumberValue | undefined {
  const plain = Number.isInteger(expr.value) && !expr.text.includes(".");
  if (!expr.unit) {
    const digits = plain && /^\d+$/.test(expr.text) ? expr.text : undefined;
    return { kind: "number", value: expr.value, whole: plain, digits, unit: undefined, span: expr.span };
  }
  if (expr.unit.text === "%") return numberValue(expr.value / 100, false, undefined, expr.span);
  const unit: Unit | undefined = Object.hasOwn(unitWords, expr.unit.text)
    ? unitWords[expr.unit.text]
    : undefined;
  if (unit) return numberValue(expr.value, plain, unit, expr.span);
  const { text, span } = expr.unit;
  const meant = suggest(text, ["%", ...Object.keys(unitWords)]);
  context.reporter.report(
    unknownUnit,
    { unit: text },
    span,
    meant
      ? { fixes: [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "safe" }] }
      : { hint: `the units are %, ${listWords([...new Set(Object.values(unitWords))], "and")}` },
  );
  return undefined;
}

function evaluateName(
  name: Name,
  scope: Scope,
  context: Context,
  expected: ParameterType | undefined,
): Value | undefined {
  if (isNamed(scope, name.text)) {
    const value = scope.lookup(name.text);
    if (!value || !expected || fits(value, expected)) return value && placed(value, name.span);
    // `padding: valid` in a file that happens to declare a model `valid`.
    return resolveWord(name, expected) ?? placed(value, name.span);
  }
  if (name.text === "true" || name.text === "false")
    return { kind: "bool", value: name.text === "true", span: name.span };
  const word = resolveWord(name, expected);
  if (word) return word;
  if (name.text === "it") context.reporter.report(noValue, { what: "`it`" }, name.span);
  else reportUnknownName(name.text, name.span, scope, context, expected);
  return undefined;
}

function evaluateMember(
  expr: MemberExpr,
  scope: Scope,
  context: Context,
  expected: ParameterType | undefined,
): Value | undefined {
  const path = dottedPath(expr);
  if (path && expected?.kind === "path" && !isNamed(scope, path[0]!.text)) {
    const text = textOf(expr.span);
    const parameters = { what: "a path", needed: "in quotes", got: `\`${text}\`` };
    context.reporter.report(wrongType, parameters, expr.span, {
      fixes: [
        { title: `write \`"${text}"\``, edits: [{ span: expr.span, text: `"${text}"` }], safety: "safe" },
      ],
    });
    return undefined;
  }
  if (path && !isNamed(scope, path[0]!.text)) return evaluatePath(path, expr.span, scope, context, expected);
  const object = evaluate(expr.object, scope, context);
  if (!object) return undefined;
  if (object.kind === "record") {
    const entry = object.entries.find((each) => each.label === expr.name.text);
    if (entry) return entry.value;
    const labels = object.entries.map((each) => each.label);
    reportUnknownMember(expr.name, "this record", labels, context);
    return undefined;
  }
  if (object.kind === "operator" || object.kind === "declared") {
    const given = object.arguments.get(expr.name.text);
    if (given) return given;
    reportUnknownMember(expr.name, describeValue(object), [...object.arguments.keys()], context);
    return undefined;
  }
  reportUnknownMember(expr.name, describeValue(object), [], context);
  return undefined;
}

function evaluateIndex(expr: IndexExpr, scope: Scope, context: Context): Value | undefined {
  const object = evaluate(expr.object, scope, context);
  const index = evaluate(expr.index, scope, context, { kind: "int" });
  if (!object || !index) return undefined;
  if (object.kind !== "list") {
    const got = describeValue(object);
    context.reporter.report(wrongType, { what: "what is indexed", needed: "a list", got }, expr.object.span);
    return undefined;
  }
  if (index.kind !== "number" || !index.whole) {
    context.reporter.report(notWhole, { what: "an index", got: describeValue(index) }, expr.index.span);
    return undefined;
  }
  const item = object.items[index.value];
  if (!item) {
    const parameters = { index: String(index.value), length: object.items.length };
    context.reporter.report(noSuchElement, parameters, expr.index.span, {
      labels: [{ span: object.span, text: "the list" }],
    });
  }
  return item;
}

function evaluateRecord(
  expr: RecordExpr,
  scope: Scope,
  context: Context,
  expected: ParameterType | undefined,
): RecordValue | undefined {
  const of = expected?.kind === "any" ? expected : undefined;
  const entries: { label: string; value: Value; span: Span }[] = [];
  let sound = true;
  for (const { path, labelled, value: written, span } of expr.entries) {
    const label = labelled ? path.map((name) => name.text).join(".") : textOf(written.span);
    const before = entries.find((entry) => entry.label === label);
    if (before) {
      sound = false;
      context.reporter.report(repeatedArgument, { name: label, owner: "this record" }, span, {
        labels: [{ span: before.span, text: "first here" }],
        hint: "give each a label of its own",
      });
    }
    const value = evaluate(written, scope, context, of);
    if (value) entries.push({ label, value, span });
    else sound = false;
  }
  return sound ? { kind: "record", entries, span: expr.span } : undefined;
}

/** The unit of the end counts for start and step too. */
function evaluateRange(expr: RangeExpr, scope: Scope, context: Context): RangeValue | undefined {
  // `1e-4 .. 1e-1 log`: the word stands where a unit would.
  const log = expr.to.kind === "number" && expr.to.unit?.text === "log";
  const last = log ? { ...(expr.to as NumberExpr), unit: undefined } : expr.to;
  const ends = [expr.from, last, ...(expr.step ? [expr.step] : [])].map((end) => {
    const value = evaluate(end, scope, context);
    if (!value || value.kind === "number") return value;
    const got = describeValue(value);
    context.reporter.report(
      wrongType,
      { what: "an end or step of a range", needed: "a number", got },
      end.span,
    );
    return undefined;
  });
  if (ends.some((end) => !end)) return undefined;
  const [from, to, step] = ends as [NumberValue, NumberValue, NumberValue | undefined];
  const withUnit = (value: NumberValue) => (value.unit ? value : { ...value, unit: to.unit });
  if (step?.value === 0) {
    context.reporter.report(badRange, { problem: "the step of a range cannot be 0" }, expr.step!.span);
    return undefined;
  }
  const range = { from: withUnit(from), to, step: step && withUnit(step), span: expr.span };
  return { kind: "range", ...range, ...(log && { log }) };
}

function evaluateCall(
  expr: CallExpr,
  scope: Scope,
  context: Context,
  expected: ParameterType | undefined,
): Value | undefined {
  const path = dottedPath(expr.callee);
  const sole = path?.length === 1 ? path[0]! : undefined;
  if (isTensorCall(expr, scope, expected)) return { kind: "expression", expr, scope, span: expr.span };
  if (sole) {
    // `max(a, b)` of numbers is not the `max` of tensors.
    const own = isNamed(scope, sole.text) ? scope.lookup(sole.text) : undefined;
    if (isFunction(sole.text) && own?.kind !== "operator" && own?.kind !== "declared") {
      const wanted = expected?.kind === "operator" && expected.family !== "layer" && !isLoss(expected);
      if (!wanted) return evaluateFunction(sole.text, expr, scope, context, expected);
      // `keep = min(valid.loss)`
      reportUnknownName(sole.text, sole.span, scope, context, expected);
      return undefined;
    }
    const callee = findCallable(sole, scope, expected);
    if (callee) return apply(callee, expr, scope, context);
    if (isNamed(scope, sole.text)) {
      const value = scope.lookup(sole.text);
      if (value) {
        const parameters = { name: sole.text, is: describeValue(value) };
        context.reporter.report(notCallable, parameters, sole.span, {
          labels: [{ span: value.span, text: "its value" }],
        });
      }
      return undefined;
    }
    reportUnknownName(sole.text, sole.span, scope, context, expected);
    return undefined;
  }
  const callee = evaluate(expr.callee, scope, context, expected);
  if (!callee) return undefined;
  if (callee.kind === "metric") return evaluateMetricCall(callee, expr, scope, context);
  if (callee.kind === "operator" || callee.kind === "declared") return apply(callee, expr, scope, context);
  context.reporter.report(
    notCallable,
    { name: textOf(expr.callee.span), is: describeValue(callee) },
    expr.callee.span,
  );
  return undefined;
}

/** Where a loss is expected, a call that names what it is applied to: `cross_entropy(output, label)`. */
function isTensorCall(expr: CallExpr, scope: Scope, expected: ParameterType | undefined): boolean {
  return isLoss(expected) && expr.arguments.some(({ name, value }) => !name && namesTensor(value, scope));
}

const isLoss = (expected: ParameterType | undefined): boolean =>
  expected?.kind === "operator" && expected.family === "loss";

const namesTensor = (expr: Expr, scope: Scope): boolean =>
  expr.kind === "name" ? !isNamed(scope, expr.name.text) : expr.kind !== "number" && expr.kind !== "string";

/** `test.recall(of: spiral)`, or with what is compared: `test.psnr(generator(blurred), sharp)`. */
function evaluateMetricCall(
  callee: MetricValue,
  expr: CallExpr,
  scope: Scope,
  context: Context,
): MetricValue | undefined {
  const nameless = expr.arguments.filter((argument) => !argument.name);
  const plain = nameless.length === 1 && ["name", "number", "string"].includes(nameless[0]!.value.kind);
  const { metric } = callee;
  if (metric.kind === "operator" && (nameless.length === 0 || plain)) {
    const bound = apply(metric, expr, scope, context);
    return bound && { ...callee, metric: bound, span: expr.span };
  }
  const named = { ...expr, arguments: expr.arguments.filter((argument) => argument.name) };
  const bound = apply(metric, named, scope, context);
  const on = nameless.map(({ value }) => ({
    kind: "expression" as const,
    expr: value,
    scope,
    span: value.span,
  }));
  return bound && { ...callee, metric: bound, ...(on.length > 0 && { on }), span: expr.span };
}

/**
 * What a name stands for where something is called or applied: a layer, block or model in scope, else an operator of the
 * expected family, else of any. Values of other kinds do not hide it: `dropout(dropout)`.
 */
export function findCallable(
  name: Name,
  scope: Scope,
  expected: ParameterType | undefined,
): OperatorValue | DeclaredValue | undefined {
  const value = isNamed(scope, name.text) ? scope.lookup(name.text) : undefined;
  if (value?.kind === "operator" || value?.kind === "declared") return { ...value, span: name.span };
  const find = (type: ParameterType | undefined) => findIn(familiesOf(type), name.text, name.span);
  return find(expected) ?? find({ kind: "any" });
}

/** What a list's items are expected to be. */
function elementType(expected: ParameterType | undefined): ParameterType | undefined {
  if (expected?.kind === "list") return expected.of;
  if (expected?.kind === "any") return expected;
  if (expected?.kind === "union") return expected.of.map(elementType).find((type) => type !== undefined);
  return undefined;
}

/** Dotted names of the language itself: metrics of a split, operators in a module, declarations of `std`. */
import { otherTools } from "../diagnostics/notations.ts";
import { findOperator } from "../ops/registry.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { Expr, Name } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { Context } from "./context.ts";
import { listWords } from "./describe.ts";
import { wrongType } from "./messages.ts";
import { familiesOf, findIn, namesOf } from "./resolve.ts";
import { fileScope, isNamed, type Scope } from "./scope.ts";
import { reportForeignPath, reportUnknownMember, reportUnknownName, splitNames } from "./unknown.ts";
import type { DeclaredValue, MetricValue, OperatorValue, Value } from "./value.ts";

/** `simulate.galaxies` as names; undefined where something else than names stands before the dots. */
export function dottedPath(expr: Expr): readonly Name[] | undefined {
  if (expr.kind === "name") return [expr.name];
  if (expr.kind !== "member") return undefined;
  const object = dottedPath(expr.object);
  return object && [...object, expr.name];
}

/** What a dotted path of the language means: a metric, an operator in a module, a declaration of `std`. */
export function evaluatePath(
  path: readonly Name[],
  span: Span,
  scope: Scope,
  context: Context,
  expected: ParameterType | undefined,
): Value | undefined {
  const [first, second] = path as [Name, Name];
  const split = splitNames.find((name) => name === first.text);
  if (split && path.length === 2) return evaluateMetric(split, second, span, scope, context);
  if (first.text === "std") return evaluateStandard(path, span, context, scope);
  const dotted = path.map((name) => name.text).join(".");
  const operator = findIn([...familiesOf(expected), ...familiesOf({ kind: "any" })], dotted, span);
  if (operator) return operator;
  const prefix = `${first.text}.`;
  const siblings = [...namesOf({ kind: "any" })].filter((name) => name.startsWith(prefix));
  if (siblings.length === 0) {
    if (otherTools.has(first.text)) {
      reportForeignPath(path, span, context, expected);
      return undefined;
    }
    const type = expected?.kind === "metric" ? expected : undefined;
    reportUnknownName(first.text, first.span, scope, context, type);
    return undefined;
  }
  const inner = siblings.map((name) => name.slice(prefix.length));
  reportUnknownMember(second, `\`${first.text}\``, inner, context);
  return undefined;
}

function evaluateMetric(
  split: MetricValue["split"],
  name: Name,
  span: Span,
  scope: Scope,
  context: Context,
): MetricValue | undefined {
  const family = split === "cost" ? "cost" : "metric";
  const signature = findOperator(family, name.text);
  if (signature) {
    const metric: OperatorValue = { kind: "operator", signature, arguments: new Map(), span: name.span };
    return { kind: "metric", split, metric, span };
  }
  const own = split !== "cost" && isNamed(scope, name.text) ? scope.lookup(name.text) : undefined;
  if (own?.kind === "declared" && own.declaration.what === "metric")
    return { kind: "metric", split: split as "train", metric: placed(own, name.span) as DeclaredValue, span };
  reportUnknownName(name.text, name.span, scope, context, { kind: "operator", family });
  return undefined;
}

function evaluateStandard(
  path: readonly Name[],
  span: Span,
  context: Context,
  scope: Scope,
): Value | undefined {
  const [, moduleName, name] = path;
  if (!moduleName) return undefined;
  const module = scope.module.standard.get(moduleName.text);
  if (!module) {
    reportUnknownMember(moduleName, "`std`", context.host.standardModules, context);
    return undefined;
  }
  const of = `\`std.${moduleName.text}\``;
  const inner = fileScope(module, context);
  const names = module.file.declarations.flatMap((each) =>
    each.kind === "declaration" ? [each.name.text] : [],
  );
  if (!name) {
    context.reporter.report(
      wrongType,
      { what: of, needed: "one of its declarations", got: "the module itself" },
      span,
      {
        hint: `write ${listWords(names.map((each) => `\`std.${moduleName.text}.${each}\``))}`,
      },
    );
    return undefined;
  }
  if (!names.includes(name.text)) {
    reportUnknownMember(name, of, names, context);
    return undefined;
  }
  const value = inner.lookup(name.text);
  return value && placed(value, span);
}

/** A declaration is written once and named in many places: a message points at the name. */
export function placed(value: Value, span: Span): Value {
  return value.kind === "declared" || value.kind === "section" ? { ...value, span } : value;
}

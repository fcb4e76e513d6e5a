/** Functions on numbers that need no network: `where(c, a, b)`, `floor(x)`. */
import type { ParameterType } from "../ops/signature.ts";
import type { CallExpr } from "../syntax/ast.ts";
import { condition } from "./arithmetic.ts";
import type { Context } from "./context.ts";
import { describeValue, listWords } from "./describe.ts";
import { evaluate } from "./evaluate.ts";
import { argumentWithoutName, missingArgument, unknownParameter, wrongOperands } from "./messages.ts";
import { inUnit, numberValue } from "./quantity.ts";
import type { Scope } from "./scope.ts";
import type { NumberValue, Value } from "./value.ts";

interface Function {
  /** Names of the arguments, for messages; the last one may be repeated where `many`. */
  readonly takes: readonly string[];
  readonly many?: boolean;
  readonly compute: (values: readonly number[]) => number;
  /** Whole whatever goes in; else only where all that goes in is whole. */
  readonly whole?: boolean;
  /** The result has no unit that could be told from those of the arguments. */
  readonly unitless?: boolean;
}

const functions: Readonly<Record<string, Function>> = {
  floor: { takes: ["x"], whole: true, compute: ([x]) => Math.floor(x!) },
  ceil: { takes: ["x"], whole: true, compute: ([x]) => Math.ceil(x!) },
  round: { takes: ["x"], whole: true, compute: ([x]) => Math.round(x!) },
  abs: { takes: ["x"], compute: ([x]) => Math.abs(x!) },
  min: { takes: ["a", "b"], many: true, compute: (values) => Math.min(...values) },
  max: { takes: ["a", "b"], many: true, compute: (values) => Math.max(...values) },
  sqrt: { takes: ["x"], unitless: true, compute: ([x]) => Math.sqrt(x!) },
  log: { takes: ["x"], unitless: true, compute: ([x]) => Math.log(x!) },
  exp: { takes: ["x"], unitless: true, compute: ([x]) => Math.exp(x!) },
};

export const functionNames = (): readonly string[] => ["where", ...Object.keys(functions)];

export function isFunction(name: string): boolean {
  return name === "where" || Object.hasOwn(functions, name);
}

export function evaluateFunction(
  name: string,
  call: CallExpr,
  scope: Scope,
  context: Context,
  expected: ParameterType | undefined,
): Value | undefined {
  const takes = name === "where" ? ["condition", "a", "b"] : functions[name]!.takes;
  const named = call.arguments.find((argument) => argument.name);
  if (named?.name) {
    context.reporter.report(unknownParameter, { name: named.name.text, owner: name }, named.name.span, {
      hint: `write only the values: \`${name}(${takes.join(", ")})\``,
    });
    return undefined;
  }
  if (call.arguments.length < takes.length) {
    const names = takes.slice(call.arguments.length);
    context.reporter.report(missingArgument, { owner: name, names }, call.span, {
      hint: `write \`${name}(${takes.join(", ")})\``,
    });
    return undefined;
  }
  const many = name !== "where" && functions[name]!.many;
  if (call.arguments.length > takes.length && !many) {
    const extra = call.arguments[takes.length]!;
    context.reporter.report(
      argumentWithoutName,
      { owner: name, positional: takes.length, named: takes.length },
      extra.span,
      {
        hint: `\`${name}\` takes ${listWords(takes, "and")}`,
      },
    );
    return undefined;
  }
  const values = call.arguments.map((argument) => argument.value);
  if (name === "where") {
    const chosen = condition(values[0]!, "the condition of `where`", scope, context);
    return chosen && evaluate(chosen.value ? values[1]! : values[2]!, scope, context, expected);
  }
  const numbers = values.map((value) => evaluate(value, scope, context));
  if (numbers.some((value) => !value)) return undefined;
  return onNumbers(name, numbers as Value[], call, context);
}

function onNumbers(
  name: string,
  values: readonly Value[],
  call: CallExpr,
  context: Context,
): Value | undefined {
  const { compute, whole, unitless } = functions[name]!;
  const { unit } = values[0] as NumberValue;
  const numbers = values.map((value) => (value.kind === "number" ? inUnit(value, unit) : undefined));
  const wrong = numbers.findIndex((number) => number === undefined || (unitless && unit !== undefined));
  if (wrong >= 0) {
    const parameters = { operator: name, left: describeValue(values[wrong]!), right: undefined };
    context.reporter.report(wrongOperands, parameters, call.arguments[wrong]!.span);
    return undefined;
  }
  const result = compute(numbers as number[]);
  const isWhole = whole || (!unitless && values.every((value) => (value as NumberValue).whole));
  return numberValue(result, isWhole, unit, call.span);
}

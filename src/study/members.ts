/** Values inside values: the parameters of a call, the entries of a record. */
import { describeValue, showValue } from "../check/describe.ts";
import { reportUnknownMember, withArgument } from "../check/evaluate.ts";
import { declaredType } from "../check/parameters.ts";
import type { Value } from "../check/value.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { Name } from "../syntax/ast.ts";
import type { Replacement, StudyContext } from "./context.ts";
import { unknownPath, valueReplaced } from "./diagnostics.ts";

/** The value with the one at `replacement.path`, from its word `at` on, replaced. Undefined after a report. */
export function replaceMember(
  value: Value,
  replacement: Replacement,
  at: number,
  context: StudyContext,
): Value | undefined {
  const name = replacement.path[at]!;
  const member = memberOf(value, name.text);
  if (!member) {
    reportUnknownMember(name, describeValue(value), memberNames(value), context);
    return undefined;
  }
  let inner: Value | undefined;
  if (at === replacement.path.length - 1) {
    if (member.value)
      reportReplaced(`${name.text} ${showValue(member.value)}`, member.value, replacement, context);
    inner = replacement.value(member.type, context);
  } else if (member.value) inner = replaceMember(member.value, replacement, at + 1, context);
  else
    context.reporter.report(
      unknownPath,
      { problem: `\`${name.text}\` is not given, so nothing in it can be replaced` },
      name.span,
    );
  return inner && withMember(value, name.text, inner, context);
}

export function reportReplaced(
  what: string,
  old: { readonly span: Value["span"] },
  replacement: Replacement,
  context: StudyContext,
): void {
  if (replacement.by === undefined) return;
  context.reporter.report(valueReplaced, { what, by: replacement.by }, old.span, {
    labels: [{ span: pathSpan(replacement.path), text: "by this" }],
  });
}

export function pathSpan(path: readonly Name[]): Name["span"] {
  const first = path[0]!.span;
  return { file: first.file, start: first.start, end: path[path.length - 1]!.span.end };
}

/** What may be replaced in a value: its type where it is known, its value where it was given. */
function memberOf(
  value: Value,
  name: string,
): { readonly type?: ParameterType; readonly value: Value | undefined } | undefined {
  switch (value.kind) {
    case "operator": {
      const parameter = value.signature.parameters.find((each) => each.name === name);
      return parameter && { type: parameter.type, value: value.arguments.get(name) };
    }
    case "declared": {
      const parameter = value.declaration.parameters.find((each) => each.name.text === name);
      return (
        parameter && {
          type: declaredType(value.declaration, parameter),
          value: value.arguments.get(name),
        }
      );
    }
    case "record": {
      const entry = value.entries.find((each) => each.label === name);
      return entry && { value: entry.value };
    }
    default:
      return undefined;
  }
}

function memberNames(value: Value): readonly string[] {
  switch (value.kind) {
    case "operator":
      return value.signature.parameters.map((parameter) => parameter.name);
    case "declared":
      return value.declaration.parameters.map((parameter) => parameter.name.text);
    case "record":
      return value.entries.map((entry) => entry.label);
    default:
      return [];
  }
}

function withMember(value: Value, name: string, inner: Value, context: StudyContext): Value | undefined {
  switch (value.kind) {
    case "operator":
      return withArgument(value, name, inner, context);
    case "declared":
      return { ...value, arguments: new Map(value.arguments).set(name, inner) };
    case "record":
      return {
        ...value,
        entries: value.entries.map((entry) => (entry.label === name ? { ...entry, value: inner } : entry)),
      };
    default:
      return undefined;
  }
}

/** Equal for values that mean the same, wherever they are written. */
export function valueKey(value: Value): string {
  switch (value.kind) {
    case "number":
      return `${value.digits ?? value.value}${value.unit ?? ""}`;
    case "bool":
      return String(value.value);
    case "string":
      return JSON.stringify(value.value);
    case "word":
      return `'${value.value}`;
    case "list":
      return `[${value.items.map(valueKey).join()}]`;
    case "record":
      return `{${value.entries.map((entry) => `${entry.label}:${valueKey(entry.value)}`).join()}}`;
    case "range":
      return `${valueKey(value.from)}..${valueKey(value.to)}${value.step ? `/${valueKey(value.step)}` : ""}${value.log ? " log" : ""}`;
    case "operator":
      return `${value.signature.family} ${value.signature.name}(${argumentsKey(value.arguments)})`;
    case "declared":
      return `${placeKey(value.declaration.span)}(${argumentsKey(value.arguments)})`;
    case "section":
      return placeKey(value.declaration.span);
    case "metric":
      return `${value.split}.${valueKey(value.metric)}(${(value.on ?? []).map(valueKey).join()})`;
    case "expression":
      return `${placeKey(value.span)}-${value.span.end}`;
  }
}

const argumentsKey = (given: ReadonlyMap<string, Value>): string =>
  [...given]
    .map(([name, value]) => `${name}:${valueKey(value)}`)
    .sort()
    .join();

const placeKey = (span: Value["span"]): string => `${span.file.path}@${span.start}`;

/** Arguments of a call to the parameters of what is called. */
import { createReporter, type Details, type Fix, type Label } from "../diagnostics/diagnostic.ts";
import { argumentNotations } from "../diagnostics/notations.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { ParameterType, Signature } from "../ops/signature.ts";
import type { Argument, CallExpr, NamedDecl } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { Context } from "./context.ts";
import { listWords } from "./describe.ts";
import { evaluate } from "./evaluate.ts";
import { argumentWithoutName, repeatedArgument, unknownParameter } from "./messages.ts";
import { declaredType } from "./parameters.ts";
import type { Scope } from "./scope.ts";
import type { DeclaredValue, ListValue, OperatorValue, Value } from "./value.ts";

/** What is called, whether an operator of the language or a declared model or block. */
export interface Callable {
  readonly name: string;
  readonly slots: readonly Slot[];
  /** How many may come without a name. */
  readonly positional: number;
}

interface Slot {
  readonly name: string;
  readonly type: ParameterType;
}

export function callableOf(of: Signature | NamedDecl): Callable {
  const known = callables.get(of) ?? makeCallable(of);
  callables.set(of, known);
  return known;
}

const callables = new WeakMap<Signature | NamedDecl, Callable>();

function makeCallable(of: Signature | NamedDecl): Callable {
  if ("family" in of) return { name: of.name, slots: of.parameters, positional: of.positional ?? 1 };
  const slots = of.parameters.map((parameter) => ({
    name: parameter.name.text,
    type: declaredType(of, parameter),
  }));
  return { name: of.name.text, slots, positional: 1 };
}

/**
 * The arguments by parameter, those of `given` included. Values without a name go to the first parameters in order; where any
 * number may come without a name, they are the items of the first list. Undefined after a report.
 */
export function bindArguments(
  call: CallExpr,
  callable: Callable,
  given: ReadonlyMap<string, Value>,
  scope: Scope,
  context: Context,
): ReadonlyMap<string, Value> | undefined {
  const bound = new Map(given);
  const places = new Map<string, Span>();
  for (const [name, { span }] of given) places.set(name, span);
  let sound = true;
  const put = (name: string, value: Value | undefined, argument: Argument) => {
    if (value) bound.set(name, value);
    else sound = false;
    places.set(name, (argument.name ?? argument.value).span);
  };

  const nameless = call.arguments.filter((argument) => !argument.name);
  const collector = collectorOf(callable, given);
  if (collector && nameless.length > 0) {
    const list = collectItems(nameless, collector, scope, context);
    put(collector.name, list, nameless[0]!);
  } else {
    for (const [index, argument] of nameless.entries()) {
      const slot = index < callable.positional ? callable.slots[index] : undefined;
      if (slot && !given.has(slot.name))
        put(slot.name, evaluate(argument.value, scope, context, slot.type), argument);
      else {
        sound = false;
        const meant =
          index <= callable.positional ? meantBy(call, nameless, callable, scope, context) : undefined;
        reportNameless(meant?.span ?? argument.value.span, callable, bound, meant?.details, context);
        // One mistake: where the second value has no name, none behind it has.
        break;
      }
    }
  }

  for (const argument of call.arguments) {
    if (!argument.name) continue;
    const { text: name, span } = argument.name;
    const slot = callable.slots.find((each) => each.name === name);
    if (!slot) {
      sound = false;
      reportUnknown(name, span, callable, context);
      continue;
    }
    const before = places.get(name);
    if (before) {
      sound = false;
      const labels: readonly Label[] = [{ span: before, text: "first here" }];
      context.reporter.report(repeatedArgument, { name, owner: callable.name }, span, {
        labels,
        hint: "keep one of them",
      });
      continue;
    }
    put(name, evaluate(argument.value, scope, context, slot.type), argument);
  }
  return sound ? bound : undefined;
}

function collectorOf(callable: Callable, given: ReadonlyMap<string, Value>): Slot | undefined {
  if (callable.positional !== Number.POSITIVE_INFINITY) return undefined;
  return callable.slots.find((slot) => slot.type.kind === "list" && !given.has(slot.name));
}

function collectItems(
  nameless: readonly Argument[],
  slot: Slot,
  scope: Scope,
  context: Context,
): Value | undefined {
  const of = slot.type.kind === "list" ? slot.type.of : slot.type;
  const items = nameless.map((argument) => evaluate(argument.value, scope, context, of));
  if (items.some((item) => !item)) return undefined;
  const sole = items.length === 1 ? items[0]! : undefined;
  if (sole && (sole.kind === "list" || sole.kind === "range")) return sole;
  const first = nameless[0]!.span;
  const span = { file: first.file, start: first.start, end: nameless.at(-1)!.span.end };
  return { kind: "list", items: items as Value[], span } satisfies ListValue;
}

/** What values without a name that have no place probably stand for: one list, one range, or layers one after the other. */
function meantBy(
  call: CallExpr,
  nameless: readonly Argument[],
  callable: Callable,
  scope: Scope,
  context: Context,
): { readonly span: Span; readonly details: Details } | undefined {
  const { file } = call.span;
  const first = nameless[0]!.value.span;
  const last = nameless.at(-1)!.value.span;
  const text = (span: Span) => file.text.slice(span.start, span.end);
  const written = (what: string, span: Span, by: string) => ({
    span,
    details: {
      text: `${what} is meant?`,
      fixes: [{ title: `write \`${by}\``, edits: [{ span, text: by }], safety: "review" as const }],
    },
  });
  const all = { file, start: first.start, end: last.end };
  const from = call.arguments.indexOf(nameless[0]!);
  if (nameless.some((argument, i) => call.arguments[from + i] !== argument)) return undefined;
  const { type } = callable.slots[0] ?? {};
  if (type?.kind === "list" && nameless.length > 1) return written("one list", all, `[${text(all)}]`);
  if (type?.kind === "range" && nameless.length === callable.positional + 1) {
    const second = nameless[1]!.value.span;
    return written("a range", { ...all, end: second.end }, `${text(first)} .. ${text(second)}`);
  }
  if (callable.slots.length > 0 || nameless.length > 1) return undefined;
  const quiet = { ...context, reporter: createReporter() };
  const inner = evaluate(nameless[0]!.value, scope, quiet, { kind: "operator", family: "layer" });
  if (inner?.kind !== "operator" && inner?.kind !== "declared") return undefined;
  return {
    span: first,
    details: {
      text: "a layer is not a tensor",
      hint: `write layers one after the other: \`${text(first)}; ${callable.name}\``,
    },
  };
}

function reportNameless(
  span: Span,
  callable: Callable,
  bound: ReadonlyMap<string, Value>,
  meant: Details | undefined,
  context: Context,
): void {
  const open = callable.slots.filter((slot) => !bound.has(slot.name)).map((slot) => slot.name);
  const fixes: Fix[] = open.slice(0, 1).map((name) => ({
    title: `write \`${name}:\` before it`,
    edits: [{ span: { ...span, end: span.start }, text: `${name}: ` }],
    safety: "review",
  }));
  const positional = Math.min(callable.positional, callable.slots.length);
  context.reporter.report(
    argumentWithoutName,
    { owner: callable.name, positional, named: callable.slots.length },
    span,
    meant ?? {
      text: open.length > 0 ? "this needs a name" : "",
      hint:
        open.length > 0
          ? `write its name before it: ${listWords(open.map((name) => `\`${name}:\``))}`
          : "leave it out",
      fixes,
    },
  );
}

/** `adam(learning_rate: ...)`: it is called `lr` here. */
export function reportUnknown(name: string, span: Span, callable: Callable, context: Context): void {
  const names = callable.slots.map((slot) => slot.name);
  const notation = argumentNotations[name];
  const meant = notation === undefined ? suggest(name, names) : undefined;
  const takes =
    names.length === 1
      ? `\`${callable.name}\` has the parameter \`${names[0]}\``
      : names.length > 0
        ? `the parameters of \`${callable.name}\` are ${listWords(
            names.map((each) => `\`${each}\``),
            "and",
          )}`
        : `\`${callable.name}\` has no parameters`;
  context.reporter.report(unknownParameter, { name, owner: callable.name }, span, {
    text: meant ? `it is called \`${meant}\` here` : "not known",
    hint: meant ? undefined : (notation ?? takes),
    fixes: meant ? [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "safe" }] : [],
  });
}

/** The operator or declared network with more arguments. */
export function apply<T extends OperatorValue | DeclaredValue>(
  callee: T,
  call: CallExpr,
  scope: Scope,
  context: Context,
): T | undefined {
  const of = callee.kind === "operator" ? callee.signature : callee.declaration;
  const bound = bindArguments(call, callableOf(of), callee.arguments, scope, context);
  return bound && { ...callee, arguments: bound, span: call.span };
}

/** From values to the JSON form of a parameter, with the checks of type, unit and range. */
import { createReporter, type Details } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { findOperator, operatorNames } from "../ops/registry.ts";
import type { Family, Json, OpCall, ParameterType, Signature } from "../ops/signature.ts";
import { textOf } from "../text/source.ts";
import { callableOf, reportUnknown } from "./bind.ts";
import type { Context } from "./context.ts";
import { describeType, describeValue, familyWord, listWords, showValue, withArticle } from "./describe.ts";
import { missingArgument, unknownOperator, unknownWord, wrongFamily, wrongType } from "./messages.ts";
import { durationToJson, intToJson, rangeToJson, realToJson, seedToJson } from "./numbers-to-json.ts";
import { rangeItems } from "./range.ts";
import { namesOf } from "./resolve.ts";
import type { DeclaredValue, OperatorValue, Value } from "./value.ts";

/**
 * The value in the JSON form that `ParameterType` promises, or undefined after a report at the value's place. `what` names it in
 * messages: `` `lr` of `sgd` ``.
 */
export function toJson(value: Value, type: ParameterType, context: Context, what: string): Json | undefined {
  switch (type.kind) {
    case "int":
      return intToJson(value, type, context, what);
    case "real":
      return realToJson(value, type, context, what);
    case "seed":
      return seedToJson(value, context, what);
    case "duration":
      return durationToJson(value, type, context, what);
    case "range":
      return rangeToJson(value, type, context, what);
    case "bool":
      return value.kind === "bool" ? value.value : mismatch(value, type, context, what);
    case "string":
    case "path":
      return value.kind === "string" ? value.value : mismatch(value, type, context, what);
    case "word":
      return wordToJson(value, type, context, what);
    case "label":
    case "field":
      return labelOf(value, type) ?? mismatch(value, type, context, what);
    case "metric":
      if (value.kind !== "metric") return mismatch(value, type, context, what);
      return metricToJson(value, context);
    case "operator":
      return operatorToJson(value, type.family, context, what);
    case "list":
      return listToJson(value, type, context, what);
    case "record":
      return recordToJson(value, type, context, what);
    case "union":
      return unionToJson(value, type, context, what);
    case "any":
      return anyToJson(value, context, what);
  }
}

/** All parameters, defaults filled in; reports what is missing. */
export function complete(operator: OperatorValue, context: Context): OpCall | undefined {
  const { signature, span } = operator;
  const parameters: Record<string, Json> = {};
  const missing: string[] = [];
  let sound = true;
  for (const { name, type, default: otherwise, optional } of signature.parameters) {
    const given = operator.arguments.get(name);
    if (given) {
      const json = toJson(given, type, context, `\`${name}\` of \`${signature.name}\``);
      if (json === undefined) sound = false;
      else parameters[name] = json;
    } else if (otherwise !== undefined) parameters[name] = otherwise;
    else if (!optional) missing.push(name);
  }
  if (missing.length > 0) {
    sound = false;
    context.reporter.report(missingArgument, { owner: signature.name, names: missing }, span, {
      hint: `write \`${exampleCall(signature, missing, operator)}\``,
    });
  }
  return sound ? { op: signature.name, parameters } : undefined;
}

const examples: Readonly<Partial<Record<ParameterType["kind"], string>>> = {
  metric: "valid.loss",
  path: '"..."',
};

function exampleCall(signature: Signature, missing: readonly string[], operator: OperatorValue): string {
  const parts = signature.parameters.flatMap(({ name, type }, index) => {
    const given = operator.arguments.get(name);
    if (!given && !missing.includes(name)) return [];
    const text = given ? showValue(given) : (examples[type.kind] ?? "...");
    return [index < (signature.positional ?? 1) ? text : `${name}: ${text}`];
  });
  // A layer that was handed over is called by the name of the parameter.
  const written = /^\w+(?=[(]|$)/.exec(textOf(operator.span))?.[0];
  return `${written ?? signature.name}(${parts.join(", ")})`;
}

/** The value with one parameter replaced: `recipe.optimizer.lr`. Reports an unknown parameter. */
export function withArgument(
  operator: OperatorValue,
  name: string,
  value: Value,
  context: Context,
): OperatorValue | undefined {
  if (!operator.signature.parameters.some((parameter) => parameter.name === name)) {
    reportUnknown(name, value.span, callableOf(operator.signature), context);
    return undefined;
  }
  return { ...operator, arguments: new Map([...operator.arguments, [name, value]]) };
}

export function mismatch(value: Value, type: ParameterType, context: Context, what: string): undefined {
  const parameters = { what, needed: describeType(type), got: describeValue(value) };
  context.reporter.report(wrongType, parameters, value.span, wayFrom(value, type, context));
  return undefined;
}

function wayFrom(value: Value, type: ParameterType, context: Context): Details {
  const write = (text: string, why: string): Details => ({
    text: why,
    fixes: [{ title: `write \`${text}\``, edits: [{ span: value.span, text }], safety: "safe" }],
  });
  if (type.kind === "metric" && value.kind === "operator")
    return { hint: `write \`valid.${value.signature.name}\`` };
  if ((type.kind === "string" || type.kind === "path") && value.kind === "word")
    return { hint: `put it in quotes: "${value.value}"` };
  if (type.kind === "operator" && value.kind === "string") {
    const names = operatorNames(type.family);
    const reader = type.family === "reader" ? readerOf(value.value) : undefined;
    if (reader) return write(`${reader}("${value.value}")`, "a file, and what reads it?");
    const meant = names.includes(value.value) ? value.value : suggest(value.value, names);
    return meant ? write(meant, "a name, without quotes") : { text: "names have no quotes" };
  }
  if (type.kind === "operator" && value.kind === "number") {
    const takes = operatorNames(type.family).find(
      (name) => findOperator(type.family, name)!.parameters[0]?.type.kind === "real",
    );
    if (takes) return { hint: `say which, as \`${takes}(${showValue(value)})\`` };
  }
  if (
    value.kind === "string" &&
    numeric.has(type.kind) &&
    /^-?\d[\d.e+-]*(?: ?[a-z]+|%)?$/i.test(value.value)
  )
    return write(value.value, "a number, without quotes");
  if (type.kind === "range" && value.kind === "number") {
    const end = showValue({ ...value, value: Math.abs(value.value) });
    return { hint: `a range has two ends: \`0 .. ${end}\`, or \`-${end} .. ${end}\`` };
  }
  if (type.kind === "list") {
    const quiet = { ...context, reporter: createReporter() };
    if (toJson(value, type.of, quiet, "") !== undefined) return write(`[${showValue(value)}]`, "one value");
  }
  return {};
}

const numeric: ReadonlySet<ParameterType["kind"]> = new Set(["int", "real", "seed", "duration"]);

/** By the end of a file's name. */
function readerOf(path: string): string | undefined {
  const end = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const readers: Readonly<Record<string, string>> = {
    csv: "csv",
    tsv: "csv",
    parquet: "parquet",
    tfrecord: "tfrecord",
    npz: "numpy",
    npy: "numpy",
    fits: "fits",
  };
  return Object.hasOwn(readers, end) ? readers[end] : undefined;
}

/** A bare word, or an operator that happens to have the word's name. */
function wordOf(value: Value): string | undefined {
  if (value.kind === "word") return value.value;
  return value.kind === "operator" && value.arguments.size === 0 ? value.signature.name : undefined;
}

function wordToJson(
  value: Value,
  type: Extract<ParameterType, { kind: "word" }>,
  context: Context,
  what: string,
): Json | undefined {
  const word = value.kind === "string" ? value.value : wordOf(value);
  if (word === undefined) return mismatch(value, type, context, what);
  if (value.kind !== "string" && type.words.includes(word)) return word;
  const { span } = value;
  const meant = type.words.includes(word) ? word : suggest(word, type.words);
  const got = value.kind === "string" ? `"${word}"` : `\`${showValue(value)}\``;
  context.reporter.report(unknownWord, { what, got, needed: describeType(type) }, span, {
    text: meant ? (value.kind === "string" ? "a word, without quotes" : `did you mean \`${meant}\`?`) : "",
    fixes: meant ? [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "safe" }] : [],
  });
  return undefined;
}

/** A name that the user gives. Names that are no words stand in quotes; classes may be numbers. */
function labelOf(value: Value, type: ParameterType): string | undefined {
  if (value.kind === "string") return value.value;
  if (type.kind === "label" && value.kind === "number" && value.digits !== undefined) return value.digits;
  return wordOf(value);
}

/** The form of a metric in plans: what is measured where, and on what, where that is written. */
export function metricToJson(
  { split, metric, on }: Extract<Value, { kind: "metric" }>,
  context: Context,
): Json | undefined {
  const call = metric.kind === "operator" ? complete(metric, context) : completeDeclared(metric, context);
  return (
    call && { split, metric: call.op, parameters: call.parameters, ...(on && { on: on.map(showValue) }) }
  );
}

/** Of an own metric only what is given, and its `goal`: other defaults are its own matter. */
function completeDeclared(
  { declaration, arguments: given }: DeclaredValue,
  context: Context,
): OpCall | undefined {
  const goal = declaration.parameters.find(({ name }) => name.text === "goal")?.default;
  const entries = [...given].map(
    ([name, value]) => [name, anyToJson(value, context, `\`${name}\``)] as const,
  );
  if (entries.some(([, json]) => json === undefined)) return undefined;
  const own = goal?.kind === "name" ? { goal: goal.name.text } : {};
  return {
    op: declaration.name.text,
    parameters: { ...own, ...Object.fromEntries(entries) } as OpCall["parameters"],
  };
}

function operatorToJson(value: Value, family: Family, context: Context, what: string): Json | undefined {
  if (value.kind === "word") {
    const meant = suggest(value.value, operatorNames(family));
    const { span } = value;
    context.reporter.report(unknownOperator, { what: familyWord(family), name: value.value }, span, {
      text: meant ? `did you mean \`${meant}\`?` : "not known",
      fixes: meant ? [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "safe" }] : [],
    });
    return undefined;
  }
  if (value.kind !== "operator") return mismatch(value, { kind: "operator", family }, context, what);
  const fitting = inFamily(value, family);
  if (fitting) {
    const call = complete(fitting, context);
    return call && { op: call.op, parameters: call.parameters };
  }
  const needed = withArticle(familyWord(family));
  const parameters = {
    name: value.signature.name,
    is: withArticle(familyWord(value.signature.family)),
    needed,
  };
  const names = operatorNames(family);
  const meant = suggest(value.signature.name, names);
  const { span } = value;
  context.reporter.report(wrongFamily, parameters, span, {
    text: meant ? `did you mean \`${meant}\`?` : what === needed ? "" : `${what} takes ${needed}`,
    hint:
      !meant && names.length > 0 && names.length <= 12
        ? `there are ${listWords(
            names.map((name) => `\`${name}\``),
            "and",
          )}`
        : undefined,
    fixes:
      meant && value.arguments.size === 0
        ? [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "review" }]
        : [],
  });
  return undefined;
}

/** A name that stands in several families is read as the one that is needed: `random` is a split, an axis and an initializer. */
export function inFamily(value: OperatorValue, family: Family): OperatorValue | undefined {
  if (value.signature.family === family) return value;
  const signature = findOperator(family, value.signature.name);
  const known = new Set(signature?.parameters.map((parameter) => parameter.name));
  return signature && [...value.arguments.keys()].every((name) => known.has(name))
    ? { ...value, signature }
    : undefined;
}

function listToJson(
  value: Value,
  type: Extract<ParameterType, { kind: "list" }>,
  context: Context,
  what: string,
): Json | undefined {
  const items = value.kind === "list" ? value.items : value.kind === "range" ? rangeItems(value) : undefined;
  if (!items) return mismatch(value, type, context, what);
  const json = items.map((item) => toJson(item, type.of, context, `an element of ${what}`));
  return json.some((item) => item === undefined) ? undefined : (json as Json[]);
}

function recordToJson(
  value: Value,
  type: Extract<ParameterType, { kind: "record" }>,
  context: Context,
  what: string,
): Json | undefined {
  if (value.kind !== "record") return mismatch(value, type, context, what);
  const json: Record<string, Json> = {};
  for (const { label, value: entry, span } of value.entries) {
    const known = type.entries.find(({ name }) => name === label);
    if (!known) {
      reportUnknown(
        label,
        { ...span, end: span.start + label.length },
        { name: what.replaceAll("`", ""), slots: type.entries, positional: 0 },
        context,
      );
      return undefined;
    }
    const each = toJson(entry, known.type, context, `\`${label}\` in ${what}`);
    if (each === undefined) return undefined;
    json[label] = each;
  }
  return json;
}

/** The first alternative that fits. Where none does, the one that the value's own kind points to says why. */
function unionToJson(
  value: Value,
  type: Extract<ParameterType, { kind: "union" }>,
  context: Context,
  what: string,
): Json | undefined {
  let closest: (() => void) | undefined;
  for (const each of type.of) {
    const reporter = createReporter();
    const json = toJson(value, each, { ...context, reporter }, what);
    if (json !== undefined) return json;
    const sameKind = reporter.diagnostics.every((diagnostic) => diagnostic.code !== wrongType.code);
    if (sameKind && value.kind !== "word") closest ??= () => toJson(value, each, context, what);
  }
  if (closest) {
    closest();
    return undefined;
  }
  const word = wordOf(value);
  const words = type.of.find((each) => each.kind === "word");
  if (words && word !== undefined && suggest(word, words.words))
    return wordToJson(value, words, context, what);
  const meant = word === undefined ? undefined : suggest(word, namesOf(type));
  const { span } = value;
  const parameters = { what, needed: describeType(type), got: describeValue(value) };
  context.reporter.report(wrongType, parameters, span, {
    hint: meant && `write \`${meant}\``,
    fixes: meant ? [{ title: `write \`${meant}\``, edits: [{ span, text: meant }], safety: "safe" }] : [],
  });
  return undefined;
}

function anyToJson(value: Value, context: Context, what: string): Json | undefined {
  switch (value.kind) {
    case "number":
      return value.unit ? showValue(value) : value.value;
    case "bool":
    case "string":
    case "word":
      return value.value;
    case "list":
      return listToJson(value, { kind: "list", of: { kind: "any" } }, context, what);
    case "record": {
      const entries = value.entries.map(
        (entry) => [entry.label, anyToJson(entry.value, context, what)] as const,
      );
      return entries.some(([, json]) => json === undefined)
        ? undefined
        : (Object.fromEntries(entries) as Json);
    }
    case "range":
      return rangeToJson(value, { kind: "range" }, context, what);
    case "operator":
      return operatorToJson(value, value.signature.family, context, what);
    case "metric":
      return metricToJson(value, context);
    case "declared":
    case "section":
    case "expression":
      return showValue(value);
  }
}

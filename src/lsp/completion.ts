import { callableOf } from "../check/bind.ts";
import { functionNames } from "../check/functions.ts";
import { familiesOf, findIn, namesOf } from "../check/resolve.ts";
import { createReporter } from "../diagnostics/diagnostic.ts";
import type { ParseFile } from "../modules/keep-parsed.ts";
import { editions, readProgram } from "../modules/load.ts";
import { findOperator } from "../ops/registry.ts";
import type { Family, ParameterType } from "../ops/signature.ts";
import { bindNames } from "../study/names/bind.ts";
import {
  type BodyKind,
  type Calls,
  type Choice,
  type Listener,
  library,
  type Place,
} from "../study/names/binder.ts";
import { parameterMeaning } from "../study/names/expression.ts";
import type { Definition, Meaning } from "../study/names/meaning.ts";
import { type NameScope, scopeOfFile, visible } from "../study/names/scope.ts";
import { bodiesOfDeclaration, fieldAt } from "../study/names/section-lines.ts";
import type { StudyHost } from "../study/source-columns.ts";
import { type Following, followingAt } from "../syntax/following.ts";
import { lineStart, positionAt, type Span } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";
import { type Completion, itemOf, itemOfSnippet } from "./completion-items.ts";
import { acceptsShape, learns, shapeBefore } from "./fits-shape.ts";
import { fitsValue, measures } from "./fits-value.ts";
import { declarationAt } from "./places.ts";
import { joints, statementsOf } from "./statements.ts";

export interface Completions {
  /** What is replaced. */
  readonly span: Span;
  readonly items: readonly Completion[];
}

/** Stands for the name that is being written. */
const written = "dlc_name_here";

/** What may be written at a place, and only that. */
export function complete(analysis: Analysis, offset: number, parseFile?: ParseFile): Completions {
  const { source } = analysis.module.file;
  const { text } = source;
  const start = offset - /[\p{L}\p{N}_]*$/u.exec(text.slice(0, offset))![0].length;
  const end = offset + /^[\p{L}\p{N}_]*/u.exec(text.slice(offset))![0].length;
  const span = { file: source, start, end };
  const following = followingAt(text, start);
  const items = [...words(following, analysis, start)];
  let before = 0;
  const listener: Listener = {
    place(place) {
      if (!place.name.text.includes(written)) return;
      // The name of a module holds dots: all of it is replaced.
      before = Math.max(before, place.name.text.indexOf(written));
      items.push(...itemsOf(place, following, analysis, offset));
    },
  };
  if (following.value || following.unit) {
    const changed = text.slice(0, start) + written + text.slice(end);
    listen(analysis.path, changed, start, analysis.host, listener, parseFile);
  }
  if (items.length === 0 && following.value && isOutside(analysis, start))
    items.push(...statementsOf("file", analysis).map(itemOfSnippet));
  const goesOn = text[end] === ".";
  return {
    span: { ...span, start: start - before },
    items: distinct(items).map((item) =>
      goesOn ? { ...item, insert: item.insert.replace(/\.$/, "") } : item,
    ),
  };
}

/** Binds the names around a place of a file with that text. */
function listen(
  path: string,
  text: string,
  offset: number,
  host: StudyHost,
  listener: Listener,
  parseFile?: ParseFile,
): void {
  const reporter = createReporter();
  const overlay: StudyHost = {
    ...host,
    standardModules: host.standardModules,
    read: (other) => (other === path ? text : host.read(other)),
  };
  const { program } = readProgram(path, overlay, reporter, parseFile);
  const declaration = declarationAt(program.main, offset);
  if (declaration) bindNames(declaration, program.main, program, { host: overlay, reporter }, listener);
}

/** What goes on with the statement that has been begun. */
function words({ head, words }: Following, { module }: Analysis, offset: number): readonly Completion[] {
  if (head === "edition") return editions.map((text) => itemOf({ text, meaning: { kind: "word", text } }));
  const declaration = declarationAt(module, offset);
  const what = declaration?.kind === "declaration" ? declaration.what : undefined;
  const isNetwork = ["model", "block", "loss", "metric"].includes(what ?? "");
  return words.flatMap((word): readonly Completion[] => {
    // One grammar has the statements of all bodies.
    if (word === "as" && !isNetwork && head !== "report") return [];
    if (word === "over" && isNetwork) return [];
    const text = word === "paired" ? "paired by" : word;
    return [{ label: text, insert: `${text} `, what: "word", detail: joints[word] ?? "", doc: "", rank: 0 }];
  });
}

function itemsOf(
  place: Place,
  following: Following,
  analysis: Analysis,
  offset: number,
): readonly Completion[] {
  const names = visible(place.scope);
  const items: Completion[] = [];
  if (place.only) items.push(...place.only().map((choice) => itemOf(choice, rankOf(choice, place.scope))));
  if (place.call)
    for (const callee of place.call.of)
      for (const { name } of callableOf(callee).slots)
        if (!place.call.given.includes(name))
          for (const meaning of parameterMeaning(callee, name))
            items.push({ ...itemOf({ text: name, meaning }), label: `${name}:`, insert: `${name}: ` });
  if (place.value) {
    const { expected, also, calls } = place.value;
    const inFile = place.scope.outer === undefined;
    for (const [text, meaning] of names)
      if (fitsValue(meaning, expected, calls, inFile)) items.push(itemOf({ text, meaning }, 1));
    items.push(...also().map((choice) => itemOf(choice, 1)));
    if (expected) items.push(...namesOfType(expected, following.head));
    if (expected?.kind === "operator" && inLibrary.has(expected.family)) items.push(itemOf(library, 2));
    if (expected && isNumber(expected)) items.push(...callsIn("numbers", names));
    if (!expected) items.push(...callsIn(calls, names));
  }
  if (place.tensor) {
    items.push(...place.tensor.also().map((choice) => itemOf(choice, 1)));
    if (place.tensor.calls) items.push(...callsIn(place.tensor.calls, names));
  }
  if (place.body) items.push(...inBody(place.body, names, analysis, offset));
  return items;
}

const inLibrary: ReadonlySet<Family> = new Set(["layer", "loss"]);

const isNumber = (type: ParameterType): boolean =>
  type.kind === "int" || type.kind === "real" || (type.kind === "union" && type.of.some(isNumber));

/** Metrics that none of the fields of a file suits come last. */
function rankOf({ meaning }: Choice, scope: NameScope): number {
  if (meaning.kind !== "operator" || meaning.signature.family !== "metric") return 0;
  const fields = [...scopeOfFile(scope.module).names.values()]
    .filter(({ kind }) => kind === "data")
    .flatMap((data) => bodiesOfDeclaration(data))
    .flatMap(({ body }) => body.statements)
    .flatMap((statement) => (statement.kind === "field" ? [fieldAt(statement)] : []));
  return measures(findOperator("metric", meaning.signature.name)!, fields) ? 0 : 2;
}

/** What may be called where any value, or a tensor, may stand. */
function callsIn(calls: Calls, names: ReadonlyMap<string, Definition>): readonly Completion[] {
  if (calls === "none") return [];
  if (calls === "numbers")
    return functionNames().map((text) => itemOf({ text, meaning: { kind: "function", text } }, 2));
  if (calls === "values")
    return [
      ...callsIn("numbers", names),
      ...values.flatMap((family) => namesOfType({ kind: "operator", family })),
    ].map((item) => ({ ...item, rank: 2 }));
  return [...layersFor(calls), ...declaredFor(calls, names)].map((item) => ({ ...item, rank: 2 }));
}

const values: readonly Family[] = ["axis", "layer", "loss", "optimizer", "schedule", "initializer"];

function layersFor(calls: "network" | "formula"): readonly Completion[] {
  const layers = namesOfType({ kind: "operator", family: "layer" });
  if (calls === "network") return layers;
  return [
    ...layers.filter(({ label }) => !learns(label)),
    ...namesOfType({ kind: "operator", family: "loss" }),
  ];
}

function declaredFor(
  calls: "network" | "formula",
  names: ReadonlyMap<string, Definition>,
): readonly Completion[] {
  const kinds = calls === "network" ? ["block", "model"] : ["loss", "block"];
  return [...names].flatMap(([text, meaning]) =>
    kinds.includes(meaning.kind) || (calls === "network" && meaning.type?.name.text === "layer")
      ? [itemOf({ text, meaning })]
      : [],
  );
}

/** Nothing is chosen, kept or stopped by what the test rows or the clock say. */
const choosing: ReadonlySet<string> = new Set(["choose", "search", "keep", "stop", "schedule"]);

/** The words and operators of the language that a type admits. */
function namesOfType(type: ParameterType, head?: string): readonly Completion[] {
  if (type.kind === "any") return [];
  if (type.kind === "metric") {
    const splits = choosing.has(head ?? "") ? ["valid", "train"] : ["test", "valid", "train", "cost"];
    return splits.map((text) => itemOf({ text: `${text}.`, meaning: { kind: "split", text } }));
  }
  return namesOf(type).map((text) => {
    const operator = findIn(familiesOf(type), text, nowhere);
    const meaning: Meaning = operator
      ? { kind: "operator", signature: operator.signature }
      : { kind: "word", text };
    return itemOf({ text, meaning });
  });
}

const nowhere: Span = { file: { path: "", text: "" }, start: 0, end: 0 };

const families: Partial<Record<BodyKind, Family>> = {
  prepare: "prepare",
  augment: "augment",
  evaluate: "augment",
};

function inBody(
  body: BodyKind,
  names: ReadonlyMap<string, Definition>,
  analysis: Analysis,
  offset: number,
): readonly Completion[] {
  const items: Completion[] = [];
  const family = families[body];
  if (family) items.push(...namesOfType({ kind: "operator", family }));
  if (body === "pipeline" || body === "formula") {
    const calls = body === "pipeline" ? "network" : "formula";
    const shape = shapeBefore(analysis, offset);
    for (const item of layersFor(calls))
      items.push({ ...item, rank: shape && !acceptsShape(item.label, shape) ? 2 : 0 });
    const it: Choice = { text: "it", meaning: { kind: "current", text: "it" } };
    items.push(...declaredFor(calls, names), itemOf(it), itemOf(library, 1));
    for (const [text, meaning] of names)
      if (["tensor", "input"].includes(meaning.kind)) items.push(itemOf({ text, meaning }));
      else if (body === "formula" && fitsValue(meaning, { kind: "real" }, calls, false))
        items.push(itemOf({ text, meaning }, 1));
  }
  return [...items, ...statementsOf(body, analysis, offset).map(itemOfSnippet)];
}

/** Whether a place belongs to no declaration, at the beginning of a line. */
function isOutside({ module }: Analysis, offset: number): boolean {
  const { source, declarations } = module.file;
  const line = source.text.slice(lineStart(source, positionAt(source, offset).line), offset);
  return line.trim() === "" && !declarations.some(({ span }) => span.start < offset && offset < span.end);
}

function distinct(items: readonly Completion[]): readonly Completion[] {
  const labels = new Set<string>();
  return items.filter(({ label }) => {
    if (label.includes(written) || labels.has(label)) return false;
    labels.add(label);
    return true;
  });
}

import { callableOf } from "../check/bind.ts";
import { describeType, familyWord } from "../check/describe.ts";
import { familiesOf, findIn, namesOf } from "../check/resolve.ts";
import { createReporter } from "../diagnostics/diagnostic.ts";
import type { ParseFile } from "../modules/keep-parsed.ts";
import { readProgram } from "../modules/load.ts";
import type { Family, ParameterType } from "../ops/signature.ts";
import { bindNames } from "../study/names/bind.ts";
import type { BodyKind, Choice, Listener, Place } from "../study/names/binder.ts";
import { mayHold, parameterMeaning } from "../study/names/expression.ts";
import { type Definition, isDefinition, type Meaning } from "../study/names/meaning.ts";
import { visible } from "../study/names/scope.ts";
import type { StudyHost } from "../study/source-columns.ts";
import type { Span } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";
import { acceptsShape, shapeBefore } from "./fits-shape.ts";
import { declarationAt } from "./places.ts";
import { headerOf, lineOf, showParameter } from "./show.ts";
import { type Snippet, statementsOf } from "./statements.ts";

export interface Completion {
  readonly label: string;
  /** What is inserted where that is not the label. A `$0` is where the cursor goes. */
  readonly insert: string;
  readonly what: "name" | "operator" | "parameter" | "word" | "field" | "keyword" | "module" | "type";
  readonly detail: string;
  /** Markdown. */
  readonly doc: string;
  /** Those that fit best come first: 0, then 1, ... */
  readonly rank: number;
}

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
  const changed = text.slice(0, start) + written + text.slice(end);
  const items: Completion[] = [];
  let before = 0;
  const listener: Listener = {
    place(place) {
      if (!place.name.text.includes(written)) return;
      // The name of a module holds dots: all of it is replaced.
      before = Math.max(before, place.name.text.indexOf(written));
      items.push(...itemsOf(place, analysis, offset));
    },
  };
  listen(analysis.path, changed, start, analysis.host, listener, parseFile);
  if (items.length === 0 && isOutside(analysis, start)) items.push(...topLevel());
  return { span: { ...span, start: start - before }, items: distinct(items) };
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

function itemsOf(place: Place, analysis: Analysis, offset: number): readonly Completion[] {
  const names = visible(place.scope);
  const items: Completion[] = [];
  if (place.only) items.push(...place.only().map((choice) => itemOf(choice)));
  if (place.call)
    for (const callee of place.call.of)
      for (const { name } of callableOf(callee).slots)
        if (!place.call.given.includes(name))
          for (const meaning of parameterMeaning(callee, name))
            items.push({ ...itemOf({ text: name, meaning }), label: `${name}:`, insert: `${name}: ` });
  if (place.value) {
    const { expected, also } = place.value;
    const inFile = place.scope.outer === undefined;
    for (const [text, meaning] of names)
      if (fitsValue(meaning, expected, inFile)) items.push(itemOf({ text, meaning }, 1));
    items.push(...also().map((choice) => itemOf(choice, 1)));
    if (expected) items.push(...namesOfType(expected));
  }
  if (place.body) items.push(...inBody(place.body, names, analysis, offset));
  return items;
}

const tensorKinds: readonly Definition["kind"][] = ["tensor", "tensors", "input"];

/** Stricter than the checker, which says what is wrong with a name that cannot be meant. */
function fitsValue(meaning: Definition, expected: ParameterType | undefined, inFile: boolean): boolean {
  if (!expected) return inFile || !meaning.declaration;
  if (expected.kind === "union") return expected.of.some((each) => fitsValue(meaning, each, inFile));
  if (expected.kind === "metric" || expected.kind === "field" || tensorKinds.includes(meaning.kind))
    return false;
  if (!meaning.declaration) return mayHold(meaning, expected);
  if (expected.kind !== "operator") return false;
  const isLayer = meaning.kind === "model" || meaning.kind === "block";
  return expected.family === "layer" ? isLayer : meaning.kind === expected.family;
}

/** The words and operators of the language that a type admits. */
function namesOfType(type: ParameterType): readonly Completion[] {
  if (type.kind === "any") return [];
  if (type.kind === "metric")
    return ["train", "valid", "test", "cost"].map((text) =>
      itemOf({ text: `${text}.`, meaning: { kind: "split", text } }),
    );
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
  pipeline: "layer",
  prepare: "prepare",
  augment: "augment",
  evaluate: "augment",
};

function inBody(
  body: BodyKind,
  names: ReturnType<typeof visible>,
  analysis: Analysis,
  offset: number,
): readonly Completion[] {
  const items: Completion[] = [];
  const family = families[body];
  const shape = body === "pipeline" ? shapeBefore(analysis, offset) : undefined;
  if (family)
    for (const item of namesOfType({ kind: "operator", family }))
      items.push({ ...item, rank: shape && !acceptsShape(item.label, shape) ? 2 : 0 });
  if (body === "pipeline")
    for (const [text, meaning] of names)
      if (["block", "model", "tensor", "input"].includes(meaning.kind) || meaning.type?.name.text === "layer")
        items.push(itemOf({ text, meaning }, 0));
  return [...items, ...statementsOf(body, analysis, offset).map(snippet)];
}

const snippet = ({ text, insert, doc }: Snippet): Completion => ({
  label: text,
  insert,
  what: "keyword",
  detail: "",
  doc,
  rank: 1,
});

/** Whether a place belongs to no declaration, at the beginning of a line. */
function isOutside({ module }: Analysis, offset: number): boolean {
  const { source, declarations } = module.file;
  const line = source.text.slice(source.text.lastIndexOf("\n", offset - 1) + 1, offset);
  return line.trim() === "" && !declarations.some(({ span }) => span.start < offset && offset < span.end);
}

const topLevel = (): readonly Completion[] => statementsOf("file").map(snippet);

function distinct(items: readonly Completion[]): readonly Completion[] {
  const labels = new Set<string>();
  return items.filter(({ label }) => {
    if (label.includes(written) || labels.has(label)) return false;
    labels.add(label);
    return true;
  });
}

function itemOf({ text, meaning }: Choice, rank = 0): Completion {
  const item = { label: text, insert: text, rank, doc: "", detail: "" };
  if (isDefinition(meaning)) {
    const { kind, declaration, type, value } = meaning;
    const detail = declaration
      ? headerOf(declaration)
      : `${kind}${type ? ` : ${lineOf(type.span)}` : value ? ` = ${lineOf(value.span, 40)}` : ""}`;
    return {
      ...item,
      what: kind === "field" ? "field" : "name",
      detail,
      doc: (declaration ?? meaning).doc ?? "",
    };
  }
  switch (meaning.kind) {
    case "operator": {
      const { signature } = meaning;
      return {
        ...item,
        what: "operator",
        detail: familyWord(signature.family).replaceAll("`", ""),
        doc: signature.doc,
      };
    }
    case "argument":
      return {
        ...item,
        what: "parameter",
        detail: showParameter(meaning.parameter),
        doc: meaning.parameter.doc,
      };
    case "setting":
      return {
        ...item,
        what: "field",
        detail: meaning.type ? describeType(meaning.type).replaceAll("`", "") : "",
      };
    case "module":
      return { ...item, what: "module", doc: meaning.module?.file.doc ?? "" };
    case "type":
      return { ...item, what: "type" };
    case "column":
      return { ...item, what: "field", detail: "read from the source" };
    default:
      return { ...item, what: "word" };
  }
}

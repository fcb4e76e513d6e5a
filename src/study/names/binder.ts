/** What binding names is handed, and what it tells. */
import type { Context } from "../../check/context.ts";
import type { ParameterType, Signature } from "../../ops/signature.ts";
import type { CallExpr, Name, NamedDecl } from "../../syntax/ast.ts";
import type { StudyHost } from "../source-columns.ts";
import type { Definition, Meaning, Occurrence } from "./meaning.ts";
import type { NameScope } from "./scope.ts";

export type Callee = Signature | NamedDecl;

/** Where statements stand. */
export type BodyKind =
  | "file"
  | "pipeline"
  /** Of a loss or metric. */
  | "formula"
  | "data"
  | "prepare"
  | "augment"
  | "evaluate"
  | "recipe"
  | "train"
  | "experiment"
  | "budget";

/**
 * What may be called where any value may stand: in a network what learns, too; in a formula what does not; functions of numbers
 * alone; what a `let` may hold; or nothing.
 */
export type Calls = "network" | "formula" | "numbers" | "values" | "none";

export interface Choice {
  readonly text: string;
  readonly meaning: Meaning;
}

/** A place where a name stands, and what may stand there. */
export interface Place {
  readonly name: Name;
  readonly scope: NameScope;
  /** A value may stand here: of a type, where one is expected; `also` are names that are not in scope as values. */
  readonly value?: {
    readonly expected: ParameterType | undefined;
    readonly also: () => readonly Choice[];
    readonly calls: Calls;
  };
  /** A tensor may stand here, and what gives one. */
  readonly tensor?: { readonly also: () => readonly Choice[]; readonly calls: Calls | undefined };
  /** An argument may begin here. */
  readonly call?: { readonly of: readonly Callee[]; readonly given: readonly string[] };
  /** A statement may begin here. */
  readonly body?: BodyKind;
  /** One of these may stand here. */
  readonly only?: () => readonly Choice[];
}

/** Who wants to know more than what names mean. */
export interface Listener {
  /** Told of every name before what follows it is bound. */
  place?(place: Place): void;
  /** `applied` where its values without a name are tensors that it is applied to. */
  call?(call: CallExpr, callees: readonly Callee[], applied: boolean): void;
}

export interface NameContext extends Context {
  readonly host: StudyHost;
}

export interface Binder {
  readonly context: NameContext;
  readonly occurrences: Occurrence[];
  readonly listener: Listener;
  /** Beside the names in scope: networks, outputs and fields where a loss or metric is written. */
  readonly others: () => ReadonlyMap<string, readonly Meaning[]>;
  readonly calls: Calls;
  /** The fields of the data set that is being bound. */
  readonly fields: ReadonlyMap<string, Definition>;
  /** What may stand after `source.`. */
  readonly columns: () => readonly string[];
}

/** The beginning of what the standard library declares. */
export const library: Choice = { text: "std.", meaning: { kind: "module", text: "std" } };

export function use(b: Binder, name: Name, meanings: readonly Meaning[]): void {
  if (name.text !== "") b.occurrences.push({ name, meanings, defines: false });
}

/** Notes the place that makes a name; `also` are others that are called so with it. */
export function noteDefinition(b: Binder, definition: Definition, also: readonly Meaning[] = []): void {
  const { name } = definition;
  if (name.text !== "") b.occurrences.push({ name, meanings: [definition, ...also], defines: true });
}

/** Tells the listener of a place for a value. */
export function tellValue(
  b: Binder,
  name: Name,
  scope: NameScope,
  expected: ParameterType | undefined,
  more?: Pick<Place, "call">,
): void {
  const also = (): readonly Choice[] => [
    ...(takesFields(expected) ? [...b.fields].map(([text, meaning]) => ({ text, meaning })) : []),
    ...(expected ? [] : otherTensors(b)),
  ];
  const isLoss = expected?.kind === "operator" && expected.family === "loss";
  const tensor = { also: () => otherTensors(b), calls: b.calls };
  const value = { expected, also, calls: b.calls };
  b.listener.place?.({ name, scope, value, ...(isLoss && { tensor }), ...more });
}

/** Networks, outputs, and the fields that may enter a loss or metric. */
export function otherTensors(b: Binder): readonly Choice[] {
  return [...b.others()].flatMap(([text, [meaning]]): readonly Choice[] => {
    if (!meaning || text.includes(".") || !enters(meaning)) return [];
    // These two stand for nothing without what comes after them.
    const isPrefix = meaning.kind === "setting" || (meaning.kind === "current" && text === "data");
    return [{ text: isPrefix ? `${text}.` : text, meaning }];
  });
}

/** Whether it may enter a loss or metric. */
export const enters = (meaning: Meaning): boolean =>
  meaning.kind !== "field" || meaning.role === "input" || meaning.role === "target";

/** A name that has been told of, and is to be bound further. */
export function withoutPlace(b: Binder, name: Name): Binder {
  const { place } = b.listener;
  return {
    ...b,
    listener: { ...b.listener, place: (told) => (told.name === name ? undefined : place?.(told)) },
  };
}

export function takesFields(type: ParameterType | undefined): boolean {
  return type?.kind === "field" || (type?.kind === "union" && type.of.some(takesFields));
}

/** One of a list of names. */
export function choose(
  b: Binder,
  name: Name,
  scope: NameScope,
  meanings: readonly Meaning[],
  only: () => readonly Choice[],
): void {
  b.listener.place?.({ name, scope, only });
  use(b, name, meanings);
}

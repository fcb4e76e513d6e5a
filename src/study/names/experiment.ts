/** Names in the lines of an experiment. */
import type { ParameterType } from "../../ops/signature.ts";
import type { Expr, Name, RecordEntry, Statement } from "../../syntax/ast.ts";
import { dataLines } from "../data.ts";
import { type Part, parts } from "../expand.ts";
import { recipeLines } from "../recipe.ts";
import { type Binder, type Choice, choose, noteDefinition, use } from "./binder.ts";
import { bindExpr, meaningsOf } from "./expression.ts";
import { type Definition, definitionAt, type Meaning } from "./meaning.ts";
import { define, find, inner, type NameScope } from "./scope.ts";
import { bodiesOf, fieldsOf, type Located, networkAt, partsOfStudy } from "./section-lines.ts";
import { bindMembers, bindMisplaced, bindSectionBody, bindSettingPath, chooseField } from "./sections.ts";

/** What the lines of an experiment have told so far. */
interface Lines {
  /** The expressions that a part may come to: its own line's and those of axes. */
  readonly parts: Map<Part, Located[]>;
  /** What is compared: labels of levels, and ensembles. */
  readonly arms: Map<string, Meaning[]>;
  readonly axes: string[];
  readonly scope: NameScope;
  readonly b: Binder;
}

const metric: ParameterType = { kind: "metric" };
const isPart = (word: string): word is Part => (parts as readonly string[]).includes(word);

/** `base` is the experiment that the lines change, after `with`. */
export function bindExperimentLines(
  statements: readonly Statement[],
  base: Located | undefined,
  outer: NameScope,
  before: Binder,
): void {
  const scope = inner(outer);
  const fields = new Map<string, Definition>();
  const b: Binder = { ...before, others: partsOfStudy(outer), fields: new Map() };
  const lines: Lines = { parts: new Map(), arms: new Map(), axes: [], scope, b };
  const all = [
    ...(base
      ? bodiesOf(base).flatMap(({ body, scope }) =>
          body.statements.map((statement) => ({ statement, scope })),
        )
      : []),
    ...statements.map((statement) => ({ statement, scope })),
  ];
  for (const { statement, scope: at } of all) collect(statement, at, lines);
  for (const data of lines.parts.get("data") ?? [])
    for (const [name, field] of fieldsOf(data)) if (!fields.has(name)) fields.set(name, field);
  for (const statement of statements) bindLine(statement, lines, { ...b, fields });
}

function collect(statement: Statement, scope: NameScope, lines: Lines): void {
  const add = (part: string, expr: Expr) => {
    if (isPart(part)) lines.parts.set(part, [...(lines.parts.get(part) ?? []), { expr, scope }]);
  };
  if (statement.kind === "assign" && statement.path.length === 1)
    add(statement.path[0]!.text, statement.value);
  if (statement.kind === "ensemble")
    addArm(lines, statement.name.text, ensembleAt(statement.name, statement.value));
  if (statement.kind !== "vary" && statement.kind !== "replicate") return;
  lines.axes.push(statement.path.map((name) => name.text).join("."));
  for (const { expr, entry } of levelsOf(statement.axis)) {
    if (statement.path.length === 1) add(statement.path[0]!.text, expr);
    if (entry) for (const name of entry.path) addArm(lines, name.text, levelAt(name, expr, scope));
    // A bare value is its own label.
    else if (expr.kind === "name")
      for (const meaning of meaningsOf(expr.name, scope, { kind: "any" }, lines.b))
        addArm(lines, expr.name.text, meaning);
  }
}

function addArm(lines: Lines, label: string, meaning: Meaning): void {
  const known = lines.arms.get(label) ?? [];
  if (!known.includes(meaning)) lines.arms.set(label, [...known, meaning]);
}

/** The levels of an axis as they are written, labelled where an entry of a record names them. */
function levelsOf(axis: Expr): readonly { readonly expr: Expr; readonly entry?: RecordEntry }[] {
  if (axis.kind === "list") return axis.items.map((expr) => ({ expr }));
  if (axis.kind === "record")
    return axis.entries.map((entry) =>
      entry.labelled ? { expr: entry.value, entry } : { expr: entry.value },
    );
  const isGrid = axis.kind === "call" && axis.callee.kind === "name" && axis.callee.name.text === "grid";
  return isGrid ? axis.arguments.map(({ value }) => ({ expr: value })) : [];
}

const levelAt = (name: Name, value: Expr, scope: NameScope): Definition =>
  definitionAt(name, () => ({ kind: "level", value, scope }));
const ensembleAt = (name: Name, value: Expr): Definition =>
  definitionAt(name, () => ({ kind: "level", value }));

function bindLine(statement: Statement, lines: Lines, b: Binder): void {
  const { scope } = lines;
  const value = (expr: Expr | undefined, expected?: ParameterType) => {
    if (expr) bindExpr(expr, scope, expected, b);
  };
  switch (statement.kind) {
    case "let":
      value(statement.value);
      noteDefinition(
        b,
        define(scope, statement.name, { kind: "let", value: statement.value, doc: statement.doc }),
      );
      return;
    case "assign": {
      const [first] = statement.path;
      b.listener.place?.({ name: first!, scope, body: "experiment" });
      use(b, first!, isPart(first!.text) ? [setting(first!.text)] : []);
      bindPart(first!.text, statement.value, scope, b);
      return;
    }
    case "vary":
      bindAxis(statement.path, statement.axis, lines, b);
      value(statement.when, { kind: "bool" });
      return;
    case "replicate":
      bindAxis(statement.path, statement.axis, lines, b);
      return;
    case "search":
      value(statement.method);
      if (statement.space.kind === "record")
        for (const { path, value: axis } of statement.space.entries) bindAxis(path, axis, lines, b);
      bindGoal(statement.by, scope, b);
      for (const path of statement.per) bindAxisName(path, lines, b);
      return;
    case "choose":
      bindAxisName(statement.path, lines, b);
      bindGoal(statement.by, scope, b);
      for (const path of statement.per) bindAxisName(path, lines, b);
      return;
    case "report":
      for (const each of statement.metrics) value(each, metric);
      value(statement.as, { kind: "operator", family: "interval" });
      if (statement.by) {
        chooseField(statement.by.field, scope, b);
        value(statement.by.bins);
      }
      return;
    case "compare":
      for (const name of [statement.left, statement.right])
        choose(b, name, scope, lines.arms.get(name.text) ?? [], () =>
          [...lines.arms].map(([text, [meaning]]) => ({ text, meaning: meaning! })),
        );
      value(statement.on, metric);
      for (const name of statement.paired) bindAxisName([name], lines, b);
      value(statement.margin, { kind: "real" });
      return;
    case "ensemble":
      noteDefinition(b, ensembleAt(statement.name, statement.value));
      value(statement.value);
      for (const name of statement.over) bindAxisName([name], lines, b);
      return;
    case "save":
      use(b, statement.what, [{ kind: "word", text: statement.what.text }]);
      return;
    case "allow":
      use(b, statement.code, [{ kind: "diagnostic", text: statement.code.text }]);
      return;
    case "apply":
      bindMisplaced(statement.value, "experiment", scope, b);
      return;
    default:
  }
}

const setting = (text: string): Meaning => ({ kind: "setting", of: "experiment", text });

/** `data = ...`, `model = ...`, `recipe = ...` */
function bindPart(part: string, expr: Expr, scope: NameScope, b: Binder): void {
  if (part === "model" && expr.kind === "record") {
    for (const { path, value } of expr.entries) {
      for (const name of path) noteDefinition(b, networkAt(name, value, scope));
      bindExpr(value, scope, undefined, b);
    }
    return;
  }
  if (expr.kind === "with" && (part === "data" || part === "recipe")) {
    bindPart(part, expr.base, scope, b);
    bindSectionBody(part, expr.body, { expr: expr.base, scope }, scope, b);
    return;
  }
  if (expr.kind === "name" && isPart(part)) {
    b.listener.place?.({ name: expr.name, scope, only: () => partsNamed(part, scope) });
    use(b, expr.name, meaningsOf(expr.name, scope, undefined, b));
  } else bindExpr(expr, scope, undefined, b);
}

/** What may stand for a part: models, or the sections of that kind. */
function partsNamed(part: Part, scope: NameScope): readonly Choice[] {
  const found: Choice[] = [];
  for (let at: NameScope | undefined = scope; at; at = at.outer)
    for (const [text, meaning] of at.names)
      if (meaning.kind === part || meaning.kind === "let") found.push({ text, meaning });
  return found;
}

/** `path over axis` */
function bindAxis(path: readonly Name[], axis: Expr, lines: Lines, b: Binder): void {
  const { scope } = lines;
  const [first] = path;
  const own = first && path.length === 1 && !isPart(first.text);
  const expected = own ? seedType(first) : bindPath(path, lines, b);
  const part = path.length === 1 ? first?.text : undefined;
  const isWritten = axis.kind === "record" || axis.kind === "list" || levelsOf(axis).length > 0;
  if (axis.kind === "call" && axis.callee.kind === "name" && isWritten)
    use(b, axis.callee.name, meaningsOf(axis.callee.name, scope, { kind: "operator", family: "axis" }, b));
  if (!isWritten)
    bindExpr(axis, scope, axis.kind === "call" ? { kind: "operator", family: "axis" } : undefined, b);
  for (const { expr, entry } of isWritten ? levelsOf(axis) : []) {
    for (const name of entry?.path ?? []) noteDefinition(b, levelAt(name, expr, scope));
    if (part && isPart(part)) bindPart(part, expr, scope, b);
    else bindExpr(expr, scope, expected, b);
  }
  if (!own) return;
  b.listener.place?.({ name: first, scope, only: () => pathWords() });
  noteDefinition(b, define(scope, first, { kind: "axis", value: axis }));
}

function pathWords(): readonly Choice[] {
  return [...parts, "seed", "fold"].map((text) => ({
    text,
    meaning: isPart(text) ? setting(text) : { kind: "word", text },
  }));
}

const seedType = ({ text }: Name): ParameterType | undefined =>
  text === "seed" ? { kind: "seed" } : undefined;

/** Returns the type of what the path leads to. */
function bindPath(path: readonly Name[], lines: Lines, b: Binder): ParameterType | undefined {
  const { scope } = lines;
  const [first, ...rest] = path;
  if (!first) return undefined;
  if (!isPart(first.text)) {
    choose(b, first, scope, [{ kind: "word", text: first.text }], () => pathWords());
    return seedType(first);
  }
  choose(b, first, scope, [setting(first.text)], () => pathWords());
  const within = lines.parts.get(first.text) ?? [];
  if (rest.length === 0) return undefined;
  if (first.text === "model") return bindMembers(rest, within, undefined, scope, b);
  const tables = first.text === "data" ? dataLines : recipeLines;
  return bindSettingPath(rest, { of: first.text, lines: tables, bases: within, isLine: false }, scope, b);
}

/** The path of an axis where it is named again: after `choose`, `per`, `paired by`, `over`. */
function bindAxisName(path: readonly Name[], lines: Lines, b: Binder): void {
  const [first] = path;
  if (!first) return;
  const own = path.length === 1 ? find(lines.scope, first.text) : undefined;
  if (own?.kind === "axis") use(b, first, [own]);
  else if (path.length > 1) bindPath(path, lines, b);
  else
    choose(
      b,
      first,
      lines.scope,
      lines.axes.includes(first.text) ? [{ kind: "word", text: first.text }] : [],
      () =>
        lines.axes.map((text): Choice => {
          const axis = find(lines.scope, text);
          return { text, meaning: axis?.kind === "axis" ? axis : { kind: "word", text } };
        }),
    );
}

/** `max(valid.accuracy)` */
function bindGoal(expr: Expr | undefined, scope: NameScope, b: Binder): void {
  if (!expr) return;
  if (expr.kind !== "call" || expr.callee.kind !== "name") {
    bindExpr(expr, scope, metric, b);
    return;
  }
  const { name } = expr.callee;
  const goal: Meaning = { kind: "function", text: name.text };
  choose(b, name, scope, [goal], () =>
    ["max", "min"].map((text) => ({ text, meaning: { kind: "function", text } })),
  );
  for (const { value } of expr.arguments) bindExpr(value, scope, metric, b);
}

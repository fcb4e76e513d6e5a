/** Names in the axes of an experiment, and where axes and their levels are named again. */
import { dottedPath } from "../../check/evaluate.ts";
import type { ParameterType } from "../../ops/signature.ts";
import type { Expr, Name, RecordEntry } from "../../syntax/ast.ts";
import { dataLines } from "../data.ts";
import { type Part, parts } from "../expand.ts";
import { recipeLines } from "../recipe.ts";
import {
  type Binder,
  type Choice,
  choose,
  type Listener,
  library,
  noteDefinition,
  use,
  withoutPlace,
} from "./binder.ts";
import { bindExpr, meaningsOf } from "./expression.ts";
import { type Definition, definitionAt, type Meaning } from "./meaning.ts";
import { networkAt } from "./parts.ts";
import { define, find, type NameScope, visible } from "./scope.ts";
import type { Located } from "./section-lines.ts";
import { bindMembers, bindSectionBody, bindSettingPath } from "./sections.ts";

/** What the lines of an experiment have told so far. */
export interface Lines {
  /** The expressions that a part may come to: its own line's and those of axes. */
  readonly parts: Map<Part, Located[]>;
  /** The levels of factors that replace a part of a part, by path: `recipe.optimizer`. */
  readonly levels: Map<string, Located[]>;
  /** What is compared: labels of levels, and ensembles. */
  readonly arms: Map<string, Meaning[]>;
  readonly axes: { readonly path: string; readonly is: "factor" | "replicate" }[];
  readonly scope: NameScope;
  readonly b: Binder;
}

export const metric: ParameterType = { kind: "metric" };
export const isPart = (word: string): word is Part => (parts as readonly string[]).includes(word);

/** The levels of an axis as they are written, labelled where an entry of a record names them. */
export function levelsOf(axis: Expr): readonly { readonly expr: Expr; readonly entry?: RecordEntry }[] {
  if (axis.kind === "list") return axis.items.map((expr) => ({ expr }));
  if (axis.kind === "record")
    return axis.entries.map((entry) =>
      entry.labelled ? { expr: entry.value, entry } : { expr: entry.value },
    );
  const isGrid = axis.kind === "call" && axis.callee.kind === "name" && axis.callee.name.text === "grid";
  return isGrid ? axis.arguments.map(({ value }) => ({ expr: value })) : [];
}

export const levelAt = (name: Name, value: Expr, scope: NameScope): Definition =>
  definitionAt(name, () => ({ kind: "level", value, scope }));

export const setting = (text: string): Meaning => ({ kind: "setting", of: "experiment", text });

/** `data = ...`, `model = ...`, `recipe = ...` */
export function bindPart(part: string, expr: Expr, scope: NameScope, b: Binder): void {
  if (part === "model" && expr.kind === "record") {
    for (const { path, value } of expr.entries) {
      for (const name of path) noteDefinition(b, networkAt(name, value, scope));
      bindPart(part, value, scope, b);
    }
    return;
  }
  if (expr.kind === "with" && (part === "data" || part === "recipe")) {
    bindPart(part, expr.base, scope, b);
    bindSectionBody(part, expr.body, { expr: expr.base, scope }, scope, b);
    return;
  }
  const only = () => (isPart(part) ? partsNamed(part, scope) : []);
  if (expr.kind === "name" && isPart(part)) {
    b.listener.place?.({ name: expr.name, scope, only });
    use(b, expr.name, meaningsOf(expr.name, scope, undefined, b));
    return;
  }
  const first = expr.kind === "call" ? nameOf(expr.callee) : nameOf(expr);
  if (first) b.listener.place?.({ name: first, scope, only });
  bindExpr(expr, scope, undefined, first ? withoutPlace(b, first) : b);
}

/** The first word of a path. */
const nameOf = (expr: Expr): Name | undefined => dottedPath(expr)?.[0];

/** What may stand for a part: models, or the sections of that kind; of the library too. */
function partsNamed(part: Part, scope: NameScope): readonly Choice[] {
  const found: Choice[] = [];
  for (let at: NameScope | undefined = scope; at; at = at.outer)
    for (const [text, meaning] of at.names)
      if (meaning.kind === part || meaning.kind === "let") found.push({ text, meaning });
  if (part !== "data") found.push(library);
  if (part === "model") found.push({ text: "classic.", meaning: { kind: "module", text: "classic" } });
  return found;
}

/** `path over axis` */
export function bindAxis(path: readonly Name[], axis: Expr, lines: Lines, b: Binder): void {
  const { scope } = lines;
  const [first] = path;
  const own = first && path.length === 1 && !isPart(first.text);
  const expected = own ? seedType(first) : bindPath(path, lines, b);
  const part = path.length === 1 ? first?.text : undefined;
  const isWritten = axis.kind === "record" || axis.kind === "list" || levelsOf(axis).length > 0;
  if (axis.kind === "call" && axis.callee.kind === "name" && isWritten)
    use(b, axis.callee.name, meaningsOf(axis.callee.name, scope, { kind: "operator", family: "axis" }, b));
  if (axis.kind === "name") {
    b.listener.place?.({
      name: axis.name,
      scope,
      value: { expected: axisType, also: () => axesIn(scope), calls: "numbers" },
    });
    use(b, axis.name, meaningsOf(axis.name, scope, undefined, withoutTensors(b)));
  } else if (!isWritten) {
    const values: ParameterType | undefined = expected && { kind: "list", of: expected };
    bindExpr(axis, scope, axis.kind === "call" ? axisType : values, withoutTensors(b));
  }
  for (const { expr, entry } of isWritten ? levelsOf(axis) : []) {
    for (const name of entry?.path ?? []) noteDefinition(b, levelAt(name, expr, scope));
    if (part && isPart(part)) bindPart(part, expr, scope, withoutTensors(b));
    else bindExpr(expr, scope, expected, { ...withoutTensors(b), ...(own && { calls: "network" }) });
  }
  if (!own) return;
  b.listener.place?.({ name: first, scope, only: () => pathWords() });
  noteDefinition(b, define(scope, first, { kind: "axis", value: axis }));
}

const axisType: ParameterType = { kind: "operator", family: "axis" };
const noTensors: ReadonlyMap<string, readonly Meaning[]> = new Map();
export const withoutTensors = (b: Binder): Binder => ({ ...b, others: () => noTensors, calls: "numbers" });

/** Values that can be spent as an axis. */
function axesIn(scope: NameScope): readonly Choice[] {
  return [...visible(scope)].flatMap(([text, meaning]) =>
    meaning.kind === "let" && ["list", "record", "range"].includes(meaning.value?.kind ?? "")
      ? [{ text, meaning }]
      : [],
  );
}

export function pathWords(): readonly Choice[] {
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
  const levels = (line: string) => lines.levels.get(`${first.text}.${line}`) ?? [];
  return bindSettingPath(rest, { of: first.text, lines: tables, bases: within, levels }, scope, b);
}

/** The path of an axis where it is named again: after `choose`, `per`, `paired by`, `over`. */
export function bindAxisName(
  path: readonly Name[],
  lines: Lines,
  b: Binder,
  only?: Lines["axes"][number]["is"],
): void {
  const [first] = path;
  if (!first) return;
  const axes = lines.axes.filter((axis) => !only || axis.is === only);
  if (path.length > 1) {
    const words = path.map(({ text }) => text);
    const listener: Listener = {
      ...b.listener,
      place(place) {
        const before = words
          .slice(0, path.indexOf(place.name))
          .map((word) => `${word}.`)
          .join("");
        const onward = axes.filter((axis) => axis.path.startsWith(before));
        b.listener.place?.({
          ...place,
          only: () => onward.map((axis) => axisNamed(axis.path.slice(before.length), lines)),
        });
      },
    };
    bindPath(path, lines, { ...b, listener });
    return;
  }
  const known = lines.axes.some((axis) => axis.path === first.text);
  const own = find(lines.scope, first.text);
  const meaning: Meaning | undefined =
    own?.kind === "axis" ? own : known ? { kind: "word", text: first.text } : undefined;
  choose(b, first, lines.scope, meaning ? [meaning] : [], () =>
    axes.map((axis) => axisNamed(axis.path, lines)),
  );
}

function axisNamed(text: string, { scope }: Lines): Choice {
  const axis = find(scope, text);
  return { text, meaning: axis?.kind === "axis" ? axis : { kind: "word", text } };
}

const goals = ["max", "min"];

/** `max(valid.accuracy)` */
export function bindGoal(expr: Expr | undefined, scope: NameScope, b: Binder): void {
  if (!expr) return;
  const callee = expr.kind === "call" ? expr.callee : expr;
  if (callee.kind !== "name") {
    bindExpr(expr, scope, metric, b);
    return;
  }
  const { name } = callee;
  choose(b, name, scope, goals.includes(name.text) ? [{ kind: "function", text: name.text }] : [], () =>
    goals.map((text) => ({ text, meaning: { kind: "function", text } })),
  );
  if (expr.kind !== "call") return;
  for (const { value } of expr.arguments) bindExpr(value, scope, metric, b);
}

/** `when recipe.init != scratch and model == plain` */
export function bindCondition(expr: Expr, lines: Lines, b: Binder): void {
  if (expr.kind === "binary" && (expr.operator === "and" || expr.operator === "or")) {
    bindCondition(expr.left, lines, b);
    bindCondition(expr.right, lines, b);
    return;
  }
  if (expr.kind === "unary" && expr.operator === "not") {
    bindCondition(expr.operand, lines, b);
    return;
  }
  const sides = expr.kind === "binary" ? [expr.left, expr.right] : [expr];
  for (const [i, side] of sides.entries()) {
    const path = dottedPath(side);
    const isAxis = path && lines.axes.some((axis) => axis.path === path.map(({ text }) => text).join("."));
    if (path && (isAxis || i === 0)) bindAxisName(path, lines, b, "factor");
    else if (side.kind === "name") chooseLevel(side.name, lines, b);
    else bindExpr(side, lines.scope, { kind: "any" }, withoutTensors(b));
  }
}

function chooseLevel(name: Name, lines: Lines, b: Binder): void {
  const levels = [...lines.arms].flatMap(([text, [meaning]]) => (meaning ? [{ text, meaning }] : []));
  const known =
    lines.arms.get(name.text) ?? meaningsOf(name, lines.scope, { kind: "any" }, withoutTensors(b));
  choose(b, name, lines.scope, known, () => levels);
}

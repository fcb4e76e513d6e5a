/** From the lines of an experiment to the points of its sweep. */
import { evaluate } from "../check/evaluate.ts";
import type { Scope } from "../check/scope.ts";
import type { Value } from "../check/value.ts";
import type { Details } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { Expr, Name, ReplicateStatement, SearchStatement, VaryStatement } from "../syntax/ast.ts";
import { showCount } from "../text/count.ts";
import { positionAt, type Span } from "../text/source.ts";
import { type Level, levelsOf, levelValue } from "./axis.ts";
import { holds } from "./condition.ts";
import type { Override, StudyContext } from "./context.ts";
import { badCondition, definedTwice, tooManyTrials, unknownPath } from "./diagnostics.ts";
import type { Line } from "./lines.ts";
import { pathSpan } from "./members.ts";
import { searchedPaths } from "./search.ts";
import { suggestion } from "./suggestion.ts";

export const parts = ["data", "model", "recipe"] as const;
export type Part = (typeof parts)[number];

const isPart = (text: string): boolean => (parts as readonly string[]).includes(text);

export const pathWords = [...parts, "seed", "fold"];

/** Paths of which the end alone is often written. */
const ends = new Map(
  ["loss", "optimizer", "optimizer.lr", "schedule", "batch", "length"]
    .map((path) => `recipe.${path}`)
    .concat("data.source", "data.split")
    .map((path) => [path.slice(path.lastIndexOf(".") + 1), path]),
);

/** A word of its own before `over` that no later line uses is probably a misspelt path, or the end of one: `lr`. */
export function reportUnusedName({ path, key }: Axis, context: StudyContext): void {
  const name = path[0]!;
  const end = suggest(name.text, pathWords)
    ? undefined
    : (ends.get(key) ?? ends.get(suggest(key, ends.keys()) ?? ""));
  const details: Details = end
    ? {
        text: `did you mean \`${end}\`?`,
        fixes: [{ title: `write \`${end}\``, edits: [{ span: name.span, text: end }], safety: "review" }],
      }
    : suggestion(name, pathWords);
  const problem = `\`${key}\` is no path, and no line below uses it`;
  context.reporter.report(unknownPath, { problem }, name.span, details);
}

export interface Axis {
  readonly kind: "factor" | "replicate";
  readonly path: readonly Name[];
  /** `recipe.optimizer.lr` */
  readonly key: string;
  readonly levels: readonly Level[];
  readonly span: Span;
  /** A word of its own, which a later line must use. `seed` and `fold` are names for later lines too, but act without them. */
  readonly isName: boolean;
  /** Where it does not hold, the axis does not apply, and what was there before stays. */
  readonly when: Expr | undefined;
  /** Of a `search`: its level is one of its points. */
  readonly searched?: true;
}

/** `data = galaxies`, with the names that it may use. */
export interface Fixed {
  readonly expr: Expr;
  readonly scope: Scope;
  readonly span: Span;
}

export interface Point {
  readonly fixed: Readonly<Partial<Record<Part, Fixed>>>;
  /** One level of each axis that applies, in the order written. */
  readonly at: readonly { readonly axis: Axis; readonly level: Level }[];
}

export interface Expansion {
  /** Axes in the order written; levels that differ from point to point (a name in them) are joined. */
  readonly axes: readonly Axis[];
  readonly points: readonly Point[];
  /** Other values that a search may propose: to be checked, not to be trained. */
  readonly probes: readonly Point[];
  /** Names of axes that were looked up so far; trials look up the rest when they are made. */
  readonly used: ReadonlySet<string>;
  /** What `work` gives, and in `names` the names of axes that it looks up. */
  noting<T>(names: Set<string>, work: () => T): T;
  /** For `choose`, `report` and `compare`. */
  readonly scope: Scope;
}

/** More would not fit in a plan that anyone can read. */
const mostTrials = 100_000;

/** Undefined after a report. */
export function expand(
  lines: readonly Line[],
  outer: Scope,
  overrides: readonly Override[],
  context: StudyContext,
): Expansion | undefined {
  const axes = new Map<string, Axis>();
  const used = new Set<string>();
  let noted = used;
  const note = (name: string): void => {
    used.add(name);
    noted.add(name);
  };
  const points: Point[] = [];
  const probes: Point[] = [];
  let sound = true;
  let last = outer;
  let tooMany = false;

  /** `size` is how many points there are at least. */
  function walk(
    index: number,
    point: Point,
    locals: ReadonlyMap<string, Value | undefined>,
    size: number,
    probing = false,
  ): void {
    const line = lines[index];
    const scope = withNames(line?.scope ?? outer, locals, note);
    if (!line) {
      last = scope;
      if (probing) probes.push(point);
      else points.push(point);
      if (points.length > mostTrials) tooMany = true;
      return;
    }
    const { statement } = line;
    if (statement.kind === "let") {
      const value = evaluate(statement.value, scope, context);
      walk(index + 1, point, new Map(locals).set(statement.name.text, value), size, probing);
      return;
    }
    if (statement.kind === "assign") {
      const part = statement.path[0]!.text as Part;
      const fixed = { expr: statement.value, scope, span: statement.span };
      walk(index + 1, { ...point, fixed: { ...point.fixed, [part]: fixed } }, locals, size, probing);
      return;
    }
    if (statement.kind === "search") {
      walkSearch(statement, scope, index, point, locals, size, probing);
      return;
    }
    if (statement.kind !== "vary" && statement.kind !== "replicate") {
      walk(index + 1, point, locals, size, probing);
      return;
    }
    const axis = readAxis(statement, scope);
    if (!axis) {
      sound = false;
      walk(index + 1, point, locals, size, probing);
      return;
    }
    const before = axes.get(axis.key);
    const above = [...axes.values()].filter((each) => each.key !== axis.key);
    axes.set(axis.key, before ? { ...axis, levels: joined(before.levels, axis.levels) } : axis);
    const applies =
      axis.when === undefined || holds(axis.when, { point, scope, axes: above, study: context });
    if (applies !== true) {
      if (applies === undefined) sound = false;
      walk(index + 1, point, locals, size, probing);
      return;
    }
    const product = axis.when ? size : size * axis.levels.length;
    if (product > mostTrials) tooMany = true;
    // What is too much is only counted.
    for (const level of tooMany || probing ? axis.levels.slice(0, 1) : axis.levels) {
      const at = [...point.at, { axis, level }];
      walk(index + 1, { ...point, at }, withLevel(locals, axis, level), product, probing);
    }
  }

  function withLevel(locals: ReadonlyMap<string, Value | undefined>, axis: Axis, level: Level) {
    return isPart(axis.path[0]!.text)
      ? locals
      : new Map(locals).set(axis.key, levelValue(level.of, undefined, context));
  }

  /** The first value of each searched path stands for what will be found; from the first point on, the others are tried one by one. */
  function walkSearch(
    statement: SearchStatement,
    scope: Scope,
    index: number,
    point: Point,
    locals: ReadonlyMap<string, Value | undefined>,
    size: number,
    probing: boolean,
  ): void {
    const found = searchedPaths(statement, scope, context) ?? [];
    const all = found.flatMap(({ path, key, levels, span }): Axis[] => {
      const isName = !pathWords.includes(path[0]!.text);
      const before = axes.get(key);
      if ((isName && path.length > 1) || path[0]!.text === "seed" || path[0]!.text === "fold")
        reportUnknownPath(path[0]!, key);
      else if (before && before.span !== span && !before.searched)
        context.reporter.report(definedTwice, { name: key }, span, {
          labels: [{ span: before.span, text: "here" }],
          hint: "vary it or search it, not both",
        });
      else {
        const kind = "factor" as const;
        return [{ kind, path, key, levels, span, isName, when: undefined, searched: true }];
      }
      return [];
    });
    if (found.length === 0 || all.length < found.length) sound = false;
    for (const axis of all) axes.set(axis.key, axis);
    const go = (choose: (axis: Axis) => Level, probe: boolean): void => {
      const at = [...point.at, ...all.map((axis) => ({ axis, level: choose(axis) }))];
      const names = all.reduce((values, axis) => withLevel(values, axis, choose(axis)), locals);
      walk(index + 1, { ...point, at }, names, size, probe);
    };
    const first = points.length === 0 && !probing;
    go((axis) => axis.levels[0]!, probing);
    if (!first) return;
    for (const tried of all)
      for (const level of tried.levels.slice(1))
        go((axis) => (axis === tried ? level : axis.levels[0]!), true);
  }

  function readAxis(statement: VaryStatement | ReplicateStatement, scope: Scope): Axis | undefined {
    const { path, span } = statement;
    const key = path.map((name) => name.text).join(".");
    const first = path[0]!;
    const isName = !pathWords.includes(first.text);
    if (isName && path.length > 1) {
      reportUnknownPath(first, key);
      return undefined;
    }
    if (isName && statement.kind === "vary" && statement.when) {
      const problem = `\`${key}\` is a name, and a name has a value in every training`;
      context.reporter.report(badCondition, { problem }, statement.when.span, {
        hint: "vary a path under a condition, as `vary recipe.freeze over [...] when recipe.init == copied`",
      });
      return undefined;
    }
    if (first.text === "fold" && path[1]) {
      context.reporter.report(unknownPath, { problem: `a fold has no \`${path[1].text}\`` }, path[1].span);
      return undefined;
    }
    const override = overrides.find((each) => each.path.map((name) => name.text).join(".") === key);
    const replaced = override?.expression(context);
    if (override && !replaced) return undefined;
    const levels = replaced
      ? levelsOf(asAxis(replaced.expr), replaced.scope, context)
      : levelsOf(statement.axis, scope, context);
    return (
      levels && {
        kind: statement.kind === "vary" ? "factor" : "replicate",
        path,
        key,
        levels,
        span: replaced ? replaced.expr.span : span,
        isName,
        when: statement.kind === "vary" ? statement.when : undefined,
      }
    );
  }

  function reportUnknownPath(first: Name, key: string): void {
    context.reporter.report(
      unknownPath,
      { problem: `\`${key}\` is not a path of this experiment` },
      first.span,
      suggestion(first, pathWords),
    );
  }

  walk(0, { fixed: {}, at: [] }, new Map(), 1);
  if (tooMany) {
    const count = [...axes.values()].reduce((product, axis) => product * axis.levels.length, 1);
    const longest = [...axes.values()].sort((a, b) => b.levels.length - a.levels.length)[0]!;
    context.reporter.report(tooManyTrials, { count, most: mostTrials }, longest.span, {
      hint: `give \`${longest.key}\` fewer than its ${showCount(longest.levels.length)} levels`,
    });
    return undefined;
  }
  const noting = <T>(names: Set<string>, work: () => T): T => {
    const before = noted;
    noted = names;
    try {
      return work();
    } finally {
      noted = before;
    }
  };
  return sound ? { axes: [...axes.values()], points, probes, used, noting, scope: last } : undefined;
}

/** `--set study.recipe.optimizer.lr=0.1` on a factor: a sole value is an axis of one level. */
function asAxis(expr: Expr): Expr {
  const isAxis =
    expr.kind === "list" ||
    expr.kind === "record" ||
    expr.kind === "range" ||
    (expr.kind === "call" && expr.callee.kind === "name" && /grid$|^random$/.test(expr.callee.name.text));
  return isAxis ? expr : { kind: "list", items: [expr], span: expr.span };
}

function joined(a: readonly Level[], b: readonly Level[]): readonly Level[] {
  return [...a, ...b.filter((level) => !a.some((each) => each.label === level.label))];
}

function withNames(
  outer: Scope,
  values: ReadonlyMap<string, Value | undefined>,
  note: (name: string) => void,
): Scope {
  return {
    module: outer.module,
    lookup(name) {
      if (!values.has(name)) return outer.lookup(name);
      note(name);
      return values.get(name);
    },
    has: (name) => values.has(name) || outer.has(name),
    *names() {
      yield* values.keys();
      for (const name of outer.names()) if (!values.has(name)) yield name;
    },
  };
}

/** `the factor in line 61`, for messages about what it replaces. */
export function describeAxis(axis: Axis): string {
  const word = axis.searched ? "search" : axis.kind;
  const { file, start } = pathSpan(axis.path);
  return `the ${word} in line ${positionAt(file, start).line}`;
}

/** `data` and `recipe`: declarations whose lines may be replaced, by `with`, by `--set` and by factors. */

import { describeValue } from "../check/describe.ts";
import { evaluate } from "../check/evaluate.ts";
import { unknownOperator } from "../check/messages.ts";
import { fileScope, isNamed, type Scope } from "../check/scope.ts";
import { standardPath } from "../check/unknown.ts";
import type { Value } from "../check/value.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { Expr, Name, NamedDecl, Statement } from "../syntax/ast.ts";
import { notes } from "../text/notes.ts";
import type { Span } from "../text/source.ts";
import type { Replacement, StudyContext } from "./context.ts";
import { refersToItself, wrongKind } from "./diagnostics.ts";
import { pathSpan, replaceMember, reportReplaced } from "./members.ts";
import { suggestion } from "./suggestion.ts";

/** A line `name = value`; without a value where the value is mistaken, which has been reported. */
export interface Setting {
  readonly value: Value | undefined;
  readonly span: Span;
}

export interface Draft {
  readonly name: Name;
  readonly settings: ReadonlyMap<string, Setting>;
}

export interface SectionKind<D extends Draft> {
  readonly what: "data" | "recipe";
  /** Nothing set yet. */
  empty(name: Name): D;
  /** The draft with the lines of a body added, or replaced by those after `with`. */
  apply(
    draft: D,
    statements: readonly Statement[],
    scope: Scope,
    how: "body" | "with",
    context: StudyContext,
  ): D;
  /** The draft with one value replaced; the path's words before `at` led here. Undefined after a report. */
  replace(draft: D, replacement: Replacement, at: number, context: StudyContext): D | undefined;
}

/**
 * The setting `name` with a new value, where the path ends at its word `at`, or with one inside its old value replaced. `missing`
 * reports that there is no old value. Undefined after a report.
 */
export function replaceSetting(
  { settings }: Draft,
  expected: ParameterType,
  replacement: Replacement,
  at: number,
  missing: (name: string, span: Span) => void,
  context: StudyContext,
): Setting | undefined {
  const name = replacement.path[at]!.text;
  const span = pathSpan(replacement.path);
  const old = settings.get(name);
  let value: Value | undefined;
  if (at === replacement.path.length - 1) {
    if (old?.value) reportReplaced(`\`${name}\``, old, replacement, context);
    value = replacement.value(expected, context);
  } else if (old?.value) value = replaceMember(old.value, replacement, at + 1, context);
  else if (!old) missing(name, span);
  return value && { value, span };
}

/** The draft with a line set. */
export const withSetting = <D extends Draft>(draft: D, name: string, setting: Setting): D => ({
  ...draft,
  settings: new Map(draft.settings).set(name, setting),
});

/** What an expression such as `baseline with { length = 3 epochs }` comes to. Undefined after a report. */
export function resolveSection<D extends Draft>(
  kind: SectionKind<D>,
  expr: Expr,
  scope: Scope,
  context: StudyContext,
): D | undefined {
  if (expr.kind === "error") return undefined;
  if (expr.kind === "with") {
    const base = resolveSection(kind, expr.base, scope, context);
    return base && kind.apply(base, expr.body.statements, scope, "with", context);
  }
  if (expr.kind === "name" && !isNamed(scope, expr.name.text)) {
    reportUnknownSection(kind, expr.name, scope, context);
    return undefined;
  }
  const value = evaluate(expr, scope, context);
  return value && sectionOf(kind, value, expr.span, context);
}

/** With those of its kind that the file declares, or the one of the standard library that is meant. */
function reportUnknownSection(
  { what }: { readonly what: "data" | "recipe" },
  name: Name,
  scope: Scope,
  context: StudyContext,
): void {
  const declared = scope.module.file.declarations.flatMap((each) =>
    each.kind === "declaration" && each.what === what ? [each.name.text] : [],
  );
  const path = standardPath(name.text, context);
  const details =
    path === undefined
      ? suggestion(name, declared)
      : {
          text: `did you mean \`${path}\`?`,
          fixes: [
            { title: `write \`${path}\``, edits: [{ span: name.span, text: path }], safety: "safe" as const },
          ],
        };
  context.reporter.report(
    unknownOperator,
    { what: what === "data" ? "data set" : what, name: name.text },
    name.span,
    details,
  );
}

const pending = notes<StudyContext, Set<unknown>>();
/** Drafts are not changed: the trials of a sweep begin from one. */
const drafts = notes<StudyContext, Map<NamedDecl, Draft | undefined>>();

/** The lines of a declared section, with what `--set` replaces. `span` is where it is used. */
export function sectionOf<D extends Draft>(
  kind: SectionKind<D>,
  value: Value,
  span: Span,
  context: StudyContext,
): D | undefined {
  if (value.kind !== "section" || value.declaration.what !== kind.what) {
    context.reporter.report(
      wrongKind,
      { what: kind.what === "data" ? "`data`" : "a recipe", found: describeValue(value) },
      span,
    );
    return undefined;
  }
  const { declaration, module } = value;
  const open = pending.get(context) ?? new Set();
  pending.set(context, open);
  if (open.has(declaration)) {
    context.reporter.report(refersToItself, { name: declaration.name.text }, declaration.name.span);
    return undefined;
  }
  const known = drafts.get(context) ?? new Map<NamedDecl, Draft | undefined>();
  drafts.set(context, known);
  if (known.has(declaration)) return known.get(declaration) as D | undefined;
  open.add(declaration);
  const scope = fileScope(module, context);
  let draft = declaration.body
    ? kind.apply(kind.empty(declaration.name), declaration.body.statements, scope, "body", context)
    : declaration.value && resolveSection(kind, declaration.value, scope, context);
  open.delete(declaration);
  if (draft && !declaration.body) draft = { ...draft, name: declaration.name };
  for (const override of context.overrides.get(declaration) ?? [])
    draft = draft && kind.replace(draft, override, 1, context);
  known.set(declaration, draft);
  return draft;
}

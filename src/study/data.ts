/** `data`: a source, fields with a role, a split, preparation, augmentation. From its lines to a `DataSpec`. */

import { evaluate, reportUnknownMember } from "../check/evaluate.ts";
import { nest, type Scope } from "../check/scope.ts";
import type { Value } from "../check/value.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { FieldStatement, Name, SectionStatement, Statement } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { Replacement, StudyContext } from "./context.ts";
import { missingInData, outOfPlace } from "./diagnostics.ts";
import { pathSpan } from "./members.ts";
import { onceEach } from "./once.ts";
import { type Draft, replaceSetting, type SectionKind, type Setting, withSetting } from "./sections.ts";

/** A line that is checked when the data set is complete, with the names that it may use. */
interface Line<S extends Statement> {
  readonly statement: S;
  readonly scope: Scope;
}

export interface DataDraft extends Draft {
  /** By name, in the order written. */
  readonly fields: ReadonlyMap<string, Line<FieldStatement>>;
  readonly sections: readonly Line<SectionStatement>[];
}

export const dataLines: Readonly<Record<"source" | "split", ParameterType>> = {
  source: { kind: "operator", family: "reader" },
  split: { kind: "operator", family: "split" },
};

const sectionNames = ["prepare", "augment", "evaluate"];

export const dataKind: SectionKind<DataDraft> = {
  what: "data",
  empty: (name: Name) => ({ name, settings: new Map(), fields: new Map(), sections: [] }),
  apply(draft, statements, outer, how, context) {
    const settings = new Map(draft.settings);
    const fields = new Map(draft.fields);
    let sections = [...draft.sections];
    const locals = new Map<string, Value | undefined>();
    const scope = nest(outer, locals);
    const once = onceEach(context);
    let changed: DataDraft = { ...draft, settings, fields, sections };
    for (const statement of statements)
      if (statement.kind === "let")
        locals.set(statement.name.text, evaluate(statement.value, scope, context));
      else if (statement.kind === "field") {
        once(statement.name.text, statement.name.span);
        fields.set(statement.name.text, { statement, scope });
      } else if (statement.kind === "section") {
        const section = knownSection(statement, context);
        if (!section) continue;
        if (how === "with") sections = sections.filter((line) => !sameSection(line.statement, section));
        if (section.body.statements.length > 0) sections.push({ statement: section, scope });
        changed = { ...changed, sections };
      } else if (statement.kind === "assign") {
        const { path, value } = statement;
        once(path.map((name) => name.text).join("."), pathSpan(path));
        const replacement: Replacement = {
          path,
          by: undefined,
          value: (expected) => evaluate(value, scope, context, expected),
        };
        // A misspelt line stands for the one that is meant: that it is missing is no second mistake.
        const name = path[0]!.text;
        const meant = () => suggest(name, Object.keys(dataLines)) ?? name;
        const mistaken: Setting = { value: undefined, span: statement.span };
        changed =
          replaceLine(changed, replacement, 0, context) ??
          withSetting(changed, name in dataLines ? name : meant(), mistaken);
      } else
        context.reporter.report(outOfPlace, { kind: "`data`" }, statement.span, {
          hint: "data has `source = ...`, fields such as `input image : f32[64, 64, 3] = source.image`, `split = ...`, and `prepare`, `augment`, `evaluate` sections",
        });
    return changed;
  },
  replace: (draft, replacement, at, context) => replaceLine(draft, replacement, at, context),
};

/** A misspelt section stands, after a report, for the one that is meant: that its steps are missing is no second mistake. */
function knownSection(statement: SectionStatement, context: StudyContext): SectionStatement | undefined {
  const { name } = statement;
  if (sectionNames.includes(name.text)) return statement;
  reportUnknownMember(name, "`data`", sectionNames, context);
  const meant = suggest(name.text, sectionNames);
  return meant === undefined ? undefined : { ...statement, name: { ...name, text: meant } };
}

function sameSection(a: SectionStatement, b: SectionStatement): boolean {
  const fields = (section: SectionStatement) => section.fields.map((field) => field.text).join();
  return a.name.text === b.name.text && fields(a) === fields(b);
}

function replaceLine(
  draft: DataDraft,
  replacement: Replacement,
  at: number,
  context: StudyContext,
): DataDraft | undefined {
  const name = replacement.path[at]!;
  const expected = name.text === "source" || name.text === "split" ? dataLines[name.text] : undefined;
  if (!expected) {
    reportUnknownMember(name, "`data`", Object.keys(dataLines), context);
    return undefined;
  }
  const missing = (line: string, span: Span) =>
    context.reporter.report(missingInData, { data: draft.name.text, what: `\`${line}\`` }, span);
  const setting = replaceSetting(draft, expected, replacement, at, missing, context);
  return setting && withSetting(draft, name.text, setting);
}

/** `split = ...`: shares that are no more than the whole, and fields that the rows can be divided by. */
import type { OperatorValue } from "../check/value.ts";
import { type FieldType, showField } from "../ops/field.ts";
import type { OpCall } from "../ops/signature.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import type { DataDraft } from "./data.ts";
import { badSplit, unknownField } from "./diagnostics.ts";
import type { FieldSpec } from "./plan.ts";
import { suggestion } from "./suggestion.ts";

/** What a split wants of the field after `by`. */
const wanted: Readonly<
  Record<
    string,
    {
      readonly what: string;
      readonly fits: (field: FieldSpec) => boolean;
      readonly hint: (field: FieldSpec) => string;
    }
  >
> = {
  stratified: {
    what: "a class",
    fits: ({ type }) => isClass(type),
    hint: ({ name, role }) =>
      role === "group"
        ? `groups are kept together by \`grouped(by: ${name}, ...)\``
        : "name a field with a type such as `class[4]`, or use `random`",
  },
  grouped: {
    what: "a group",
    fits: ({ role }) => role === "group",
    hint: ({ name }) => `give it the role: \`group ${name} : int = ...\``,
  },
  k_fold: {
    what: "a class or a group",
    fits: ({ role, type }) => role === "group" || isClass(type),
    hint: ({ name }) =>
      `give it a role or a type: \`group ${name} : int = ...\`, \`target ${name} : class[4] = ...\``,
  },
  by_region: {
    what: "two numbers",
    fits: ({ type }) => isNumber(type),
    hint: () => "name two fields such as right ascension and declination",
  },
};

const isClass = (type: FieldType): boolean => type.kind === "class" && type.shape === undefined;

const isNumber = (type: FieldType): boolean => type.kind === "tensor" && type.shape.length === 0;

/** `fields` are those that are in order. False after a report. */
export function checkSplit(
  split: OpCall,
  draft: DataDraft,
  fields: readonly FieldSpec[],
  context: StudyContext,
): boolean {
  const value = draft.settings.get("split")!.value as OperatorValue;
  const { op, parameters } = split;
  const problem = (text: string, span: Span, hint?: string): false => {
    context.reporter.report(badSplit, { problem: text }, span, { hint });
    return false;
  };
  const shares = ["train", "valid", "test"].map((share) => Number(parameters[share] ?? 0));
  const fold = op === "k_fold" ? 1 / Number(parameters.k) : 0;
  const sum = shares.reduce((a, b) => a + b, fold);
  if (op === "k_fold" && sum > 1 - 1e-9)
    return problem(
      `a fold of ${percent(fold)} and ${percent(shares[1]!)} for \`valid\` leave no row to train on`,
      value.span,
      "give `valid` a smaller share",
    );
  if (sum > 1 + 1e-9)
    return problem(
      `the shares of the split make ${percent(sum)}, more than all rows`,
      value.span,
      "shares are of all rows and make 100 % or less",
    );
  if (parameters.train === 0) return problem("this split leaves no row to train on", value.span);
  if (op === "by_region" && !(Number(parameters.cell) > 0))
    return problem("a cell of no width holds no row", value.span, "write its width, as `cell: 10 deg`");
  const by = parameters.by;
  if (by === undefined) return true;
  const names = Array.isArray(by) ? (by as string[]) : [by as string];
  const given = value.arguments.get("by");
  const span = given?.span ?? value.span;
  if (op === "by_region" && (names.length !== 2 || names[0] === names[1]))
    return problem("a region has two coordinates", span, "write `by: [ra, dec]`");
  return names.every((name, i) => {
    const at = given?.kind === "list" ? given.items[i]!.span : span;
    return checkBy(name, at);
  });

  function checkBy(by: string, at: Span): boolean {
    if (!draft.fields.has(by)) {
      const names = [...draft.fields.keys()];
      context.reporter.report(
        unknownField,
        { field: by, data: draft.name.text },
        at,
        suggestion({ text: by, span: at }, names),
      );
      return false;
    }
    const field = fields.find((each) => each.name === by);
    const want = wanted[op];
    if (!field || !want || want.fits(field)) return true;
    return problem(
      `\`${op}\` goes by ${want.what}, but \`${by}\` is ${describe(field)}`,
      at,
      want.hint(field),
    );
  }

  function describe({ role, type }: FieldSpec): string {
    if (op !== "grouped") return showField(type);
    return role === "id" ? "an id" : `a ${role}`;
  }
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

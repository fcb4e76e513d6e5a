import { toJson } from "../check/evaluate.ts";
import type { OperatorValue } from "../check/value.ts";
import { asClause, type Problem } from "../diagnostics/problem.ts";
import { type FieldType, shapeOfField, showField } from "../ops/field.ts";
import { operatorOf } from "../ops/registry.ts";
import type { OpCall } from "../ops/signature.ts";
import type { FieldStatement, Name } from "../syntax/ast.ts";
import { checkSplit } from "./check-split.ts";
import type { StudyContext } from "./context.ts";
import { type DataDraft, dataLines } from "./data.ts";
import {
  inputNotF32,
  missingInData,
  sizeVaries,
  trainAndEvaluationDiffer,
  typeNotKnown,
} from "./diagnostics.ts";
import { type Columns, checkField } from "./field.ts";
import { agree } from "./field-type.ts";
import type { DataSpec, FieldSpec, SectionSpec } from "./plan.ts";
import { checkRowWeight } from "./row-weight.ts";
import { withPaths } from "./source-call.ts";
import { checkSection, type Types } from "./steps.ts";

/** Checks a data set as far as that goes without reading it. Undefined after a report. */
export function finishData(draft: DataDraft, context: StudyContext): DataSpec | undefined {
  const name = draft.name.text;
  let sound = true;
  const call = (line: "source" | "split"): OpCall | undefined => {
    const setting = draft.settings.get(line);
    if (!setting)
      context.reporter.report(missingInData, { data: name, what: `\`${line}\`` }, draft.name.span, {
        hint:
          line === "source"
            ? 'say where the rows come from: `source = image_folder("galaxies")`'
            : "say how rows are divided: `split = random(train: 70%, valid: 15%, test: 15%, seed: 1)`",
      });
    const json = setting?.value && toJson(setting.value, dataLines[line], context, `\`${line}\``);
    return json as unknown as OpCall | undefined;
  };

  const sourceCall = call("source");
  const source =
    sourceCall && withPaths(sourceCall, draft.settings.get("source")!.value as OperatorValue, context.host);
  const unread: { readonly field: FieldStatement; readonly problem: Problem | undefined }[] = [];
  const columns = source && {
    dataset: name,
    place: draft.settings.get("source")!.span,
    ...columnsOf(source),
    read: () => context.host.readColumns?.(source, name),
    unread: (field: FieldStatement, problem: Problem | undefined) => unread.push({ field, problem }),
  };
  const lines = [...draft.fields.values()];
  const fields: FieldSpec[] = [];
  for (const { statement, scope } of lines) {
    const field = checkField(statement, columns, scope, context);
    if (field) fields.push(field);
    else sound = false;
  }
  reportUnread(unread, context);
  const known = [...draft.fields.keys()];
  if (known.length === 0) {
    context.reporter.report(missingInData, { data: name, what: "fields" }, draft.name.span, {
      hint: "say what the network sees and what it should answer: `input image : f32[64, 64, 3] = source.image`, `target label : class[3] = source.class`",
    });
    sound = false;
  }

  const split = call("split");
  if (split && !checkSplit(split, draft, fields, context)) sound = false;

  const types: Types = new Map(fields.map((field) => [field.name, field.type]));
  const run = (kind: string, types: Types): readonly SectionSpec[] =>
    draft.sections
      .filter((line) => line.statement.name.text === kind)
      .flatMap(({ statement, scope }) => {
        const section = checkSection(statement, types, known, name, scope, context);
        if (!section) sound = false;
        return section ?? [];
      });
  const prepare = run("prepare", types);
  const prepared = new Map(types);
  const nameOf = (field: string): Name => draft.fields.get(field)!.statement.name;
  for (const { name: field, role } of fields) {
    const type = prepared.get(field);
    if (!type || (role !== "input" && role !== "target")) continue;
    const open = shapeOfField(type).find((dim) => typeof dim === "string");
    if (open === undefined) continue;
    context.reporter.report(
      sizeVaries,
      { field, type: showField(type), dimension: open as string },
      nameOf(field).span,
      {
        hint: `bring all rows to one size: \`prepare ${field} { resize(64 px) }\``,
      },
    );
    types.delete(field);
    prepared.delete(field);
    sound = false;
  }
  const augmented = new Map(prepared);
  const augment = run("augment", augmented);
  const evaluated = new Map(prepared);
  const evaluate = run("evaluate", evaluated);
  for (const { name: field, role } of fields) {
    const training = augmented.get(field);
    const evaluation = evaluated.get(field);
    if (!training || !evaluation) continue;
    if (!agree(training, evaluation)) {
      reportDiffer(field, training, evaluation, draft, context);
      sound = false;
    } else if (role === "input" && !checkInput(nameOf(field), training, context)) sound = false;
  }
  const weights = fields.flatMap(({ name: field, role }) => (role === "weight" ? nameOf(field) : []));
  if (!checkRowWeight(weights, augmented, context)) sound = false;
  if (!sound || !source || !split) return undefined;
  return {
    name,
    source,
    fields,
    split,
    prepare,
    augment,
    evaluate,
    prepared: Object.fromEntries(prepared),
    fed: Object.fromEntries(augmented),
  };
}

function columnsOf(source: OpCall): Pick<Columns, "reader" | "types" | "open"> {
  const reader = operatorOf("reader", source.op);
  return { reader: source.op, types: reader.fields(source.parameters), open: reader.open ?? false };
}

/** That data are missing is one mistake, however many fields wait for their types. */
function reportUnread(
  unread: readonly { readonly field: FieldStatement; readonly problem: Problem | undefined }[],
  context: StudyContext,
): void {
  const [first, ...others] = unread;
  if (!first) return;
  const { role, name } = first.field;
  const { message, hint } = first.problem ?? {};
  const way = `write it after the name, as \`${role.text} ${name.text} : ${likely(first.field)} = ...\``;
  context.reporter.report(
    typeNotKnown,
    { field: name.text, problem: message && asClause(message) },
    name.span,
    {
      labels: others.map(({ field }) => ({ span: field.name.span, text: "and the type of this" })),
      hint: hint === undefined ? way : `${hint}; or ${way}`,
    },
  );
}

function likely({ role, value }: FieldStatement): string {
  if (role.text === "target") return "class[4]";
  return role.text === "input" && value.kind === "member" ? "u8[299, 299, 3]" : "f32";
}

/** Whole numbers and classes are what `embedding` takes; a network that does not says so at its input. */
function checkInput(field: Name, type: FieldType, context: StudyContext): boolean {
  if (type.kind !== "tensor" || ["f32", "i32", "i64"].includes(type.dtype)) return true;
  context.reporter.report(inputNotF32, { field: field.text, type: showField(type) }, field.span, {
    hint:
      type.dtype === "u8"
        ? `add \`scale(0 .. 1)\` to \`prepare ${field.text} { }\``
        : `write its type as f32, if the source gives such numbers`,
  });
  return false;
}

function reportDiffer(
  field: string,
  training: FieldType,
  evaluation: FieldType,
  draft: DataDraft,
  context: StudyContext,
): void {
  const sectionOf = (kind: string) =>
    draft.sections.find(
      ({ statement }) => statement.name.text === kind && statement.fields.some((each) => each.text === field),
    )?.statement;
  const augment = sectionOf("augment");
  const evaluate = sectionOf("evaluate");
  const main = evaluate ?? augment!;
  context.reporter.report(
    trainAndEvaluationDiffer,
    { field, training: showField(training), evaluation: showField(evaluation) },
    main.name.span,
    {
      labels: evaluate && augment ? [{ span: augment.name.span, text: showField(training) }] : [],
      hint: evaluate
        ? "let both end in one type"
        : training.kind === "tensor"
          ? `say what replaces augmentation in evaluation: \`evaluate ${field} { centre_crop(${training.shape[0]} px) }\``
          : undefined,
    },
  );
}

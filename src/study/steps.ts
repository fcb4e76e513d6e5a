/** `prepare image { ... }`, `augment a, b { ... }`, `evaluate image { ... }`: steps on fields, checked one after the other. */
import { listWords } from "../check/describe.ts";
import { evaluate, toJson } from "../check/evaluate.ts";
import { nest, type Scope } from "../check/scope.ts";
import type { Value } from "../check/value.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { type FieldType, showField } from "../ops/field.ts";
import { afterStep } from "../ops/pixel-labels.ts";
import { cannotShare } from "../ops/prepare.ts";
import { operatorOf } from "../ops/registry.ts";
import type { OpCall } from "../ops/signature.ts";
import type { ApplyStatement, SectionStatement } from "../syntax/ast.ts";
import type { StudyContext } from "./context.ts";
import { missingInData, notAStep, statedTypeDiffers, stepDoesNotFit, unknownField } from "./diagnostics.ts";
import { agree, fieldType } from "./field-type.ts";
import { notYet } from "./later.ts";
import type { SectionSpec } from "./plan.ts";
import { suggestion } from "./suggestion.ts";

export type Types = Map<string, FieldType>;

/**
 * The steps of a section. `types` holds the type of every field, and afterwards what the steps made of it; a field that is
 * mistaken is missing from it. Undefined after a report.
 */
export function checkSection(
  section: SectionStatement,
  types: Types,
  known: readonly string[],
  data: string,
  outer: Scope,
  context: StudyContext,
): SectionSpec | undefined {
  const family = section.name.text === "prepare" ? "prepare" : "augment";
  let sound = true;
  for (const field of section.fields)
    if (!known.includes(field.text)) {
      context.reporter.report(
        unknownField,
        { field: field.text, data },
        field.span,
        suggestion(field, known),
      );
      sound = false;
    }
  // A misspelt field stands for the one that is meant: that its steps are missing is no second mistake.
  const fields = section.fields.map(({ text }) =>
    known.includes(text) ? text : (suggest(text, known) ?? text),
  );
  if (fields.length === 0) {
    const all = listWords(
      known.map((each) => `\`${each}\``),
      "and",
    );
    context.reporter.report(
      missingInData,
      { data: section.name.text, what: "field to work on" },
      section.name.span,
      {
        hint: `name them: \`${section.name.text} ${known[0] ?? "image"} { ... }\`${known.length > 1 ? `; there are ${all}` : ""}`,
      },
    );
    // What the steps would have made of which field is not known: nothing more is said of any.
    types.clear();
    return undefined;
  }
  const locals = new Map<string, Value | undefined>();
  const scope = nest(outer, locals);
  const steps: OpCall[] = [];
  for (const statement of section.body.statements) {
    if (statement.kind === "let") {
      locals.set(statement.name.text, evaluate(statement.value, scope, context));
      continue;
    }
    const step = statement.kind === "apply" && !statement.as ? checkStep(statement) : reportNotAStep();
    if (step) steps.push(step);
    else sound = false;

    function reportNotAStep(): undefined {
      context.reporter.report(notAStep, { section: section.name.text }, statement.span, {
        hint: "write one step a line, as `resize(64 px)`",
      });
      return undefined;
    }
  }
  return sound ? { fields, steps } : undefined;

  function checkStep(statement: ApplyStatement): OpCall | undefined {
    const expected = { kind: "operator", family } as const;
    const value = evaluate(statement.value, scope, context, expected);
    const call =
      value &&
      (toJson(value, expected, context, `a step of \`${section.name.text}\``) as unknown as
        | OpCall
        | undefined);
    if (!call) {
      for (const field of fields) types.delete(field);
      return undefined;
    }
    const operator = operatorOf(family, call.op);
    if (section.name.text === "evaluate" && operatorOf("augment", call.op).random)
      notYet(`\`${call.op}\` in \`evaluate\`, which draws at random,`, statement.span, context);
    const stated = statement.type && fieldType(statement.type, scope, context);
    const taken: { readonly name: string; readonly type: FieldType }[] = [];
    for (const field of fields) {
      const before = types.get(field);
      if (!before) continue;
      const after = afterStep(operator, before, call.parameters);
      if ("problem" in after) {
        context.reporter.report(stepDoesNotFit, { problem: after.problem }, statement.value.span, {
          text: `\`${field}\` is ${showField(before)} here`,
          hint: after.hint,
        });
        types.delete(field);
        sound = false;
        continue;
      }
      taken.push({ name: field, type: before });
      context.trace?.step(statement, field, after);
      if (stated && !agree(stated, after)) {
        context.reporter.report(
          statedTypeDiffers,
          { field, stated: showField(stated), found: showField(after) },
          statement.type!.span,
          {
            fixes: [
              {
                title: `write \`${showField(after)}\``,
                edits: [{ span: statement.type!.span, text: showField(after) }],
                safety: "review",
              },
            ],
          },
        );
        sound = false;
        types.set(field, after);
      } else types.set(field, after);
    }
    const unequal = operator.family === "prepare" && cannotShare(operator, taken, call.parameters);
    if (unequal) {
      const { problem, hint } = unequal;
      context.reporter.report(stepDoesNotFit, { problem }, statement.value.span, { hint });
      sound = false;
    }
    return call;
  }
}

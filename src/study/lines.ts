/** The lines of an experiment, also of one that is another `with` lines replaced. */

import { describeValue } from "../check/describe.ts";
import { evaluate, reportUnknownMember } from "../check/evaluate.ts";
import { unknownMember } from "../check/messages.ts";
import { fileScope, type Scope } from "../check/scope.ts";
import { experimentNotations } from "../diagnostics/notations.ts";
import type { Module } from "../modules/program.ts";
import type { Expr, NamedDecl, Statement } from "../syntax/ast.ts";
import type { StudyContext } from "./context.ts";
import { outOfPlace, refersToItself, wrongKind } from "./diagnostics.ts";
import { onceEach } from "./once.ts";
import { recipeLines } from "./recipe-lines.ts";

export interface Line {
  readonly statement: Statement;
  readonly scope: Scope;
}

const assigned = ["data", "model", "recipe"];

const meant = new Set<Statement["kind"]>([
  "let",
  "assign",
  "vary",
  "replicate",
  "choose",
  "report",
  "compare",
  "search",
  "ensemble",
  "save",
  "budget",
  "allow",
]);

/** Undefined after a report. */
export function experimentLines(
  declaration: NamedDecl,
  module: Module,
  context: StudyContext,
  open: readonly NamedDecl[] = [],
): readonly Line[] | undefined {
  if (open.includes(declaration)) {
    context.reporter.report(refersToItself, { name: declaration.name.text }, declaration.name.span);
    return undefined;
  }
  const scope = fileScope(module, context);
  if (declaration.body) return checkLines(declaration.body.statements, scope, context);
  return declaration.value && linesOf(declaration.value, scope, context, [...open, declaration]);
}

function linesOf(
  expr: Expr,
  scope: Scope,
  context: StudyContext,
  open: readonly NamedDecl[],
): readonly Line[] | undefined {
  if (expr.kind === "error") return undefined;
  if (expr.kind === "with") {
    const base = linesOf(expr.base, scope, context, open);
    const more = checkLines(expr.body.statements, scope, context);
    if (!base || !more) return undefined;
    const replaced = new Set(more.map((line) => keyOf(line.statement)));
    return [...base.filter((line) => !replaced.has(keyOf(line.statement) ?? "")), ...more];
  }
  const value = evaluate(expr, scope, context);
  if (!value) return undefined;
  if (value.kind === "section" && value.declaration.what === "experiment")
    return experimentLines(value.declaration, value.module, context, open);
  context.reporter.report(wrongKind, { what: "an experiment", found: describeValue(value) }, expr.span);
  return undefined;
}

/** What a line sets: two lines with one key cannot both hold. */
function keyOf(statement: Statement): string | undefined {
  if (statement.kind === "assign" || statement.kind === "vary" || statement.kind === "replicate")
    return statement.path.map((name) => name.text).join(".");
  return undefined;
}

/** Where a line is written that an experiment has not. */
const lineElsewhere = (name: string): string | undefined =>
  Object.hasOwn(experimentNotations, name)
    ? experimentNotations[name]
    : Object.hasOwn(recipeLines, name)
      ? `it is in the recipe: \`recipe = ... with { ${name} = ... }\``
      : undefined;

function checkLines(
  statements: readonly Statement[],
  scope: Scope,
  context: StudyContext,
): readonly Line[] | undefined {
  const lines: Line[] = [];
  const once = onceEach(context);
  let sound = true;
  for (const statement of statements) {
    const report = () => {
      sound = false;
      return context.reporter;
    };
    if (!meant.has(statement.kind)) {
      report().report(outOfPlace, { kind: "an experiment" }, statement.span, {
        hint: "an experiment has `data`, `model` and `recipe`, and lines with `vary`, `repeat`, `search`, `choose`, `report`, `compare`",
      });
      continue;
    }
    if (
      statement.kind === "assign" &&
      !(statement.path.length === 1 && assigned.includes(statement.path[0]!.text))
    ) {
      if (statement.path.length > 1 && assigned.includes(statement.path[0]!.text))
        report().report(outOfPlace, { kind: "an experiment" }, statement.span, {
          hint: `write \`${statement.path[0]!.text} = ... with { ${statement.path
            .slice(1)
            .map((name) => name.text)
            .join(".")} = ... }\``,
        });
      else if (lineElsewhere(statement.path[0]!.text)) {
        const { text: name, span } = statement.path[0]!;
        report().report(unknownMember, { name, of: "an experiment" }, span, {
          text: "not known",
          hint: lineElsewhere(name),
        });
      } else {
        sound = false;
        reportUnknownMember(statement.path[0]!, "an experiment", assigned, context);
      }
      continue;
    }
    const key = keyOf(statement);
    // A fixed value may stand beside the factor that replaces it.
    const among = statement.kind === "assign" ? "values" : "factors";
    if (key !== undefined && !once(key, statement.span, among)) sound = false;
    lines.push({ statement, scope });
  }
  return sound ? lines : undefined;
}

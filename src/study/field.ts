/** `input image : u8[299, 299, 3] = source.image where source.ok`: the fields of a data set. */
import { declarationAt } from "../check/elsewhere.ts";
import { evaluate, rangeItems } from "../check/evaluate.ts";
import { isNamed, type Scope } from "../check/scope.ts";
import { asClause, Problem } from "../diagnostics/problem.ts";
import { type FieldType, type Role, showField, targetType } from "../ops/field.ts";
import type { Expr, FieldStatement, Name } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import { isName } from "../syntax/tokens.ts";
import { isWithin, type Span, textOf } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import {
  badFieldExpression,
  badFieldType,
  typeDiffers,
  typeNotKnown,
  unknownColumn,
  unknownRole,
} from "./diagnostics.ts";
import { agree, fieldType } from "./field-type.ts";
import { typeInRole, typeOfValue } from "./found-type.ts";
import type { FieldExpr, FieldSpec } from "./plan.ts";
import type { SourceColumns } from "./source-columns.ts";
import { suggestion } from "./suggestion.ts";

const roles: readonly Role[] = ["input", "target", "group", "weight", "id", "keep"];

/** What the source offers: columns with their types where they are known; any other name too where `open`. */
export interface Columns {
  readonly dataset: string;
  /** The line that sets the source, or changes something in it. */
  readonly place: Span;
  readonly reader: string;
  readonly types: Readonly<Record<string, FieldType | undefined>>;
  readonly open: boolean;
  /** What the data say; undefined where nobody can read them. */
  read(): SourceColumns | Problem | undefined;
  /** Told of a field whose type only the data settle, where they say nothing. */
  unread(field: FieldStatement, problem: Problem | undefined): void;
}

/** Undefined after a report. Without columns (a mistaken source) names after `source.` are not checked. */
export function checkField(
  statement: FieldStatement,
  columns: Columns | undefined,
  scope: Scope,
  context: StudyContext,
): FieldSpec | undefined {
  const { role, name, among, where } = statement;
  const known = roles.find((each) => each === role.text);
  if (!known) context.reporter.report(unknownRole, { role: role.text }, role.span, suggestion(role, roles));

  const of = fieldValue(statement.value, columns, scope, context);
  const names = among && listOf(among, scope, context);
  // `source.kind in ["PC", "EB"]` is true or false: the classes `not f` and `f`.
  const value: FieldExpr | undefined = of && among ? names && { operator: "in", left: of, right: names } : of;
  const condition = where ? fieldExpression(where, columns, scope, context) : null;
  const asUsed = (type: FieldType | undefined) => (type && known === "target" ? targetType(type) : type);
  const written = asUsed(statement.type && fieldType(statement.type, scope, context));
  const found = asUsed(
    among
      ? { kind: "class", count: 2 }
      : value && columns && ("source" in value || "list" in value)
        ? typeOfValue(value, columns.types)
        : undefined,
  );
  // Of a source that another declaration changes, the type is right where it is written.
  const own = columns && isWithin(columns.place, declarationAt(statement.span, scope.module)?.span);
  if (written && found && !agree(written, found) && !differByOnes(written, value))
    context.reporter.report(
      typeDiffers,
      { field: name.text, written: textOf(statement.type!.span), found: showField(found) },
      statement.type!.span,
      {
        labels: [
          { span: statement.value.span, text: `this is ${showField(found)}` },
          ...(own ? [] : [{ span: columns!.place, text: "with the source of this line" }]),
        ],
        hint: own
          ? undefined
          : `leave the type out: \`${role.text} ${name.text} = ${textOf(statement.value.span)}\``,
        fixes: own
          ? [
              {
                title: `write \`${showField(found)}\``,
                edits: [{ span: statement.type!.span, text: showField(found) }],
                safety: "safe",
              },
            ]
          : [],
      },
    );
  const leftOut = !statement.type && known && value && columns;
  const type = leftOut ? asUsed(unwritten(statement, known, value, columns, scope, context)) : written;
  if (type?.kind === "string" && !checkString(statement, known, value, context)) return undefined;
  if (leftOut && type) context.trace?.step(statement, name.text, type);
  if (!known || !value || condition === undefined || !type) return undefined;
  return { role: known, name: name.text, type, value, where: condition };
}

/** The type of a field that is not written: as the source's parameters settle it, else as the data have it. Undefined after a report. */
function unwritten(
  statement: FieldStatement,
  role: Role,
  value: FieldExpr,
  columns: Columns,
  scope: Scope,
  context: StudyContext,
): FieldType | undefined {
  const settled = statement.among
    ? ({ kind: "class", count: 2 } as const)
    : typeOfValue(value, columns.types);
  if (settled) return typeInRole(settled, role, value, undefined) as FieldType;
  const read = columns.read();
  if (!read || read instanceof Problem) {
    columns.unread(statement, read);
    return undefined;
  }
  const all = { ...columns, types: read.types, open: false };
  if (!fieldValue(statement.value, all, scope, context)) return undefined;
  const found = typeOfValue(value, read.types);
  const type = found ? typeInRole(found, role, value, read) : noNumbers;
  if (!(type instanceof Problem)) {
    context.typeRead(columns.dataset, statement, showField(type));
    return type;
  }
  context.reporter.report(
    typeNotKnown,
    { field: statement.name.text, problem: asClause(type.message) },
    statement.name.span,
    { hint: type.hint },
  );
  return undefined;
}

const noNumbers = new Problem(
  "it is computed from classes, and how many there are then is not known",
  "write it: `class[4]`, or `f32` for a number",
);

/** `[source.u, source.g]` are numbers side by side; anything else is one expression. Undefined after a report. */
function fieldValue(
  expr: Expr,
  columns: Columns | undefined,
  scope: Scope,
  context: StudyContext,
): FieldExpr | undefined {
  if (expr.kind === "string") {
    reportColumns([expr], context);
    return undefined;
  }
  if (expr.kind !== "list") return fieldExpression(expr, columns, scope, context);
  const texts = expr.items.flatMap((item) => (item.kind === "string" ? [item] : []));
  if (texts.length > 0 && texts.length === expr.items.length) {
    reportColumns(texts, context);
    return undefined;
  }
  const items = expr.items.map((item) => fieldExpression(item, columns, scope, context));
  return items.some((item) => !item) ? undefined : { list: items as FieldExpr[] };
}

/** Numbers side by side may be declared with axes of length 1, as f32[201, 1]: a sequence of one channel. */
function differByOnes(written: FieldType, value: FieldExpr | undefined): boolean {
  if (!value || !("list" in value) || written.kind !== "tensor" || written.dtype !== "f32") return false;
  return written.shape.filter((size) => size !== 1).join() === String(value.list.length);
}

/** Names are kept and compared; nothing is computed with them. False after a report. */
function checkString(
  { name, value: written, type }: FieldStatement,
  role: Role | undefined,
  value: FieldExpr | undefined,
  context: StudyContext,
): boolean {
  const problem = (text: string, span: Span, hint: string): false => {
    context.reporter.report(badFieldType, { problem: text }, span, { hint });
    return false;
  };
  if (role && role !== "id" && role !== "keep" && role !== "group")
    return problem(
      `\`${name.text}\` is a string, and ${role === "input" ? "an" : "a"} \`${role}\` is ${role === "target" ? "a class or numbers" : "numbers"}`,
      (type ?? name).span,
      role === "target"
        ? "write how many names there are: `class[4]`"
        : "strings may be an `id`, a `group`, or be kept: `keep`",
    );
  if (!value || "source" in value) return true;
  return problem(
    `\`${name.text}\` is a string, and strings are read as they stand`,
    written.span,
    "write `source.` and the name of the column",
  );
}

const operators = new Set(["+", "-", "*", "/", "^", "==", "!=", "<", "<=", ">", ">=", "and", "or"]);

/** Undefined after a report. */
function fieldExpression(
  expr: Expr,
  columns: Columns | undefined,
  scope: Scope,
  context: StudyContext,
): FieldExpr | undefined {
  const inner = (part: Expr) => fieldExpression(part, columns, scope, context);
  switch (expr.kind) {
    case "error":
      return undefined;
    case "member":
      if (expr.object.kind === "name" && expr.object.name.text === "source")
        return column(expr.name, columns, context);
      break;
    case "unary": {
      const operand = inner(expr.operand);
      if (!operand) return undefined;
      return expr.operator === "-"
        ? { operator: "-", left: { number: 0 }, right: operand }
        : { operator: "==", left: operand, right: { number: 0 } };
    }
    case "binary": {
      if (expr.operator === "in") {
        const left = inner(expr.left);
        const right = listOf(expr.right, scope, context);
        return left && right && { operator: "in", left, right };
      }
      if (expr.right.kind === "string" && (expr.operator === "==" || expr.operator === "!=")) {
        const left = inner(expr.left);
        return left && { operator: expr.operator, left, right: { text: expr.right.value } };
      }
      if (!operators.has(expr.operator)) break;
      const left = inner(expr.left);
      const right = inner(expr.right);
      return left && right && { operator: expr.operator, left, right };
    }
    case "name":
      if (isColumn(expr.name, columns, scope)) {
        const { text } = expr.name;
        context.reporter.report(
          badFieldExpression,
          { problem: `\`${text}\` is read from the source` },
          expr.span,
          {
            text: `write \`source.${text}\``,
            fixes: [
              {
                title: `write \`source.${text}\``,
                edits: [{ span: expr.span, text: `source.${text}` }],
                safety: "safe",
              },
            ],
          },
        );
        return undefined;
      }
      if (expr.name.text === "source" && !isNamed(scope, "source")) break;
      return constant(expr, scope, context);
    case "index":
    case "call":
      if (!namesSource(expr)) return constant(expr, scope, context);
      reportApplied(expr, context);
      return undefined;
    default:
      return constant(expr, scope, context);
  }
  context.reporter.report(
    badFieldExpression,
    { problem: "a field is made from what the source offers and from numbers" },
    expr.span,
    { hint: "write `source.` and the name of what is read, as `source.image`" },
  );
  return undefined;
}

/** `"acid"`, `["acid", "sugar"]`: columns are named without quotes. */
function reportColumns(columns: readonly Extract<Expr, { kind: "string" }>[], context: StudyContext): void {
  const [first, ...more] = columns;
  const span = { ...first!.span, end: (more.at(-1) ?? first!).span.end };
  const text = columns.map(({ value }) => `source.${value}`).join(", ");
  const areNames = columns.every(({ value }) => isName(value));
  context.reporter.report(
    badFieldExpression,
    { problem: "a column of the source is named without quotes" },
    span,
    areNames
      ? { fixes: [{ title: `write \`${text}\``, edits: [{ span, text }], safety: "review" }] }
      : { hint: "write `source.` and its name, as `source.image`" },
  );
}

/** `source["acid"]`, `log(source.x)`, `concat(source.a, source.b)`. */
function reportApplied(expr: Extract<Expr, { kind: "index" | "call" }>, context: StudyContext): void {
  const problem = "a field is made from columns, numbers and arithmetic";
  const column = expr.kind === "index" && expr.index.kind === "string" ? expr.index.value : undefined;
  const columns = expr.kind === "call" ? expr.arguments.map(({ value }) => textOf(value.span)) : [];
  const text = column !== undefined && isName(column) ? `source.${column}` : undefined;
  const list = columns.length > 1 && columns.every((each) => /^source[.]\w+$/.test(each));
  const by = text ?? (list ? `[${columns.join(", ")}]` : undefined);
  const { span } = expr;
  context.reporter.report(
    badFieldExpression,
    { problem },
    span,
    by
      ? { fixes: [{ title: `write \`${by}\``, edits: [{ span, text: by }], safety: "review" }] }
      : {
          hint:
            expr.kind === "call"
              ? "change it in `prepare`, or in the file itself"
              : "write columns side by side: `[source.a, source.b]`",
        },
  );
}

function namesSource(node: object): boolean {
  const expr = node as Partial<Expr>;
  if (expr.kind === "name" && expr.name!.text === "source") return true;
  return childrenOf(node).some(namesSource);
}

/** Whether a bare name is meant for what the source offers; of a source that tells its columns only when it is read, any other name. */
function isColumn({ text }: Name, columns: Columns | undefined, scope: Scope): boolean {
  if (!columns || isNamed(scope, text)) return false;
  return Object.hasOwn(columns.types, text) || (columns.open && !["source", "true", "false"].includes(text));
}

/** `["PC", "EB"]`, `[3, 5]`. Undefined after a report. */
function listOf(expr: Expr, scope: Scope, context: StudyContext): FieldExpr | undefined {
  const value = evaluate(expr, scope, context, { kind: "list", of: { kind: "any" } });
  if (!value) return undefined;
  const items = value.kind === "list" ? value.items : value.kind === "range" ? rangeItems(value) : undefined;
  const list = items?.flatMap((item): readonly FieldExpr[] => {
    if (item.kind === "number") return [{ number: item.value }];
    return item.kind === "string" ? [{ text: item.value }] : [];
  });
  if (list && list.length > 0 && list.length === items!.length) return { list };
  context.reporter.report(
    badFieldExpression,
    { problem: "after `in` stands a list of names or numbers that the source has" },
    expr.span,
    { hint: 'write names in quotes, as `in ["PC", "EB"]`' },
  );
  return undefined;
}

function column(name: Name, columns: Columns | undefined, context: StudyContext): FieldExpr | undefined {
  if (columns && !columns.open && !Object.hasOwn(columns.types, name.text)) {
    const names = Object.keys(columns.types);
    context.reporter.report(
      unknownColumn,
      { name: name.text, reader: columns.reader },
      name.span,
      suggestion(name, names),
    );
    return undefined;
  }
  return { source: name.text };
}

function constant(expr: Expr, scope: Scope, context: StudyContext): FieldExpr | undefined {
  const value = evaluate(expr, scope, context);
  if (!value) return undefined;
  if (value.kind === "number") return { number: value.value };
  if (value.kind === "bool") return { number: value.value ? 1 : 0 };
  context.reporter.report(
    badFieldExpression,
    { problem: "only numbers can be combined with what the source offers" },
    expr.span,
  );
  return undefined;
}

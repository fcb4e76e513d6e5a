/** Names in `data` and `recipe`, and in what stands after `with`. */
import { callableOf } from "../../check/bind.ts";
import { evaluate, fileScope, toJson } from "../../check/evaluate.ts";
import type { OperatorValue } from "../../check/value.ts";
import { createReporter } from "../../diagnostics/diagnostic.ts";
import { Problem } from "../../diagnostics/problem.ts";
import { operatorOf } from "../../ops/registry.ts";
import type { Family, OpCall, ParameterType } from "../../ops/signature.ts";
import type {
  AssignStatement,
  Body,
  Expr,
  FieldStatement,
  Name,
  NamedDecl,
  SectionStatement,
} from "../../syntax/ast.ts";
import { dataLines } from "../data.ts";
import { recipeLines } from "../recipe.ts";
import { withPaths } from "../source-call.ts";
import { type Binder, choose, type NameContext, noteDefinition, use } from "./binder.ts";
import { bindExperimentLines } from "./experiment.ts";
import { bindCall, bindExpr, bindType, calleesOf, meaningsOf, parameterMeaning } from "./expression.ts";
import type { Definition, Meaning } from "./meaning.ts";
import { networkAt, partsOfStudy } from "./parts.ts";
import { define, inner, type NameScope } from "./scope.ts";
import { fieldAt, fieldsOf, type Located, type SectionKind, settingOf } from "./section-lines.ts";

/** A declared `data` or `recipe`. */
export function bindSection(
  declaration: NamedDecl,
  kind: "data" | "recipe",
  file: NameScope,
  b: Binder,
): void {
  if (declaration.body) bindSectionBody(kind, declaration.body, undefined, file, b);
}

/** The lines of a section; `base` is what they change, after `with`. */
export function bindSectionBody(
  kind: SectionKind,
  body: Body,
  base: Located | undefined,
  outer: NameScope,
  b: Binder,
): void {
  if (kind === "experiment") bindExperimentLines(body.statements, base, outer, b);
  else if (kind === "data") bindData(body, base, outer, b);
  else bindRecipe(body, base, outer, b);
}

export const roles = ["input", "target", "group", "weight", "id", "keep"] as const;

function bindData(body: Body, base: Located | undefined, outer: NameScope, before: Binder): void {
  const fields = new Map(base ? fieldsOf(base) : []);
  const inherited = new Map(fields);
  for (const statement of body.statements)
    if (statement.kind === "field") fields.set(statement.name.text, fieldAt(statement));
  const source = settingOf(
    { expr: { kind: "with", base: base?.expr ?? nothing(body), body, span: body.span }, scope: outer },
    "source",
  );
  const b: Binder = { ...before, fields, columns: () => (source ? columnsOf(source, before.context) : []) };
  const scope = inner(outer);
  for (const statement of body.statements)
    switch (statement.kind) {
      case "let":
        bindExpr(statement.value, scope, undefined, b);
        noteDefinition(
          b,
          define(scope, statement.name, { kind: "let", value: statement.value, doc: statement.doc }),
        );
        break;
      case "field":
        bindField(statement, inherited.get(statement.name.text), scope, b);
        break;
      case "section":
        bindSteps(statement, scope, b);
        break;
      case "assign":
        bindSetting(statement, "data", dataLines, base, scope, b);
        break;
      case "apply":
        bindMisplaced(statement.value, "data", scope, b);
        break;
      default:
    }
}

const nothing = (body: Body): Expr => ({ kind: "error", span: body.span });

/** What the reader offers after `source.`: as its arguments say, else as the data do. */
function columnsOf({ expr, scope }: Located, { host }: NameContext): readonly string[] {
  const context = { host, reporter: createReporter() };
  const value = evaluate(expr, fileScope(scope.module, context), context, dataLines.source);
  const json = value && toJson(value, dataLines.source, context, "`source`");
  if (json === undefined) return [];
  const call = withPaths(json as unknown as OpCall, value as OperatorValue, host);
  const reader = operatorOf("reader", call.op);
  // The data set's name stands only in what is told.
  const read = reader.open ? host.readColumns?.(call, "") : undefined;
  return Object.keys(read && !(read instanceof Problem) ? read.types : reader.fields(call.parameters));
}

function bindField(
  statement: FieldStatement,
  base: Definition | undefined,
  scope: NameScope,
  b: Binder,
): void {
  const { role, type, among, where } = statement;
  const known = (roles as readonly string[]).includes(role.text);
  b.listener.place?.({ name: role, scope, body: "data" });
  use(b, role, known ? [{ kind: "role", text: role.text }] : []);
  noteDefinition(b, fieldAt(statement), base ? [base] : []);
  if (type)
    bindType(type, scope, ["f32", "f64", "i32", "i64", "u64", "u8", "bool", "int", "class", "string"], b);
  const columns: Binder = { ...b, others: () => sourceAlone, calls: "none" };
  bindExpr(statement.value, scope, undefined, columns);
  if (among) bindExpr(among, scope, { kind: "any" }, b);
  if (where) bindExpr(where, scope, undefined, columns);
}

const sourceAlone: ReadonlyMap<string, readonly Meaning[]> = new Map([
  ["source", [{ kind: "setting", of: "data", text: "source" }]],
]);

/** `prepare image { ... }` */
function bindSteps(section: SectionStatement, outer: NameScope, b: Binder): void {
  const { name, fields, body } = section;
  b.listener.place?.({ name, scope: outer, body: "data" });
  use(b, name, [{ kind: "section", text: name.text }]);
  for (const field of fields) chooseField(field, outer, b);
  const kind = name.text === "prepare" ? "prepare" : name.text === "evaluate" ? "evaluate" : "augment";
  const family: Family = kind === "prepare" ? "prepare" : "augment";
  const expected: ParameterType = { kind: "operator", family };
  const scope = inner(outer);
  for (const statement of body.statements) {
    if (statement.kind === "let") {
      bindExpr(statement.value, scope, undefined, b);
      noteDefinition(b, define(scope, statement.name, { kind: "let", value: statement.value }));
    } else if (statement.kind === "apply") {
      const { value, type } = statement;
      if (value.kind === "name") {
        b.listener.place?.({ name: value.name, scope, body: kind });
        use(b, value.name, meaningsOf(value.name, scope, expected, b));
      } else if (value.kind === "call") bindCall(value, scope, expected, b, kind);
      else bindExpr(value, scope, expected, b);
      if (type) bindType(type, scope, ["f32", "f64", "i32", "i64", "u8", "class"], b);
    }
  }
}

export function chooseField(name: Name, scope: NameScope, b: Binder): void {
  const field = b.fields.get(name.text);
  choose(
    b,
    name,
    scope,
    field ? [field] : (b.others().get(name.text) ?? []).filter(({ kind }) => kind === "field"),
    () => [...b.fields].map(([text, meaning]) => ({ text, meaning })),
  );
}

/** `optimizer.lr = 0.1`: a line, or a value within one that `base` has. */
function bindSetting(
  { path, value }: AssignStatement,
  of: "data" | "recipe",
  lines: Readonly<Record<string, ParameterType>>,
  base: Located | undefined,
  scope: NameScope,
  b: Binder,
): void {
  const type = bindSettingPath(path, { of, lines, bases: base ? [base] : [] }, scope, b);
  // A line that `base` has is taken away.
  if (base && value.kind === "name" && value.name.text === "none")
    use(b, value.name, [{ kind: "constant", text: "none" }]);
  else bindExpr(value, scope, type, b);
}

/** The lines that a path may begin with. */
interface Settings {
  readonly of: "data" | "recipe";
  readonly lines: Readonly<Record<string, ParameterType>>;
  /** Where the values of the lines stand. */
  readonly bases: readonly Located[];
  /** What factors put in the place of a line; undefined where the path begins one. */
  readonly levels?: (line: string) => readonly Located[];
}

/** Returns the type of what the path leads to. */
export function bindSettingPath(
  path: readonly Name[],
  { of, lines, bases, levels }: Settings,
  scope: NameScope,
  b: Binder,
): ParameterType | undefined {
  const [first, ...rest] = path;
  if (!first) return undefined;
  const setting = (text: string): Meaning => ({ kind: "setting", of, text, type: lines[text] });
  const choices = () => Object.keys(lines).map((text) => ({ text, meaning: setting(text) }));
  b.listener.place?.({
    name: first,
    scope,
    ...(!levels && path.length === 1 ? { body: of } : { only: choices }),
  });
  use(b, first, Object.hasOwn(lines, first.text) ? [setting(first.text)] : []);
  const own = bases.flatMap((base) => settingOf(base, first.text) ?? []);
  const within = [...own, ...(levels?.(first.text) ?? [])];
  return bindMembers(rest, within, lines[first.text], scope, b);
}

/** Parameters within values: `.lr`, `.model.width`. Returns the type of the last. */
export function bindMembers(
  path: readonly Name[],
  within: readonly Located[],
  type: ParameterType | undefined,
  scope: NameScope,
  b: Binder,
): ParameterType | undefined {
  const [first, ...rest] = path;
  if (!first) return type;
  const records = within.filter(({ expr }) => expr.kind === "record");
  if (records.length > 0) return bindNetworkPath(first, rest, records, scope, b);
  const callees = [...new Set(within.flatMap((each) => calleesOf(each.expr, each.scope, type, b)))];
  const meanings = (text: string) => callees.flatMap((callee) => parameterMeaning(callee, text));
  const slots = callees.flatMap((callee) => callableOf(callee).slots);
  choose(b, first, scope, meanings(first.text), () =>
    slots.flatMap(({ name: text }) => meanings(text).map((meaning) => ({ text, meaning }))),
  );
  const values = within.flatMap(({ expr, scope: at }) => {
    const given =
      expr.kind === "call" ? expr.arguments.find((each) => each.name?.text === first.text) : undefined;
    return given ? [{ expr: given.value, scope: at }] : [];
  });
  return bindMembers(rest, values, slots.find(({ name }) => name === first.text)?.type, scope, b);
}

/** `.generator.width`: a parameter of one of several networks. */
function bindNetworkPath(
  network: Name,
  rest: readonly Name[],
  records: readonly Located[],
  scope: NameScope,
  b: Binder,
): ParameterType | undefined {
  const entries = records.flatMap(({ expr, scope: at }) =>
    (expr.kind === "record" ? expr.entries : []).map(({ path, value }) => ({
      name: path[0]!,
      value: { expr: value, scope: at },
    })),
  );
  const meaning = (entry: (typeof entries)[number]) =>
    networkAt(entry.name, entry.value.expr, entry.value.scope);
  const named = entries.filter(({ name }) => name.text === network.text);
  choose(b, network, scope, named.map(meaning), () =>
    entries.map((entry) => ({ text: entry.name.text, meaning: meaning(entry) })),
  );
  return bindMembers(
    rest,
    named.map(({ value }) => value),
    undefined,
    scope,
    b,
  );
}

/** A word where a line is being written. */
export function bindMisplaced(
  expr: Expr,
  body: "data" | "recipe" | "train" | "experiment",
  scope: NameScope,
  b: Binder,
): void {
  if (expr.kind !== "name") {
    bindExpr(expr, scope, undefined, b);
    return;
  }
  b.listener.place?.({ name: expr.name, scope, body });
  use(b, expr.name, []);
}

function bindRecipe(body: Body, base: Located | undefined, outer: NameScope, before: Binder): void {
  const b: Binder = { ...before, others: partsOfStudy(outer), calls: "formula" };
  const scope = inner(outer);
  for (const statement of body.statements) bindRecipeLine(statement, base, scope, "recipe", b);
}

/** Lines of a `train` block beside those of a recipe. */
const trainLines: Readonly<Record<string, ParameterType>> = { every: { kind: "duration" } };

function bindRecipeLine(
  statement: Body["statements"][number],
  base: Located | undefined,
  scope: NameScope,
  within: "recipe" | "train",
  b: Binder,
): void {
  switch (statement.kind) {
    case "let":
      bindExpr(statement.value, scope, undefined, b);
      noteDefinition(
        b,
        define(scope, statement.name, { kind: "let", value: statement.value, doc: statement.doc }),
      );
      return;
    case "assign": {
      const lines = within === "train" ? { ...recipeLines, ...trainLines } : recipeLines;
      bindSetting(statement, "recipe", lines, base, scope, b);
      return;
    }
    case "minimize":
      bindExpr(statement.value, scope, lossType, b);
      return;
    case "train": {
      const networks = (b.others().get(statement.name.text) ?? []).filter(({ kind }) => kind === "network");
      choose(b, statement.name, scope, networks, () =>
        [...b.others()].flatMap(([text, [meaning]]) =>
          meaning?.kind === "network" ? [{ text, meaning }] : [],
        ),
      );
      const inside = inner(scope);
      for (const each of statement.body.statements) bindRecipeLine(each, undefined, inside, "train", b);
      return;
    }
    case "apply":
      bindMisplaced(statement.value, within, scope, b);
      return;
    default:
  }
}

const lossType: ParameterType = { kind: "operator", family: "loss" };

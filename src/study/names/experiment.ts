/** Names in the lines of an experiment. */
import { definedKinds } from "../../diagnostics/diagnostic.ts";
import type { ParameterType } from "../../ops/signature.ts";
import type { Expr, Name, Statement } from "../../syntax/ast.ts";
import {
  bindAxis,
  bindAxisName,
  bindCondition,
  bindGoal,
  bindPart,
  isPart,
  type Lines,
  levelAt,
  levelsOf,
  metric,
  pathWords,
  setting,
  withoutTensors,
} from "./axes.ts";
import { type Binder, choose, noteDefinition, use } from "./binder.ts";
import { bindExpr, meaningsOf } from "./expression.ts";
import { type Definition, definitionAt, type Meaning } from "./meaning.ts";
import { partsOfStudy } from "./parts.ts";
import { define, inner, type NameScope } from "./scope.ts";
import { bodiesOf, fieldsOf, type Located } from "./section-lines.ts";
import { bindMisplaced, chooseField } from "./sections.ts";

/** `base` is the experiment that the lines change, after `with`. */
export function bindExperimentLines(
  statements: readonly Statement[],
  base: Located | undefined,
  outer: NameScope,
  before: Binder,
): void {
  const scope = inner(outer);
  const fields = new Map<string, Definition>();
  const b: Binder = { ...before, others: partsOfStudy(outer), calls: "formula", fields: new Map() };
  const lines: Lines = { parts: new Map(), levels: new Map(), arms: new Map(), axes: [], scope, b };
  const all = [
    ...(base
      ? bodiesOf(base).flatMap(({ body, scope }) =>
          body.statements.map((statement) => ({ statement, scope })),
        )
      : []),
    ...statements.map((statement) => ({ statement, scope })),
  ];
  for (const { statement, scope: at } of all) collect(statement, at, lines);
  for (const data of lines.parts.get("data") ?? [])
    for (const [name, field] of fieldsOf(data)) if (!fields.has(name)) fields.set(name, field);
  for (const statement of statements) bindLine(statement, lines, { ...b, fields });
}

function collect(statement: Statement, scope: NameScope, lines: Lines): void {
  const add = (part: string, expr: Expr) => {
    if (isPart(part)) lines.parts.set(part, [...(lines.parts.get(part) ?? []), { expr, scope }]);
  };
  if (statement.kind === "assign" && statement.path.length === 1)
    add(statement.path[0]!.text, statement.value);
  if (statement.kind === "ensemble")
    addArm(lines, statement.name.text, ensembleAt(statement.name, statement.value));
  if (statement.kind !== "vary" && statement.kind !== "replicate") return;
  const path = statement.path.map((name) => name.text).join(".");
  lines.axes.push({ path, is: statement.kind === "vary" ? "factor" : "replicate" });
  for (const { expr, entry } of levelsOf(statement.axis)) {
    lines.levels.set(path, [...(lines.levels.get(path) ?? []), { expr, scope }]);
    if (statement.path.length === 1) add(statement.path[0]!.text, expr);
    if (entry) for (const name of entry.path) addArm(lines, name.text, levelAt(name, expr, scope));
    // A bare value is its own label.
    else if (expr.kind === "name")
      for (const meaning of meaningsOf(expr.name, scope, { kind: "any" }, lines.b))
        addArm(lines, expr.name.text, meaning);
  }
}

function addArm(lines: Lines, label: string, meaning: Meaning): void {
  const known = lines.arms.get(label) ?? [];
  if (!known.includes(meaning)) lines.arms.set(label, [...known, meaning]);
}

const ensembleAt = (name: Name, value: Expr): Definition =>
  definitionAt(name, () => ({ kind: "level", value }));

function bindLine(statement: Statement, lines: Lines, b: Binder): void {
  const { scope } = lines;
  const value = (expr: Expr | undefined, expected?: ParameterType) => {
    if (expr) bindExpr(expr, scope, expected, b);
  };
  /** What is no metric names no tensors. */
  const plain = (expr: Expr | undefined, expected?: ParameterType) => {
    if (expr) bindExpr(expr, scope, expected, withoutTensors(b));
  };
  switch (statement.kind) {
    case "let":
      plain(statement.value);
      noteDefinition(
        b,
        define(scope, statement.name, { kind: "let", value: statement.value, doc: statement.doc }),
      );
      return;
    case "assign": {
      const [first] = statement.path;
      b.listener.place?.({ name: first!, scope, body: "experiment" });
      use(b, first!, isPart(first!.text) ? [setting(first!.text)] : []);
      bindPart(first!.text, statement.value, scope, withoutTensors(b));
      return;
    }
    case "vary":
      bindAxis(statement.path, statement.axis, lines, b);
      if (statement.when) bindCondition(statement.when, lines, b);
      return;
    case "replicate":
      bindAxis(statement.path, statement.axis, lines, b);
      return;
    case "repeat":
      // `over` is not written yet.
      if (statement.count.kind === "name")
        choose(b, statement.count.name, scope, [], () =>
          pathWords().filter(({ text }) => text !== "model" && text !== "recipe"),
        );
      return;
    case "search":
      plain(statement.method, { kind: "operator", family: "search" });
      if (statement.space.kind === "record")
        for (const { path, value: axis } of statement.space.entries) bindAxis(path, axis, lines, b);
      bindGoal(statement.by, scope, b);
      for (const path of statement.per) bindAxisName(path, lines, b);
      return;
    case "choose":
      bindAxisName(statement.path, lines, b, "factor");
      bindGoal(statement.by, scope, b);
      for (const path of statement.per) bindAxisName(path, lines, b);
      return;
    case "report":
      for (const each of statement.metrics) value(each, metric);
      value(statement.as, { kind: "operator", family: "interval" });
      if (statement.by) {
        chooseField(statement.by.field, scope, b);
        plain(statement.by.bins);
      }
      return;
    case "compare":
      for (const name of [statement.left, statement.right])
        choose(b, name, scope, lines.arms.get(name.text) ?? [], () =>
          [...lines.arms].map(([text, [meaning]]) => ({ text, meaning: meaning! })),
        );
      value(statement.on, metric);
      for (const name of statement.paired) bindAxisName([name], lines, b, "replicate");
      plain(statement.margin, { kind: "real" });
      return;
    case "ensemble":
      noteDefinition(b, ensembleAt(statement.name, statement.value));
      value(statement.value);
      for (const name of statement.over) bindAxisName([name], lines, b, "replicate");
      return;
    case "save":
      choose(b, statement.what, scope, [{ kind: "word", text: statement.what.text }], () => [
        { text: "model", meaning: { kind: "word", text: "model" } },
      ]);
      return;
    case "allow":
      choose(b, statement.code, scope, [{ kind: "diagnostic", text: statement.code.text }], () =>
        definedKinds()
          .filter(({ code, severity }) => code.startsWith("DL60") && severity === "warning")
          .map(({ code: text }) => ({ text, meaning: { kind: "diagnostic", text } })),
      );
      return;
    case "apply":
      bindMisplaced(statement.value, "experiment", scope, b);
      return;
    default:
  }
}

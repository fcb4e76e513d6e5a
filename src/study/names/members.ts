/** Names after a dot: metrics of a split, declarations of `std`, what a source offers, entries of records. */
import { callableOf } from "../../check/bind.ts";
import { dottedPath } from "../../check/evaluate.ts";
import { familiesOf, findIn, namesOf } from "../../check/resolve.ts";
import { findOperator, operatorNames } from "../../ops/registry.ts";
import type { ParameterType } from "../../ops/signature.ts";
import type { Expr, MemberExpr, Name } from "../../syntax/ast.ts";
import { type Binder, type Choice, choose, enters, tellValue, use } from "./binder.ts";
import { bindExpr, calleesOf, parameterMeaning } from "./expression.ts";
import type { Meaning } from "./meaning.ts";
import { declared, entryAt, find, type NameScope, scopeOfFile } from "./scope.ts";
import type { Located } from "./section-lines.ts";

const any: ParameterType = { kind: "any" };

const splits = ["train", "valid", "test", "cost"];

export function bindMember(
  expr: MemberExpr,
  scope: NameScope,
  expected: ParameterType | undefined,
  b: Binder,
): void {
  const path = dottedPath(expr);
  const first = path?.[0];
  if (!path || !first || (find(scope, first.text) && !isSource(path, b))) {
    bindExpr(expr.object, scope, undefined, b);
    const network = appliedNetwork(expr.object, b);
    if (network === undefined)
      choose(b, expr.name, scope, memberMeanings(expr, scope, expected), () =>
        membersOf(expr.object, scope, b),
      );
    else
      choose(b, expr.name, scope, b.others().get(`${network}.${expr.name.text}`) ?? [], () =>
        partsUnder(network, b),
      );
    return;
  }
  const [, second, third] = path;
  if (splits.includes(first.text) && path.length === 2) {
    tellValue(b, first, scope, expected);
    use(b, first, [{ kind: "split", text: first.text }]);
    choose(b, second!, scope, metricMeaning(first.text, second!.text, scope), () =>
      metricsOf(first.text, scope),
    );
  } else if (first.text === "std") {
    use(b, first, [{ kind: "module", text: "std" }]);
    const module = second && scope.module.standard.get(second.text);
    const modules = () =>
      b.context.host.standardModules.map(
        (text): Choice => ({ text, meaning: { kind: "module", text: `std.${text}` } }),
      );
    if (second) choose(b, second, scope, [{ kind: "module", text: `std.${second.text}`, module }], modules);
    if (third)
      choose(b, third, scope, memberMeanings(expr, scope, expected), () =>
        [...(module ? scopeOfFile(module).names : [])].map(([text, meaning]) => ({ text, meaning })),
      );
  } else if (isSource(path, b)) {
    use(b, first, [{ kind: "setting", of: "data", text: "source" }]);
    choose(b, second!, scope, [{ kind: "column", text: second!.text }], () =>
      b.columns().map((text) => ({ text, meaning: { kind: "column", text } })),
    );
  } else {
    tellValue(b, first, scope, expected);
    const dotted = path.map((name) => name.text).join(".");
    const known = [...namesOf(any)].filter((name) => name.startsWith(`${first.text}.`));
    if (known.length === 0 && (b.others().get(first.text) ?? []).length > 0)
      use(b, first, b.others().get(first.text) ?? []);
    else use(b, first, [{ kind: "module", text: first.text }]);
    const operator = findIn([...familiesOf(expected), ...familiesOf(any)], dotted, expr.span);
    choose(
      b,
      path[path.length - 1]!,
      scope,
      operator ? [{ kind: "operator", signature: operator.signature }] : (b.others().get(dotted) ?? []),
      () => [
        ...partsUnder(first.text, b),
        ...known.flatMap((name): readonly Choice[] => {
          const found = findIn(familiesOf(any), name, expr.span);
          const text = name.slice(first.text.length + 1);
          return found ? [{ text, meaning: { kind: "operator", signature: found.signature } }] : [];
        }),
      ],
    );
  }
}

/** The network that is applied in `generator(blurred).z`. */
function appliedNetwork(expr: Expr, b: Binder): string | undefined {
  if (expr.kind !== "call" || expr.callee.kind !== "name") return undefined;
  const { text } = expr.callee.name;
  const [meaning] = b.others().get(text) ?? [];
  return meaning?.kind === "network" || meaning?.kind === "current" ? text : undefined;
}

/** What may stand after `model.`, `data.` or the name of a network. */
function partsUnder(name: string, b: Binder): readonly Choice[] {
  return [...b.others()].flatMap(([text, [meaning]]) =>
    meaning && text.startsWith(`${name}.`) && enters(meaning)
      ? [{ text: text.slice(name.length + 1), meaning }]
      : [],
  );
}

/** `source.image` in a field; elsewhere `source` is a name like others. */
const isSource = (path: readonly Name[], b: Binder): boolean =>
  path.length === 2 && path[0]!.text === "source" && b.fields.size > 0;

function metricMeaning(split: string, name: string, scope: NameScope): readonly Meaning[] {
  const own = find(scope, name);
  if (own?.kind === "metric") return [own];
  const signature = findOperator(split === "cost" ? "cost" : "metric", name);
  return signature ? [{ kind: "operator", signature }] : [];
}

function metricsOf(split: string, scope: NameScope): readonly Choice[] {
  const family = split === "cost" ? "cost" : "metric";
  const own = [...scopeOfFile(scope.module).names].filter(
    ([, { kind }]) => kind === "metric" && family === "metric",
  );
  return [
    ...operatorNames(family).map(
      (text): Choice => ({
        text,
        meaning: { kind: "operator", signature: findOperator(family, text)! },
      }),
    ),
    ...own.map(([text, meaning]) => ({ text, meaning })),
  ];
}

/** What the last word of `a.b` stands for. */
export function memberMeanings(
  expr: MemberExpr,
  scope: NameScope,
  expected: ParameterType | undefined,
): readonly Meaning[] {
  const path = dottedPath(expr);
  const first = path?.[0];
  if (path && first && !find(scope, first.text)) {
    if (splits.includes(first.text) && path.length === 2)
      return metricMeaning(first.text, path[1]!.text, scope);
    if (first.text === "std") {
      const module = path[1] && scope.module.standard.get(path[1].text);
      const found = module?.file.declarations.find(
        (each) => each.kind !== "import" && each.name.text === path[2]?.text,
      );
      return module && found && found.kind !== "import" && path.length === 3 ? [declared(found, module)] : [];
    }
    const dotted = path.map((name) => name.text).join(".");
    const operator = findIn([...familiesOf(expected), ...familiesOf(any)], dotted, expr.span);
    return operator ? [{ kind: "operator", signature: operator.signature }] : [];
  }
  const record = valueBehind(expr.object, scope);
  if (record?.expr.kind !== "record") return [];
  const entry = record.expr.entries.find(
    (each) => each.path.length === 1 && each.path[0]!.text === expr.name.text,
  );
  return entry ? [entryAt(entry.path[0]!, entry.value, record.scope)] : [];
}

function membersOf(expr: Expr, scope: NameScope, b: Binder): readonly Choice[] {
  const record = valueBehind(expr, scope);
  if (record?.expr.kind === "record")
    return record.expr.entries.flatMap(({ path, value }) =>
      path.length === 1 ? [{ text: path[0]!.text, meaning: entryAt(path[0]!, value, record.scope) }] : [],
    );
  return calleesOf(expr, scope, undefined, b).flatMap((callee) =>
    callableOf(callee).slots.flatMap(({ name }) =>
      parameterMeaning(callee, name).map((meaning) => ({ text: name, meaning })),
    ),
  );
}

/** `random({ lr: ..., width: ... }, 8)`: an axis whose values have the entries of a record. */
function pointOf(axis: Expr, scope: NameScope): Located | undefined {
  if (axis.kind !== "call") return undefined;
  const record = axis.arguments.find(({ value }) => value.kind === "record")?.value;
  return record && { expr: record, scope };
}

/** The expression that a name stands for, through `let`s. */
export function valueBehind(expr: Expr, scope: NameScope, depth = 0): Located | undefined {
  if (expr.kind !== "name") return { expr, scope };
  const found = find(scope, expr.name.text);
  if (!found?.value || !found.scope || depth > 20) return undefined;
  if (found.kind === "axis") return pointOf(found.value, found.scope);
  return found.kind === "let" ? valueBehind(found.value, found.scope, depth + 1) : undefined;
}

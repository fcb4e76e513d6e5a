/** Expressions, types and records of the syntax tree. */
import type { CstNode, IToken } from "chevrotain";
import { cover, type Span } from "../text/source.ts";
import type { Argument, BinaryOperator, Body, Expr, Name, NumberExpr, RecordEntry, TypeExpr } from "./ast.ts";
import { classifyEntries } from "./classify.ts";
import { explainError } from "./explain-error.ts";
import { parseLine } from "./grammar.ts";
import type { BlockToken } from "./layout.ts";
import * as messages from "./messages.ts";
import { asName, isName } from "./tokens.ts";
import {
  at,
  type Building,
  errorAt,
  leaf,
  leaves,
  nameOf,
  node,
  nodes,
  report,
  spanOf,
  spanOfNode,
} from "./tree.ts";
import { closedUnit, oneTime } from "./unit.ts";

/** Builds the body after `with`; statements are built elsewhere, and hold expressions again. */
export type BuildBody = (b: Building, block: BlockToken) => Body;

const binding: Readonly<Record<string, number>> = {
  or: 1, and: 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, in: 4, step: 5, "..": 6, "+": 7, "-": 7, "*": 8, "/": 8, "^": 10,
}; // biome-ignore format: a table
const bindingOfNot = 3;
const bindingOfMinus = 9;

/** Of operators and the like in one expression: all passes walk the tree, and must come to an end. */
const longest = 1000;

function excess(tree: CstNode): string | undefined {
  const operands = nodes(tree, "operand");
  const parts = (name: string) => operands.reduce((sum, one) => sum + (one.children[name]?.length ?? 0), 0);
  if (operands.length + parts("prefix") > longest) return "operators";
  return parts("suffix") > longest ? "members and calls" : undefined;
}

interface Operand {
  readonly prefixes: IToken[];
  readonly tree: CstNode;
}

export function buildExpression(
  b: Building,
  tree: CstNode | undefined,
  fallback: Span,
  body: BuildBody,
): Expr {
  if (!tree) return errorAt({ ...fallback, start: fallback.end });
  const long = excess(tree);
  if (long) {
    report(
      b,
      messages.tooDeep,
      { what: `${long} in one expression`, most: longest },
      spanOfNode(b, tree, fallback),
      {
        hint: "divide it: `let` gives a part a name",
      },
    );
    return errorAt(spanOfNode(b, tree, fallback));
  }
  const operands = nodes(tree, "operand").map((operand) => ({
    prefixes: leaves(operand, "prefix"),
    tree: operand,
  }));
  const signs = nodes(tree, "operator").map((operator) => leaf(operator, "sign"));
  let next = 0;

  function climb(least: number): Expr {
    let left = prefixed(operands[next], 0);
    while (next < signs.length) {
      const sign = signs[next];
      const power = binding[sign?.image ?? "+"] ?? 7;
      if (power < least) break;
      next++;
      if (sign?.image === "..") left = range(left, climb(power + 1));
      else if (sign?.image === "step") left = stepped(left, climb(power + 1), sign);
      else left = binary(left, sign, climb(power === 10 ? bindingOfMinus : power + 1));
    }
    return left;
  }

  function prefixed(operand: Operand | undefined, from: number): Expr {
    if (!operand) return errorAt({ ...fallback, start: fallback.end });
    const prefix = operand.prefixes[from];
    if (!prefix) return buildOperand(b, operand.tree, fallback, body);
    operands[next] = { ...operand, prefixes: operand.prefixes.slice(from + 1) };
    const inner = climb(prefix.image === "-" ? bindingOfMinus : bindingOfNot);
    return {
      kind: "unary",
      operator: prefix.image === "-" ? "-" : "not",
      operand: inner,
      span: { ...spanOf(b, prefix), end: inner.span.end },
    };
  }

  function binary(left: Expr, sign: IToken | undefined, right: Expr): Expr {
    const operatorSpan = sign ? spanOf(b, sign) : at(b, left.span.end);
    return {
      kind: "binary",
      operator: (sign?.image ?? "+") as BinaryOperator,
      operatorSpan,
      left,
      right,
      span: cover(left.span, right.span),
    };
  }

  function range(from: Expr, to: Expr): Expr {
    return { kind: "range", from, to, step: undefined, span: cover(from.span, to.span) };
  }

  function stepped(left: Expr, step: Expr, sign: IToken): Expr {
    if (left.kind === "range" && !left.step) return { ...left, step, span: cover(left.span, step.span) };
    report(b, messages.unexpected, { expected: "a range before `step`", found: "`step`" }, spanOf(b, sign));
    return left;
  }

  let result = climb(0);
  for (const block of leaves(tree, "Block") as BlockToken[]) {
    const span = { ...result.span, end: block.endOffset! + 1 };
    result = { kind: "with", base: result, body: body(b, block), span };
  }
  return result;
}

function buildOperand(b: Building, tree: CstNode, fallback: Span, body: BuildBody): Expr {
  let result = buildPrimary(b, tree, fallback, body);
  for (const suffix of nodes(tree, "suffix")) {
    const span = cover(result.span, spanOfNode(b, suffix, result.span));
    const call = node(suffix, "call");
    const list = node(suffix, "list");
    if (call) {
      const items = nodes(call, "argument");
      checkCommas(b, call, items);
      const list = items.map((item) => buildArgument(b, item, span, body));
      result = { kind: "call", callee: result, arguments: list, span };
    } else if (list) {
      const items = buildList(b, list, span, body);
      if (items.length !== 1)
        report(b, messages.indexCount, { count: items.length }, spanOfNode(b, list, span), {
          hint: items.length > 1 ? "index a list of lists twice: `lists[1][0]`" : undefined,
        });
      result = { kind: "index", object: result, index: items[0] ?? errorAt(at(b, span.end)), span };
    } else {
      result = {
        kind: "member",
        object: result,
        name: nameOf(b, leaf(suffix, "Word"), at(b, span.end)),
        span,
      };
    }
  }
  return result;
}

function buildPrimary(b: Building, tree: CstNode, fallback: Span, body: BuildBody): Expr {
  const numeral = node(tree, "numeral");
  const number = leaf(numeral, "Numeral");
  if (number) return buildNumber(b, number, leaf(numeral, "UnitWord"));
  const text = leaf(tree, "Text");
  if (text) return { kind: "string", value: unquote(text.image), span: spanOf(b, text) };
  const word = leaf(tree, "Word");
  if (word) return { kind: "name", name: nameOf(b, word, fallback), span: spanOf(b, word) };
  const list = node(tree, "list");
  if (list) {
    const span = spanOfNode(b, list, fallback);
    return { kind: "list", items: buildList(b, list, span, body), span };
  }
  const block = leaf(tree, "Block") as BlockToken | undefined;
  if (block) return { kind: "record", entries: buildRecord(b, block, body), span: spanOf(b, block) };
  const parenthesis = node(tree, "parenthesis");
  if (parenthesis) {
    const span = spanOfNode(b, parenthesis, fallback);
    return { ...buildExpression(b, node(parenthesis, "expression"), span, body), span };
  }
  return errorAt(spanOfNode(b, tree, { ...fallback, start: fallback.end }));
}

function buildNumber(b: Building, number: IToken, unit: IToken | undefined): NumberExpr {
  const span = spanOf(b, number, unit ?? number);
  let text = number.image.startsWith(".") ? `0${number.image}` : number.image;
  let named = unit && { text: unit.image, span: spanOf(b, unit) };
  if (named?.text.includes(" ")) {
    const time = oneTime([text, ...named.text.split(" ")]);
    if (time) text = String(time.value);
    named = { ...named, text: time?.unit ?? closedUnit(named.text)! };
    const written = `${text} ${named.text}`;
    report(b, messages.foreignSyntax, { found: excerpt(b, span), written }, span, {
      text: time ? "one number with one unit" : "a unit is one word",
      fixes: [{ title: `write \`${written}\``, edits: [{ span, text: written }], safety: "safe" }],
    });
  }
  return { kind: "number", value: Number(text), text, unit: named, span };
}

function unquote(image: string): string {
  const closed = image.length > 1 && image.endsWith(image[0]!);
  const inner = image.slice(1, closed ? -1 : undefined);
  return inner.replace(/\\(.)/g, (_, letter: string) => ({ n: "\n", t: "\t", r: "\r" })[letter] ?? letter);
}

export function buildList(b: Building, list: CstNode, fallback: Span, body: BuildBody): Expr[] {
  const items = nodes(list, "expression");
  checkCommas(b, list, items);
  return items.map((item) => buildExpression(b, item, fallback, body));
}

function buildArgument(b: Building, tree: CstNode, fallback: Span, body: BuildBody): Argument {
  const span = spanOfNode(b, tree, fallback);
  const word = leaf(tree, "Word");
  const equals = leaf(tree, "Assign");
  if (equals) separator(b, equals, ":", "a named argument");
  return {
    name: word && nameOf(b, word, span),
    value: buildExpression(b, node(tree, "expression"), span, body),
    span,
  };
}

export function separator(b: Building, found: IToken, expected: string, where: string): void {
  const span = spanOf(b, found);
  const before =
    b.source.text[span.start - 1] === " " && expected === ":" ? { ...span, start: span.start - 1 } : span;
  report(b, messages.wrongSeparator, { found: found.image, expected, where }, span, {
    fixes: [{ title: `write \`${expected}\``, edits: [{ span: before, text: expected }], safety: "safe" }],
  });
}

/** Reports the first comma that is missing between items. */
export function checkCommas(b: Building, parent: CstNode, items: readonly CstNode[]): void {
  const commas = leaves(parent, "Comma");
  let next = 0;
  for (let i = 1; i < items.length; i++) {
    const end = items[i - 1]!.location?.endOffset ?? Number.NaN;
    const start = items[i]!.location?.startOffset ?? Number.NaN;
    if (Number.isNaN(end) || Number.isNaN(start)) return;
    while (next < commas.length && commas[next]!.startOffset <= end) next++;
    if (next < commas.length && commas[next]!.startOffset <= start) continue;
    const span = spanOfNode(b, items[i], at(b, start));
    reportMissingComma(b, span, end + 1);
    return;
  }
}

/** A comma is missing before `next`, at `place`. */
export function reportMissingComma(b: Building, next: Span, place: number): void {
  report(b, messages.missingComma, { next: `\`${excerpt(b, next)}\`` }, next, {
    fixes: [{ title: "insert `,`", edits: [{ span: at(b, place), text: "," }], safety: "safe" }],
  });
}

export function excerpt(b: Building, span: Span): string {
  const text = b.source.text.slice(span.start, span.end).split(/\r?\n/)[0]!;
  return text.length > 30 ? `${text.slice(0, 28)}...` : text;
}

/** After a mistake in the line around it, what seems a record may have been meant as a body: then nothing is said about its lines. */
function buildRecord(b: Building, block: BlockToken, body: BuildBody): RecordEntry[] {
  const entries: RecordEntry[] = [];
  const outer = b.quiet;
  for (const line of block.block.lines) {
    const tokens = classifyEntries(line.tokens);
    const { tree, errors } = parseLine("entryLine", tokens);
    b.quiet = outer || line.damaged;
    if (errors.length > 0) explainError(b, errors[0]!, tokens);
    const items = nodes(tree, "entry");
    checkCommas(b, tree, items);
    for (const item of items) entries.push(buildEntry(b, item, spanOf(b, block), body));
  }
  b.quiet = outer;
  return entries;
}

function buildEntry(b: Building, tree: CstNode, fallback: Span, body: BuildBody): RecordEntry {
  const span = spanOfNode(b, tree, fallback);
  const key = buildExpression(b, node(tree, "key"), span, body);
  const equals = leaf(tree, "Assign");
  if (!leaf(tree, "Colon") && !equals) return { path: [], labelled: false, value: key, span };
  if (equals) separator(b, equals, ":", "an entry of a record");
  const path = pathOf(key);
  if (!path && key.kind !== "error")
    report(b, messages.notAPath, { where: "the left side of `:`" }, key.span, {
      hint:
        key.kind === "string" && !isName(key.value)
          ? `a label is one word without quotes: \`${asName(key.value)}\``
          : undefined,
      fixes:
        key.kind === "string" && isName(key.value)
          ? [
              {
                title: `write \`${key.value}\``,
                edits: [{ span: key.span, text: key.value }],
                safety: "safe",
              },
            ]
          : [],
    });
  const value = buildExpression(b, node(tree, "value"), span, body);
  return { path: path ?? [{ text: "", span: at(b, key.span.start) }], labelled: true, value, span };
}

/** `a.b.c` as names; undefined for any other expression. */
export function pathOf(expression: Expr): Name[] | undefined {
  if (expression.kind === "name") return [expression.name];
  if (expression.kind !== "member") return undefined;
  const path = pathOf(expression.object);
  return path && [...path, expression.name];
}

export function buildType(b: Building, tree: CstNode | undefined, fallback: Span, body: BuildBody): TypeExpr {
  const span = spanOfNode(b, tree, { ...fallback, start: fallback.end });
  const lists = nodes(tree, "list").map((list) => buildList(b, list, span, body));
  return { name: nameOf(b, leaf(tree, "Word"), span), lists, span };
}

/** A type that was parsed as an expression: after a layer `:` may introduce one, or be meant as `=`. */
export function typeFromExpression(
  b: Building,
  tree: CstNode | undefined,
  body: BuildBody,
): TypeExpr | undefined {
  const operands = nodes(tree, "operand");
  const operand = operands[0];
  const word = leaf(operand, "Word");
  if (operands.length !== 1 || !word || leaves(operand, "prefix").length > 0) return undefined;
  const suffixes = nodes(operand, "suffix");
  if (suffixes.some((suffix) => !node(suffix, "list"))) return undefined;
  const span = spanOfNode(b, tree, spanOf(b, word));
  const lists = suffixes.map((suffix) => buildList(b, node(suffix, "list")!, span, body));
  return { name: nameOf(b, word, span), lists, span };
}

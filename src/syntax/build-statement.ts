/** Bodies and their statements. */
import type { CstNode, IToken } from "chevrotain";
import type { Span } from "../text/source.ts";
import type { Body, Expr, LetStatement, Name, Statement, Target, Trailer, TypeExpr } from "./ast.ts";
import { buildExperimentStatement } from "./build-experiment.ts";
import {
  buildExpression,
  buildType,
  checkCommas,
  excerpt,
  pathOf,
  reportMissingComma,
  separator,
  typeFromExpression,
} from "./build-expression.ts";
import { classifyStatements } from "./classify.ts";
import { explainError } from "./explain-error.ts";
import { explainSection } from "./explain-habit.ts";
import { parseLine } from "./grammar.ts";
import type { BlockToken } from "./layout.ts";
import * as messages from "./messages.ts";
import { reportPairHabit } from "./pair-habits.ts";
import * as t from "./tokens.ts";
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
  reportExtra,
  spanOf,
  spanOfNode,
} from "./tree.ts";

/** In a pipeline `x : type` ascribes; among settings it is a slip for `=`. After `with`, commas separate too. */
export type BodyKind = "pipeline" | "settings" | "with";

export function buildWith(b: Building, block: BlockToken): Body {
  return buildBody(b, block, "with");
}

export function expressionOf(b: Building, tree: CstNode | undefined, fallback: Span): Expr {
  return buildExpression(b, tree, fallback, buildWith);
}

export function buildBody(b: Building, block: BlockToken, kind: BodyKind): Body {
  const outer = b.quiet;
  const statements: Statement[] = [];
  for (const line of block.block.lines) {
    const tokens = classifyStatements(line.tokens);
    if (tokens.length === 1 && tokens[0]!.tokenType === t.Block) {
      const inner = tokens[0] as BlockToken;
      b.quiet = line.damaged;
      const place = spanOf(b, inner.block.open);
      report(b, messages.looseBlock, {}, place, {
        hint: "put `repeat`, `branch`, `group` or another word before it",
      });
      statements.push(...buildBody(b, inner, kind).statements);
      continue;
    }
    b.quiet = line.damaged;
    if (explainSection(b, tokens)) continue;
    const { tree, errors } = parseLine("statementLine", tokens);
    if (errors.length > 0) explainError(b, errors[0]!, tokens);
    const items = nodes(tree, "statement");
    if (kind === "with") checkCommas(b, tree, items);
    else checkStatements(b, tree, items, kind);
    for (const item of items) {
      const span = spanOfNode(b, item, spanOf(b, tokens[0]!, tokens[tokens.length - 1]!));
      const single = items.length === 1 ? tokens : [];
      const statement = buildStatement(b, item, span, kind, single);
      if (statement) statements.push(statement);
    }
  }
  b.quiet = outer;
  return { statements, span: spanOf(b, block) };
}

/** Statements on one line need a `;`; the first that lacks one is reported. */
function checkStatements(b: Building, tree: CstNode, items: readonly CstNode[], kind: BodyKind): void {
  const commas = leaves(tree, "Comma");
  const [first, second] = items;
  const end = first?.location?.endOffset ?? Number.NaN;
  if (second) checkPair(b, first!, second, commas, kind);
  else if (commas[0] && commas[0].startOffset > end) {
    const span = spanOf(b, commas[0]);
    report(b, messages.unexpected, { expected: "the end of the line", found: "`,`" }, span, {
      fixes: [{ title: "remove it", edits: [{ span, text: "" }], safety: "safe" }],
    });
  }
}

function checkPair(
  b: Building,
  first: CstNode,
  second: CstNode,
  commas: readonly IToken[],
  kind: BodyKind,
): void {
  const end = first.location?.endOffset ?? Number.NaN;
  const start = second.location?.startOffset ?? Number.NaN;
  if (Number.isNaN(end) || Number.isNaN(start)) return;
  const comma = commas.find((candidate) => candidate.startOffset > end && candidate.startOffset < start);
  const span = spanOfNode(b, second, at(b, start));
  const before = b.source.text.slice(first.location!.startOffset, end + 1);
  if (!comma && node(first, "report") && node(second, "plain")) {
    reportMissingComma(b, span, end + 1);
    return;
  }
  const setting = kind !== "pipeline" && node(second, "plain");
  if (
    !comma &&
    /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(before) &&
    (setting || /^[\d"[{(.-]/.test(b.source.text[start]!))
  ) {
    const found = `\`${excerpt(b, span)}\``;
    report(b, messages.unexpected, { expected: `\`=\` after \`${before}\``, found }, span, {
      fixes: [{ title: "insert `=`", edits: [{ span: at(b, end + 1), text: " =" }], safety: "review" }],
    });
    return;
  }
  if (comma && reportGroupedDigits(b, first, start)) return;
  if (reportPairHabit(b, first, second, comma, kind)) return;
  const place = comma ? spanOf(b, comma) : at(b, end + 1);
  report(b, messages.twoStatements, {}, comma ? place : span, {
    text: comma ? "this comma belongs to nothing" : "the second begins here",
    fixes: [{ title: comma ? "`;`" : "insert `;`", edits: [{ span: place, text: ";" }], safety: "safe" }],
  });
}

/** `batch = 1,024`: digits are not grouped. */
function reportGroupedDigits(b: Building, first: CstNode, second: number): boolean {
  const text = b.source.text;
  const begins = /(?<![\w.])\d{1,3},$/.exec(text.slice(first.location!.startOffset, second))?.[0];
  const goesOn = /^\d{3}(?:,\d{3})*(?!\w)/.exec(text.slice(second))?.[0];
  if (!begins || !goesOn) return false;
  const span = { file: b.source, start: second - begins.length, end: second + goesOn.length };
  const [found, written] = [begins + goesOn, (begins + goesOn).replaceAll(",", "")];
  report(b, messages.foreignSyntax, { found, written }, span, {
    fixes: [{ title: `write \`${written}\``, edits: [{ span, text: written }], safety: "safe" }],
  });
  return true;
}

export function buildLet(b: Building, tree: CstNode, span: Span): LetStatement {
  const word = leaf(tree, "Let");
  return {
    kind: "let",
    name: nameOf(b, leaf(tree, "Word"), span),
    value: expressionOf(b, node(tree, "expression"), span),
    doc: word && b.doc(word),
    span,
  };
}

function buildTarget(b: Building, tree: CstNode | undefined, fallback: Span): Target {
  const span = spanOfNode(b, tree, at(b, fallback.end));
  const index = node(tree, "expression");
  return { name: nameOf(b, leaf(tree, "Word"), span), index: index && expressionOf(b, index, span), span };
}

function buildTrailer(b: Building, tree: CstNode | undefined, fallback: Span): Trailer {
  const target = node(tree, "target");
  const type = node(tree, "type");
  return {
    as: target && buildTarget(b, target, fallback),
    type: type && buildType(b, type, fallback, buildWith),
  };
}

function buildStatement(
  b: Building,
  item: CstNode,
  span: Span,
  kind: BodyKind,
  tokens: readonly IToken[],
): Statement | undefined {
  const rule = Object.keys(item.children)[0];
  const tree = rule ? node(item, rule) : undefined;
  if (!rule || !tree) return undefined;
  const expression = () => expressionOf(b, node(tree, "expression"), span);
  const trailer = () => buildTrailer(b, node(tree, "trailer"), span);
  // After an error in a header its body is still there.
  const last = tokens[tokens.length - 1];
  const body = (inner: BodyKind = kind) =>
    bodyOf(b, leaf(tree, "Block") ?? (last?.tokenType === t.Block ? last : undefined), inner, span);
  switch (rule) {
    case "letStatement":
      return buildLet(b, tree, span);
    case "field": {
      const value = expressionOf(b, node(tree, "value"), span);
      const type = node(tree, "type");
      return fieldOf(
        b,
        nameOf(b, leaf(tree, "RoleWord"), span),
        nameOf(b, leaf(tree, "Word"), span),
        type && buildType(b, type, span, buildWith),
        value,
        tree,
        span,
      );
    }
    case "section": {
      const word = nameOf(b, leaf(tree, "SectionWord"), span);
      const fields = leaves(tree, "Word").map((field) => nameOf(b, field, span));
      return { kind: "section", name: word, fields, body: body("pipeline"), span };
    }
    case "branch": {
      const from = node(tree, "expression");
      return {
        kind: "branch",
        target: buildTarget(b, node(tree, "target"), span),
        from: from && expression(),
        body: body(),
        ...trailer(),
        span,
      };
    }
    case "from":
      return { kind: "from", value: expression(), ...trailer(), span };
    case "repeat": {
      const count = expressionOf(b, node(tree, "count"), span);
      const axis = node(tree, "axis");
      if (!axis && !leaf(tree, "Over")) return { kind: "repeat", count, body: body(), ...trailer(), span };
      const path = pathOf(count);
      if (!path) report(b, messages.notAPath, { where: "what `repeat ... over` repeats" }, count.span);
      return { kind: "replicate", path: path ?? [], axis: expressionOf(b, axis, span), span };
    }
    case "forLoop": {
      const variable = nameOf(b, leaf(tree, "Word"), span);
      return { kind: "for", variable, list: expression(), body: body(), ...trailer(), span };
    }
    case "condition":
      return buildIf(b, tree, span, kind);
    case "group":
      return {
        kind: "group",
        target: buildTarget(b, node(tree, "target"), span),
        body: body(),
        ...trailer(),
        span,
      };
    case "out":
      return { kind: "out", name: nameOf(b, leaf(tree, "Word"), span), value: expression(), span };
    case "train":
      return { kind: "train", name: nameOf(b, leaf(tree, "Word"), span), body: body("settings"), span };
    case "minimize":
      return { kind: "minimize", value: expression(), span };
    case "budget":
      return { kind: "budget", body: body("settings"), span };
    case "plain":
      return buildPlain(b, tree, span, kind);
    default:
      return buildExperimentStatement(b, rule, tree, span);
  }
}

function bodyOf(b: Building, block: IToken | undefined, kind: BodyKind, fallback: Span): Body {
  return block ? buildBody(b, block as BlockToken, kind) : { statements: [], span: at(b, fallback.end) };
}

function buildIf(b: Building, tree: CstNode, span: Span, kind: BodyKind): Statement {
  const elseIf = node(tree, "elseIf");
  const other = leaf(tree, "else");
  let otherwise: Body | undefined;
  if (elseIf) {
    const place = spanOfNode(b, elseIf, at(b, span.end));
    otherwise = { statements: [buildIf(b, elseIf, place, kind)], span: place };
  } else if (other) otherwise = bodyOf(b, other, kind, span);
  return {
    kind: "if",
    condition: expressionOf(b, node(tree, "expression"), span),
    // biome-ignore lint/suspicious/noThenProperty: the tree's own word; the node is never awaited
    then: bodyOf(b, leaf(tree, "then"), kind, span),
    else: otherwise,
    ...buildTrailer(b, node(tree, "trailer"), span),
    span,
  };
}

/** `source.x in ["PC", "EB"]` as the value of a field names the classes. */
function fieldOf(
  b: Building,
  role: Name,
  name: Name,
  type: TypeExpr | undefined,
  value: Expr,
  tree: CstNode,
  span: Span,
): Statement {
  const where = node(tree, "where");
  const among = value.kind === "binary" && value.operator === "in" ? value : undefined;
  return {
    kind: "field",
    role,
    name,
    type,
    value: among?.left ?? value,
    among: among?.right,
    where: where && expressionOf(b, where, span),
    span,
  };
}

function buildPlain(b: Building, tree: CstNode, span: Span, kind: BodyKind): Statement {
  const left = expressionOf(b, node(tree, "left"), span);
  const target = node(tree, "target");
  const typeTree = node(tree, "type");
  const colon = leaf(tree, "Colon");
  const value = node(tree, "value");
  const path = pathOf(left);
  if (leaf(tree, "Assign")) {
    const right = expressionOf(b, value, span);
    if (colon && path?.length === 1) {
      report(b, messages.missingRole, { field: path[0]!.text }, left.span, {
        hint: "begin with `input`, `target`, `group`, `weight`, `id` or `keep`",
      });
      const role = { text: "", span: at(b, span.start) };
      return fieldOf(b, role, path[0]!, typeFromExpression(b, typeTree, buildWith), right, tree, span);
    }
    if (!path && left.kind !== "error")
      report(b, messages.notAPath, { where: "the left side of `=`" }, left.span);
    const extra = colon ?? (target ? leaf(tree, "Assign") : leaf(tree, "Where"));
    if (extra)
      reportExtra(b, extra, extra.image === "where" ? "only a field with a role has `where`" : undefined);
    return { kind: "assign", path: path ?? [{ text: "", span: at(b, span.start) }], value: right, span };
  }
  const type = typeFromExpression(b, typeTree, buildWith);
  if (colon && typeTree && (!type || (kind !== "pipeline" && path))) {
    if (path && !target) {
      separator(b, colon, "=", "a setting");
      return { kind: "assign", path, value: expressionOf(b, typeTree, span), span };
    }
    if (!type)
      report(
        b,
        messages.unexpected,
        { expected: "a type after `:`", found: `\`${excerpt(b, spanOfNode(b, typeTree, span))}\`` },
        spanOfNode(b, typeTree, span),
      );
  }
  if (left.kind === "error" && !target && !type)
    return { kind: "apply", value: errorAt(span), as: undefined, type, span };
  return { kind: "apply", value: left, as: target && buildTarget(b, target, span), type, span };
}

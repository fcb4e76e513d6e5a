/**
 * The grammar, one line at a time. Permissive: whatever can be told apart is parsed, and `build-ast.ts` says what is wrong with it.
 * A body is one token (`Block`) here; its lines are parsed on their own.
 */

import * as lines from "./parse-line.ts";
import {
  choice,
  createGrammar,
  type Item,
  labelled,
  many,
  option,
  type Rules,
  separated,
  sequence,
  some,
} from "./production.ts";
import * as t from "./tokens.ts";

const k = t.keywords;

/** Items with commas between them, which may be lacking, and one at the end. */
const items = (item: string): Item[] => [item, many(option(t.Comma), item), option(t.Comma)];
const signs = [
  t.Plus, t.Minus, t.Times, t.Divide, t.Power, t.Equal, t.NotEqual, t.Less, t.AtMost, t.Greater, t.AtLeast, t.Range,
  k.and, k.or, k.in, k.step,
]; // biome-ignore format: a table

const expressions: Rules = {
  /** Operators in the order written; `build-expression.ts` knows which bind tighter. */
  expression: sequence("operand", many("operator", "operand"), many(k.with, t.Block)),
  operator: sequence(choice(...signs.map((type) => labelled("sign", type)))),
  operand: sequence(
    many(choice(labelled("prefix", t.Minus), labelled("prefix", k.not))),
    choice("numeral", t.Text, t.Word, "list", t.Block, "parenthesis"),
    many("suffix"),
  ),
  numeral: sequence(t.Numeral, option(t.UnitWord)),
  parenthesis: sequence(t.OpenRound, "expression", t.CloseRound),
  list: sequence(t.OpenSquare, option(...items("expression")), t.CloseSquare),
  suffix: sequence(choice(sequence(t.Dot, t.Word), "call", "list")),
  call: sequence(t.OpenRound, option(...items("argument")), t.CloseRound),
  argument: sequence(option(t.Word, choice(t.Colon, t.Assign)), "expression"),
  type: sequence(t.Word, many("list")),
  path: sequence(t.Word, many(t.Dot, t.Word)),
  entryLine: sequence(...items("entry")),
  entry: sequence(
    labelled("key", "expression"),
    option(choice(t.Colon, t.Assign), labelled("value", "expression")),
  ),
  nameLine: sequence(some(t.Word, option(t.Comma))),
};

const statements: Rules = {
  statementLine: sequence(...items("statement")),
  statement: sequence(
    choice(
      "letStatement", "field", "section", "branch", "from", "repeat", "forLoop", "condition", "group", "out", "train",
      "minimize", "vary", "search", "choose", "report", "compare", "ensemble", "save", "budget", "allow", "plain",
    ),
  ), // biome-ignore format: a table
  letStatement: sequence(k.let, t.Word, t.Assign, "expression"),
  field: sequence(
    t.RoleWord,
    t.Word,
    option(t.Colon, "type"),
    t.Assign,
    labelled("value", "expression"),
    option(k.where, labelled("where", "expression")),
  ),
  section: sequence(t.SectionWord, separated(t.Comma, t.Word, 0), t.Block),
  branch: sequence(k.branch, "target", option(k.from, "expression"), t.Block, "trailer"),
  from: sequence(k.from, "expression", "trailer"),
  repeat: sequence(
    k.repeat,
    labelled("count", "expression"),
    choice(sequence(k.over, labelled("axis", "expression")), sequence(t.Block, "trailer")),
  ),
  forLoop: sequence(k.for, t.Word, k.in, "expression", t.Block, "trailer"),
  condition: sequence(
    k.if,
    "expression",
    labelled("then", t.Block),
    option(k.else, choice(labelled("elseIf", "condition"), labelled("else", t.Block))),
    "trailer",
  ),
  group: sequence(k.group, "target", t.Block, "trailer"),
  out: sequence(k.out, t.Word, t.Assign, "expression"),
  train: sequence(k.train, t.Word, t.Block),
  minimize: sequence(k.minimize, "expression"),
  vary: sequence(
    k.vary,
    "path",
    k.over,
    labelled("axis", "expression"),
    option(k.when, labelled("when", "expression")),
  ),
  search: sequence(
    k.search,
    labelled("method", "expression"),
    k.over,
    labelled("space", "expression"),
    option(k.by, labelled("by", "expression")),
    option("per"),
  ),
  choose: sequence(k.choose, "path", k.by, "expression", option("per")),
  per: sequence(k.per, separated(t.Comma, "path")),
  report: sequence(
    k.report,
    labelled("metric", "expression"),
    many(t.Comma, labelled("metric", "expression")),
    many(
      choice(
        sequence(k.as, labelled("as", "expression")),
        sequence(k.by, t.Word, option(k.in, labelled("bins", "expression"))),
      ),
    ),
  ),
  compare: sequence(
    k.compare,
    labelled("left", t.Word),
    t.Minus,
    labelled("right", t.Word),
    k.on,
    labelled("metric", "expression"),
    option(k.paired, k.by, separated(t.Comma, labelled("paired", t.Word))),
    option(k.margin, labelled("margin", "expression")),
  ),
  ensemble: sequence(
    k.ensemble,
    labelled("name", t.Word),
    t.Assign,
    "expression",
    k.over,
    separated(t.Comma, labelled("over", t.Word)),
  ),
  save: sequence(k.save, t.Word),
  budget: sequence(k.budget, t.Block),
  allow: sequence(k.allow, t.Word, option(k.because, t.Text)),
  /** A layer or expression with what may follow it; with `=`, an assignment. */
  plain: sequence(
    labelled("left", "expression"),
    option(k.as, "target"),
    option(t.Colon, labelled("type", "expression")),
    option(t.Assign, labelled("value", "expression"), option(k.where, labelled("where", "expression"))),
  ),
  target: sequence(t.Word, option(t.OpenSquare, "expression", t.CloseSquare)),
  trailer: sequence(option(k.as, "target"), option(t.Colon, "type")),
};

const declarations: Rules = {
  declarationLine: sequence(choice("edition", "importDeclaration", "letStatement", "declaration")),
  edition: sequence(k.edition, t.Numeral),
  importDeclaration: sequence(k.import, choice(t.Text, "path"), t.Block),
  declaration: sequence(
    t.DeclarationWord,
    t.Word,
    option("parameters"),
    option(t.Colon, labelled("inputs", "ports")),
    option(t.Arrow, labelled("outputs", "ports")),
    choice(t.Block, sequence(t.Assign, "expression")),
  ),
  parameters: sequence(t.OpenRound, option(...items("parameter")), t.CloseRound),
  parameter: sequence(t.Word, option(t.Colon, "type"), option(t.Assign, "expression")),
  ports: sequence(choice("parameters", "type")),
};

/** The grammar as data, also for what is generated from it. */
export const rules: Rules = { ...expressions, ...statements, ...declarations };

export type LineRule = "declarationLine" | "statementLine" | "entryLine" | "nameLine" | "expression";

const grammar = createGrammar(rules);

/** Parses one line. The tree may lack any part after a mistake. */
export function parseLine(rule: LineRule, tokens: readonly t.Token[]) {
  return lines.parseLine(grammar, rule, tokens);
}

/** Where expressions and types break. */
import { builders, utils } from "prettier/doc";
import type { Argument, BinaryExpr, CallExpr, Expr, RecordEntry, TypeExpr } from "../syntax/ast.ts";
import {
  above,
  below,
  type Doc,
  follows,
  hasComment,
  type Printing,
  peek,
  token,
  tokensUpTo,
} from "./printing.ts";
import { body, list } from "./rows.ts";

const { align, group, indent, line, softline } = builders;

/** An expression with the parentheses that the author has put around it. */
export function expression(p: Printing, of: Expr): Doc {
  return inParentheses(p, of, () => layOut(p, of));
}

/**
 * The value of a statement. Where it breaks, its operators stand two columns left of its first operand, which begins in column
 * `head` of the statement.
 */
export function value(p: Printing, of: Expr, head: number): Doc {
  if (of.kind !== "binary" || isParenthesised(of)) return expression(p, of);
  return chain(p, of, (rest) => align(Math.max(2, head - 2), rest));
}

function inParentheses(p: Printing, of: Expr, inner: () => Doc): Doc {
  if (!follows(p, "(") || !isParenthesised(of, peek(p).start)) return inner();
  const open = token(p, "(");
  const first = above(p, true);
  const contents = [first, inParentheses(p, of, inner), ...below(p, false)];
  return group([open, indent([softline, ...contents]), softline, token(p, ")")]);
}

/** Whether a parenthesis stands around the whole, not around its first operand alone. */
function isParenthesised(of: Expr, start = of.span.start): boolean {
  const first = firstOperand(of);
  return first ? start < first.span.start : true;
}

/** The expression that another begins with. */
function firstOperand(of: Expr): Expr | undefined {
  switch (of.kind) {
    case "member":
    case "index":
      return of.object;
    case "call":
      return of.callee;
    case "range":
      return of.from;
    case "binary":
      return of.left;
    case "with":
      return of.base;
    default:
      return undefined;
  }
}

function layOut(p: Printing, of: Expr): Doc {
  switch (of.kind) {
    case "name":
    case "string":
      return token(p);
    case "number":
      return [token(p), of.unit ? [of.unit.text === "%" ? "" : " ", token(p)] : ""];
    case "member":
      return [expression(p, of.object), token(p, "."), token(p)];
    case "index":
      return [expression(p, of.object), token(p, "["), expression(p, of.index), token(p, "]")];
    case "call":
      return [expression(p, of.callee), call(p, of)];
    case "list":
      return list(p, of.span.end, items(p, of.items));
    case "record":
      return list(
        p,
        of.span.end,
        of.entries.map((each) => () => entry(p, each)),
      );
    case "range":
      return [
        expression(p, of.from),
        " ",
        token(p, ".."),
        " ",
        expression(p, of.to),
        of.step ? [" ", token(p, "step"), " ", expression(p, of.step)] : "",
      ];
    case "unary":
      return [token(p, of.operator), of.operator === "not" ? " " : "", expression(p, of.operand)];
    case "binary":
      return chain(p, of, indent);
    case "with":
      return [expression(p, of.base), " ", token(p, "with"), " ", body(p, of.body)];
    case "error":
      throw new Error("a file with syntax errors is not formatted");
  }
}

/** Expressions that a list or the like is made of. */
export function items(p: Printing, of: readonly Expr[]): (() => Doc)[] {
  return of.map((each) => () => expression(p, each));
}

function call(p: Printing, of: CallExpr): Doc {
  const end = of.span.end;
  const [sole] = of.arguments;
  const hugs = of.arguments.length === 1 && !sole!.name && ["record", "list"].includes(sole!.value.kind);
  const start = peek(p).start;
  if (hugs && !hasComment(p, start, sole!.span.start) && !hasComment(p, sole!.span.end, end))
    return [token(p, "("), expression(p, sole!.value), token(p, ")")];
  return list(
    p,
    end,
    of.arguments.map((each) => () => argument(p, each)),
  );
}

function argument(p: Printing, of: Argument): Doc {
  return [of.name ? [token(p), token(p, ":"), " "] : "", expression(p, of.value)];
}

function entry(p: Printing, of: RecordEntry): Doc {
  if (!of.labelled) return expression(p, of.value);
  return [...tokensUpTo(p, ":"), token(p, ":"), " ", expression(p, of.value)];
}

const strengths: Readonly<Record<string, number>> = {
  or: 1, and: 2, "+": 4, "-": 4, "*": 5, "/": 5, "^": 6,
}; // biome-ignore format: a table

/** Operators of one strength break together, each before its operand. */
function chain(p: Printing, of: BinaryExpr, hang: (rest: Doc) => Doc): Doc {
  const strength = (each: BinaryExpr) => strengths[each.operator] ?? 3;
  const links: BinaryExpr[] = [of];
  for (let left = of.left; left.kind === "binary"; left = left.left) {
    if (isParenthesised(left) || strength(left) !== strength(of)) break;
    links.unshift(left);
  }
  const first = expression(p, links[0]!.left);
  const rest = links.map(({ operator, right }) => [
    line,
    above(p, true),
    token(p, operator),
    " ",
    expression(p, right),
  ]);
  return group([first, hang(rest)], { shouldBreak: hasComment(p, of.span.start, of.span.end) });
}

/** `f32[N, H / 2, W / 2, C]`, which breaks at comments only. */
export function type(p: Printing, of: TypeExpr): Doc {
  const whole = hasComment(p, of.span.start, of.span.end) ? (doc: Doc) => doc : utils.removeLines;
  const name = token(p);
  const lists = of.lists.map((each) => [
    token(p, "["),
    ...each.map((size, i) => [i > 0 ? ", " : "", whole(expression(p, size))]),
    token(p, "]"),
  ]);
  return [name, ...lists];
}

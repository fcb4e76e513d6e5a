/** The layout of each statement. */
import { builders } from "prettier/doc";
import type {
  Body,
  Expr,
  FieldStatement,
  IfStatement,
  Name,
  Statement,
  Target,
  Trailer,
} from "../syntax/ast.ts";
import { experimentStatement } from "./experiment.ts";
import { expression, type, value } from "./expression.ts";
import { above, type Doc, follows, type Printing, token, tokensUpTo } from "./printing.ts";
import { body, openBody } from "./rows.ts";

const { dedent, group, indent, line } = builders;

export function statement(p: Printing, of: Statement): Doc {
  switch (of.kind) {
    case "assign": {
      const path = tokensUpTo(p, "=");
      return [...path, " ", token(p, "="), " ", value(p, of.value, widthOf(of.path) + 3)];
    }
    case "field":
      return field(p, of);
    case "section":
      return [token(p), " ", names(p, of.fields), of.fields.length > 0 ? " " : "", body(p, of.body)];
    case "let":
    case "out":
      return [token(p, of.kind), " ", binding(p, of.name, of.value, of.kind.length + 1)];
    case "apply":
      return [value(p, of.value, 0), trailer(p, of)];
    case "branch": {
      const from = () => (of.from ? [token(p, "from"), " ", expression(p, of.from), " "] : "");
      return [token(p, "branch"), " ", target(p, of.target), " ", from(), body(p, of.body), trailer(p, of)];
    }
    case "from":
      return [token(p, "from"), " ", value(p, of.value, 5), trailer(p, of)];
    case "repeat":
      return [token(p, "repeat"), " ", expression(p, of.count), " ", body(p, of.body), trailer(p, of)];
    case "for": {
      const head = [token(p, "for"), " ", token(p), " ", token(p, "in"), " ", expression(p, of.list), " "];
      return [...head, body(p, of.body), trailer(p, of)];
    }
    case "if":
      return group(openCondition(p, of));
    case "group":
      return [token(p, "group"), " ", target(p, of.target), " ", body(p, of.body), trailer(p, of)];
    case "train":
      return [token(p, "train"), " ", token(p), " ", body(p, of.body)];
    case "minimize":
      return [token(p, "minimize"), " ", value(p, of.value, 9)];
    case "budget":
      return [token(p, "budget"), " ", body(p, of.body)];
    default:
      return experimentStatement(p, of);
  }
}

/** `name = value` after a word of `before` columns. */
export function binding(p: Printing, name: Name, of: Expr, before: number): Doc {
  return [token(p), " ", token(p, "="), " ", value(p, of, before + name.text.length + 3)];
}

/** What may begin a line of its own: `where ...`, `paired by ...`. */
export function clause(p: Printing, word: string, rest: () => Doc): Doc {
  return follows(p, word) ? group(indent([line, above(p, true), token(p, word), " ", rest()])) : "";
}

export function names(p: Printing, of: readonly Name[]): Doc {
  return of.map((_, i) => [i > 0 ? ", " : "", token(p)]);
}

function widthOf(path: readonly Name[]): number {
  return path.map(({ text }) => text).join(".").length;
}

function field(p: Printing, of: FieldStatement): Doc {
  const head = [token(p), " ", token(p), " ", of.type ? [token(p, ":"), " ", type(p, of.type), " "] : ""];
  return [
    ...head,
    token(p, "="),
    " ",
    expression(p, of.value),
    of.among ? [" ", token(p, "in"), " ", expression(p, of.among)] : "",
    clause(p, "where", () => expression(p, of.where!)),
  ];
}

function target(p: Printing, of: Target): Doc {
  return [token(p), of.index ? [token(p, "["), expression(p, of.index), token(p, "]")] : ""];
}

/** `as name : type` */
function trailer(p: Printing, of: Trailer): Doc {
  return [
    of.as ? [" ", token(p, "as"), " ", target(p, of.as)] : "",
    of.type ? [" ", token(p, ":"), " ", type(p, of.type)] : "",
  ];
}

/** Either all bodies of a condition stand on its line or none. */
function openCondition(p: Printing, of: IfStatement): Doc {
  const head = [token(p, "if"), " ", expression(p, of.condition), " ", openBody(p, of.then)];
  const rest = of.else ? [" ", dedent(token(p, "else")), " ", otherwise(p, of.else)] : "";
  return [head, rest, trailer(p, of)];
}

/** `else if` is a condition in a body without braces. */
function otherwise(p: Printing, of: Body): Doc {
  const [sole] = of.statements;
  return follows(p, "if") && sole?.kind === "if" ? openCondition(p, sole) : openBody(p, of);
}

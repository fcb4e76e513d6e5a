/** The layout of a file and its declarations. */
import { builders } from "prettier/doc";
import type { Declaration, File, ImportDecl, NamedDecl, ParameterDecl, PortDecl } from "../syntax/ast.ts";
import { expression, type } from "./expression.ts";
import { below, type Doc, follows, type Printing, peek, token, tokensUpTo } from "./printing.ts";
import { body, list, statementRows } from "./rows.ts";
import { statement } from "./statement.ts";

const { hardline } = builders;

export function file(p: Printing, of: File): Doc {
  const items = of.declarations.map((each) => () => declaration(p, each));
  if (of.edition) items.unshift(() => [token(p, "edition"), " ", token(p)]);
  const rows = statementRows(p, items);
  const rest = below(p, items.length === 0);
  return [rows, ...rest, items.length > 0 || rest.length > 0 ? hardline : ""];
}

function declaration(p: Printing, of: Declaration): Doc {
  switch (of.kind) {
    case "import":
      return importLine(p, of);
    case "let":
      return statement(p, of);
    case "declaration":
      return named(p, of);
  }
}

function importLine(p: Printing, of: ImportDecl): Doc {
  const module = [token(p, "import"), " ", ...tokensUpTo(p, "{"), " "];
  return [
    ...module,
    list(
      p,
      of.span.end,
      of.names.map(() => () => token(p)),
    ),
  ];
}

function named(p: Printing, of: NamedDecl): Doc {
  const head = [token(p), " ", token(p)];
  const parameters = follows(p, "(") ? inBrackets(p, of.parameters) : "";
  const inputs = follows(p, ":") ? [" ", token(p, ":"), " ", ports(p, of.inputs)] : "";
  const outputs = follows(p, "->") ? [" ", token(p, "->"), " ", ports(p, of.outputs)] : "";
  const rest = of.value ? [token(p, "="), " ", expression(p, of.value)] : body(p, of.body!);
  return [...head, parameters, inputs, outputs, " ", rest];
}

/** A sole port without a name has no brackets. */
function ports(p: Printing, of: readonly PortDecl[]): Doc {
  return follows(p, "(") ? inBrackets(p, of) : type(p, of[0]!.type);
}

function inBrackets(p: Printing, of: readonly (ParameterDecl | PortDecl)[]): Doc {
  const close = of.at(-1)?.span.end ?? peek(p).start;
  return list(
    p,
    close,
    of.map((each) => () => parameter(p, each)),
  );
}

function parameter(p: Printing, of: ParameterDecl | PortDecl): Doc {
  return [
    token(p),
    of.type ? [token(p, ":"), " ", type(p, of.type)] : "",
    "default" in of && of.default ? [" ", token(p, "="), " ", expression(p, of.default)] : "",
  ];
}

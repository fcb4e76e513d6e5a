import type { Statement } from "../syntax/ast.ts";
import type { Span } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";
import { lineOf } from "./show.ts";

export interface OutlineItem {
  readonly name: string;
  readonly kind:
    | "data"
    | "model"
    | "block"
    | "loss"
    | "metric"
    | "recipe"
    | "experiment"
    | "let"
    | "field"
    | "part";
  readonly detail: string;
  readonly span: Span;
  /** Of the name. */
  readonly at: Span;
  readonly children: readonly OutlineItem[];
}

/** What a file declares, with the fields and sections of data, the branches and groups of networks, the axes of experiments. */
export function outline(analysis: Analysis): readonly OutlineItem[] {
  return analysis.module.file.declarations.flatMap((declaration): readonly OutlineItem[] => {
    if (declaration.kind === "import" || declaration.name.text === "") return [];
    const { name, span } = declaration;
    const isLet = declaration.kind === "let";
    return [
      {
        name: name.text,
        kind: isLet ? "let" : declaration.what,
        detail: isLet ? lineOf(declaration.value.span, 40) : declaration.what,
        span,
        at: name.span,
        children: isLet ? [] : (declaration.body?.statements ?? []).flatMap(partsOf),
      },
    ];
  });
}

function partsOf(statement: Statement): readonly OutlineItem[] {
  const { span } = statement;
  const symbol = (
    name: string,
    at: Span,
    detail: string,
    inner: readonly Statement[] = [],
  ): readonly OutlineItem[] =>
    name === ""
      ? []
      : [
          {
            name,
            kind: statement.kind === "field" ? "field" : "part",
            detail,
            span,
            at,
            children: inner.flatMap(partsOf),
          },
        ];
  switch (statement.kind) {
    case "field":
      return symbol(statement.name.text, statement.name.span, statement.role.text);
    case "section":
      return symbol(
        [statement.name, ...statement.fields].map(({ text }) => text).join(" "),
        statement.name.span,
        "",
      );
    case "branch":
    case "group":
      return symbol(
        statement.target.name.text,
        statement.target.name.span,
        statement.kind,
        statement.body.statements,
      );
    case "train":
      return symbol(statement.name.text, statement.name.span, "train", statement.body.statements);
    case "repeat":
    case "for":
      return statement.body.statements.flatMap(partsOf);
    case "vary":
    case "replicate": {
      const [first] = statement.path;
      const path = statement.path.map(({ text }) => text).join(".");
      return first ? symbol(path, first.span, statement.kind === "vary" ? "vary" : "repeat") : [];
    }
    default:
      return [];
  }
}

/** The layout of the statements of experiments. */
import { builders } from "prettier/doc";
import type { Name, ReportStatement, Statement } from "../syntax/ast.ts";
import { expression, items } from "./expression.ts";
import { type Doc, follows, hasComment, type Printing, token, tokensUpTo } from "./printing.ts";
import { commaRows } from "./rows.ts";
import { binding, clause, names } from "./statement.ts";

const { group, indent } = builders;

export function experimentStatement(p: Printing, of: Statement): Doc {
  switch (of.kind) {
    case "vary": {
      const axis = [
        token(p, "vary"),
        " ",
        ...tokensUpTo(p, "over"),
        " ",
        token(p, "over"),
        " ",
        expression(p, of.axis),
      ];
      return [...axis, clause(p, "when", () => expression(p, of.when!))];
    }
    case "replicate":
      return [
        token(p, "repeat"),
        " ",
        ...tokensUpTo(p, "over"),
        " ",
        token(p, "over"),
        " ",
        expression(p, of.axis),
      ];
    case "search": {
      const method = [token(p, "search"), " ", expression(p, of.method), " "];
      const space = [token(p, "over"), " ", expression(p, of.space)];
      return [...method, ...space, clause(p, "by", () => expression(p, of.by!)), per(p, of.per)];
    }
    case "choose": {
      const path = [token(p, "choose"), " ", ...tokensUpTo(p, "by")];
      return [...path, clause(p, "by", () => expression(p, of.by)), per(p, of.per)];
    }
    case "report":
      return report(p, of);
    case "compare":
      return [
        [token(p, "compare"), " ", token(p), " ", token(p, "-"), " ", token(p)],
        clause(p, "on", () => expression(p, of.on)),
        clause(p, "paired", () => [token(p, "by"), " ", names(p, of.paired)]),
        clause(p, "margin", () => expression(p, of.margin!)),
      ];
    case "ensemble":
      return [
        [token(p, "ensemble"), " ", binding(p, of.name, of.value, 9)],
        clause(p, "over", () => names(p, of.over)),
      ];
    case "save":
      return [token(p, "save"), " ", token(p)];
    case "allow":
      return [
        [token(p, "allow"), " ", token(p)],
        of.because ? [" ", token(p, "because"), " ", token(p)] : "",
      ];
    default:
      throw new Error(`there is no layout for ${of.kind}`);
  }
}

/** `per model, data.size` */
function per(p: Printing, of: readonly (readonly Name[])[]): Doc {
  const path = (names: readonly Name[]) => names.map((_, i) => [i > 0 ? token(p, ".") : "", token(p)]);
  return clause(p, "per", () => of.map((names, i) => [i > 0 ? ", " : "", ...path(names)]));
}

/** `as` and `by` stand in the author's order. */
function report(p: Printing, of: ReportStatement): Doc {
  const head = [token(p, "report"), " "];
  const [first, last] = [of.metrics[0]!, of.metrics.at(-1)!];
  const shouldBreak = hasComment(p, first.span.start, last.span.end);
  const metrics = group(indent(commaRows(p, items(p, of.metrics))), { shouldBreak });
  const as = () => clause(p, "as", () => expression(p, of.as!));
  const by = () =>
    clause(p, "by", () => {
      const { bins } = of.by!;
      return [token(p), bins ? [" ", token(p, "in"), " ", expression(p, bins)] : ""];
    });
  return [...head, metrics, ...(follows(p, "as") ? [as(), by()] : [by(), as()])];
}

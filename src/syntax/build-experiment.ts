/** The statements of experiments. */
import type { CstNode } from "chevrotain";
import type { Span } from "../text/source.ts";
import type { Name, Statement, StringExpr } from "./ast.ts";
import { buildExpression } from "./build-expression.ts";
import { buildWith } from "./build-statement.ts";
import { at, type Building, leaf, leaves, nameOf, node, nodes, reportExtra, spanOf } from "./tree.ts";

export function buildExperimentStatement(
  b: Building,
  rule: string,
  tree: CstNode,
  span: Span,
): Statement | undefined {
  const end = at(b, span.end);
  const expression = (name = "expression") => buildExpression(b, node(tree, name), span, buildWith);
  const optional = (name: string) => (node(tree, name) ? expression(name) : undefined);
  const name = (label: string) => nameOf(b, leaf(tree, label), end);
  const names = (parent: CstNode | undefined, label: string): Name[] =>
    leaves(parent, label).map((word) => nameOf(b, word, end));
  const path = () => names(node(tree, "path"), "Word");
  const per = () => nodes(node(tree, "per"), "path").map((one) => names(one, "Word"));
  switch (rule) {
    case "vary":
      return { kind: "vary", path: path(), axis: expression("axis"), when: optional("when"), span };
    case "search": {
      const [method, space] = [expression("method"), expression("space")];
      return { kind: "search", method, space, by: optional("by"), per: per(), span };
    }
    case "choose":
      return { kind: "choose", path: path(), by: expression(), per: per(), span };
    case "report": {
      const metrics = nodes(tree, "metric").map((metric) => buildExpression(b, metric, span, buildWith));
      const field = leaf(tree, "Word");
      const again = leaves(tree, "As")[1] ?? leaves(tree, "By")[1];
      if (again) reportExtra(b, again, `a report has one \`${again.image}\`; write a second report`);
      const by = field && { field: nameOf(b, field, end), bins: optional("bins") };
      return { kind: "report", metrics, as: optional("as"), by, span };
    }
    case "compare":
      return {
        kind: "compare",
        left: name("left"),
        right: name("right"),
        on: expression("metric"),
        paired: names(tree, "paired"),
        margin: optional("margin"),
        span,
      };
    case "ensemble":
      return { kind: "ensemble", name: name("name"), value: expression(), over: names(tree, "over"), span };
    case "save":
      return { kind: "save", what: name("Word"), span };
    case "allow":
      return { kind: "allow", code: name("Word"), because: because(b, tree), span };
    default:
      return undefined;
  }
}

function because(b: Building, tree: CstNode): StringExpr | undefined {
  const text = leaf(tree, "Text");
  return text && { kind: "string", value: text.image.slice(1, -1), span: spanOf(b, text) };
}

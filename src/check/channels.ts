import type { Body, NamedDecl } from "../syntax/ast.ts";
import { textOf } from "../text/source.ts";
import type { Context } from "./context.ts";
import { channelsFirst } from "./shape-messages.ts";

const orders: Readonly<Record<string, string>> = {
  "N C L": "N, L, C",
  "N C H W": "N, H, W, C",
  "N C D H W": "N, D, H, W, C",
};

/** As PyTorch has them. Layers go by the place of an axis, not by its name, so that nothing else would tell. */
export function checkOrder({ inputs, body }: NamedDecl, context: Context): void {
  for (const { type } of inputs) {
    const [axes = []] = type.lists;
    const second = axes[1];
    if (second?.kind !== "name" || second.name.text !== "C") continue;
    const names = axes.map((axis) => (axis.kind === "name" ? axis.name.text : ""));
    const order = orders[names.join(" ")];
    // So they come, and are turned.
    if (!order || firstLayer(body) === "transpose") continue;
    const text = `${type.name.text}[${order}]`;
    context.reporter.report(channelsFirst, { written: textOf(type.span) }, type.span, {
      hint: "data that have them first are turned in the body: `transpose(axes: [0, 2, 3, 1])` for images",
      fixes: [{ title: `write \`${text}\``, edits: [{ span: type.span, text }], safety: "review" }],
    });
  }
}

/** The name of the layer that a body begins with. */
function firstLayer(body: Body | undefined): string | undefined {
  const [begin] = body?.statements ?? [];
  if (begin?.kind !== "apply") return undefined;
  const { value } = begin;
  const name = value.kind === "call" ? value.callee : value;
  return name.kind === "name" ? name.name.text : undefined;
}

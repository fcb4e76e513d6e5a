/** Two statements on one line that are one, written as other languages have it. */
import type { CstNode, IToken } from "chevrotain";
import * as messages from "./messages.ts";
import { at, type Building, node, report } from "./tree.ts";

/** False where nothing of the kind is known; `kind` is that of the body around the line. */
export function reportPairHabit(
  b: Building,
  first: CstNode,
  second: CstNode,
  comma: IToken | undefined,
  kind: string,
): boolean {
  const [from, to] = [first.location!.startOffset, first.location!.endOffset! + 1];
  const [start, end] = [second.location!.startOffset, second.location!.endOffset! + 1];
  const before = b.source.text.slice(from, to);
  const rest = b.source.text.slice(start, end);
  const file = b.source;
  if (!comma && before === "return") {
    const span = { file, start: from, end: to };
    report(b, messages.unexpected, { expected: "a layer or a tensor", found: "`return`" }, span, {
      hint: "what the last line of a body makes is what it gives",
      fixes: [
        { title: "take `return` out", edits: [{ span: { ...span, end: start }, text: "" }], safety: "safe" },
      ],
    });
    return true;
  }
  const low = comma ? undefined : /(\d+) to$/.exec(before);
  if (low && /^\d/.test(rest)) {
    const span = { file, start: to - low[0].length, end };
    const [found, written] = [`${low[0]} ${rest}`, `${low[1]} .. ${rest}`];
    report(b, messages.foreignSyntax, { found, written }, span, {
      fixes: [{ title: `write \`${written}\``, edits: [{ span, text: written }], safety: "safe" }],
    });
    return true;
  }
  if (kind === "pipeline" || !node(second, "plain")) return false;
  // `sgd{lr: 0.1}`
  if (!comma && to === start && rest.startsWith("{") && rest.endsWith("}")) {
    const span = { file, start, end: start + 1 };
    const name = /[\w.]+$/.exec(before)?.[0] ?? before;
    report(b, messages.unexpected, { expected: `\`(\` after \`${name}\``, found: "`{`" }, span, {
      fixes: [
        {
          title: "write `(` and `)`",
          edits: [
            { span, text: "(" },
            { span: { file, start: end - 1, end }, text: ")" },
          ],
          safety: "safe",
        },
      ],
    });
    return true;
  }
  // `vary x over 8, 32`, `batch = 16, 32`
  const head = /^.*?(?:[^=!<>]=(?!=)|\bover\b|\bin\b)\s*/s.exec(before)?.[0];
  if (!comma || head === undefined || /^\w+ *[=:]/.test(rest)) return false;
  const list = { start: from + head.length, end: lineEnd(b, end) };
  const text = b.source.text.slice(list.start, list.end);
  if (before.endsWith("]")) {
    const parameters = { expected: "the end of the line after `]`", found: `\`, ${rest}\`` };
    const hint = before.startsWith("report")
      ? `metrics stand side by side before \`by\`: \`report test.accuracy, ${rest} by ...\``
      : "one list stands here; give what is behind it a line of its own";
    report(b, messages.unexpected, parameters, { file, start: to, end: list.end }, { hint });
    return true;
  }
  report(
    b,
    messages.unexpected,
    { expected: "one value", found: `\`${text}\`` },
    { file, ...list },
    {
      hint: "several values stand in a list",
      fixes: [
        {
          title: `write \`[${text}]\``,
          edits: [
            { span: at(b, list.start), text: "[" },
            { span: at(b, list.end), text: "]" },
          ],
          safety: "safe",
        },
      ],
    },
  );
  return true;
}

/** Where the values of the line end: before a comment. */
function lineEnd(b: Building, from: number): number {
  const rest = /^[^\n\r;}]*/.exec(b.source.text.slice(from))![0].replace(/\s*\/\/.*$/, "");
  return from + rest.trimEnd().length;
}

/** The tokens that a statement can hold: comments are left out, and what no statement can hold is reported. */
import type { IToken, TokenType } from "chevrotain";
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../text/source.ts";
import * as messages from "./messages.ts";
import * as t from "./tokens.ts";

/** Leaves out comments, and reports what no statement can hold. */
export function readable(
  all: readonly IToken[],
  source: SourceFile,
  reporter: Reporter,
): { list: IToken[]; damaged: Set<number> } {
  const list: IToken[] = [];
  const damaged = new Set<number>();
  for (const token of all) {
    const span = { file: source, start: token.startOffset, end: token.endOffset! + 1 };
    const written = foreign(token);
    const fresh = !damaged.has(token.startLine!);
    if (token.tokenType === t.Unknown) {
      damaged.add(token.startLine!);
      if (fresh)
        reporter.report(messages.unknownCharacter, { character: token.image }, span, {
          fixes: [{ title: "remove it", edits: [{ span, text: "" }], safety: "review" }],
        });
      continue;
    }
    if (token.tokenType === t.UnclosedString) {
      damaged.add(token.startLine!);
      if (fresh)
        reporter.report(messages.unclosedString, {}, span, { hint: `end it with \`${token.image[0]}\`` });
      list.push(t.retype(token, t.Text));
      continue;
    }
    if (written !== undefined) {
      if (fresh)
        reporter.report(
          messages.foreignSyntax,
          { found: token.tokenType === t.HashComment ? "#" : token.image, written: written.text },
          span,
          {
            fixes: [
              {
                title: `\`${written.text}\``,
                edits: [{ span: { ...span, end: written.end ?? span.end }, text: written.text }],
                safety: "safe",
              },
            ],
          },
        );
      if (written.type)
        list.push({ ...t.retype(token, written.type), ...(written.image ? { image: written.image } : {}) });
      continue;
    }
    if (token.tokenType === t.Comment || token.tokenType === t.Doc || token.tokenType === t.FileDoc) continue;
    list.push(token);
  }
  return { list, damaged };
}

/** How this language writes what another language writes so. */
function foreign(
  token: IToken,
): { text: string; type: TokenType | undefined; end?: number; image?: string } | undefined {
  switch (token.tokenType) {
    case t.HashComment:
      return { text: "//", type: undefined, end: token.startOffset + 1 };
    case t.SingleQuoted:
      return { text: `"${token.image.slice(1, -1).replace(/"/g, '\\"')}"`, type: t.Text };
    case t.BareFraction:
      return { text: `0${token.image}`, type: t.Numeral };
    case t.ForeignSign:
      if (token.image === "**") return { text: "^", type: t.Power };
      return {
        text: { "&&": "and", "||": "or" }[token.image] ?? "not",
        type: t.Word,
        image: { "&&": "and", "||": "or" }[token.image] ?? "not",
      };
    default:
      return undefined;
  }
}

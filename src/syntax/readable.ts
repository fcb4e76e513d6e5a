/** The tokens that a statement can hold: comments are left out, and what no statement can hold is reported. */
import type { IToken, TokenType } from "chevrotain";
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../text/source.ts";
import * as messages from "./messages.ts";
import * as t from "./tokens.ts";

/** What the layout pass is handed. */
export interface Reading {
  readonly source: SourceFile;
  readonly reporter: Reporter;
  readonly tokens: readonly IToken[];
  /** Lines of the text on which a mistake has been reported: the first on a line is told, what follows from it is not. */
  readonly flagged: Set<number>;
}

export function readable(all: readonly IToken[], source: SourceFile, reporter: Reporter): Reading {
  const tokens: IToken[] = [];
  const flagged = new Set<number>();
  for (const [index, token] of all.entries()) {
    if (token.tokenType === t.Comma && isDecimal(all, index)) {
      reportDecimal(all, index, source, reporter, flagged);
      continue;
    }
    const span = { file: source, start: token.startOffset, end: token.endOffset! + 1 };
    const fresh = !flagged.has(token.startLine!);
    if (comments.has(token.tokenType)) continue;
    if (token.tokenType === t.Unknown) {
      flagged.add(token.startLine!);
      if (fresh)
        reporter.report(
          messages.unknownCharacter,
          { character: token.image },
          span,
          token.image === "|"
            ? { hint: "values stand in a list, `[8, 32]`; layers follow one another in lines, or with `;`" }
            : { fixes: [{ title: "remove it", edits: [{ span, text: "" }], safety: "review" }] },
        );
      continue;
    }
    if (token.tokenType === t.BlockComment) {
      if (fresh) reportBlockComment(token, source, reporter);
      continue;
    }
    if (token.tokenType === t.UnclosedString) {
      flagged.add(token.startLine!);
      if (fresh)
        reporter.report(messages.unclosedString, {}, span, { hint: `end it with \`${token.image[0]}\`` });
      if (token.image.trim().length > 1) tokens.push(t.retype(token, t.Text));
      continue;
    }
    const written = foreign(token);
    if (!written) {
      tokens.push(token);
      continue;
    }
    const found = token.tokenType === t.HashComment ? "#" : token.image;
    const edit = { span: { ...span, end: written.end ?? span.end }, text: written.text };
    if (fresh)
      reporter.report(messages.foreignSyntax, { found, written: written.text }, span, {
        fixes: [{ title: `write \`${written.text}\``, edits: [edit], safety: "safe" }],
      });
    if (written.type)
      tokens.push({ ...t.retype(token, written.type), ...(written.image ? { image: written.image } : {}) });
  }
  return { source, reporter, tokens, flagged };
}

/** `0,05`: no whole number begins with a 0. `1,024` is a thousand and more. */
function isDecimal(all: readonly IToken[], comma: number): boolean {
  const [before, after] = [all[comma - 1], all[comma + 1]];
  return (
    before?.tokenType === t.Numeral &&
    after?.tokenType === t.Numeral &&
    /^\d+$/.test(before.image) &&
    /^0\d/.test(after.image) &&
    (before.image === "0" || after.image.length !== 3) &&
    before.endOffset! + 2 === after.startOffset
  );
}

function reportDecimal(
  all: readonly IToken[],
  comma: number,
  source: SourceFile,
  reporter: Reporter,
  flagged: Set<number>,
): void {
  const [before, { startLine }, after] = all.slice(comma - 1, comma + 2) as [IToken, IToken, IToken];
  if (flagged.has(startLine!)) return;
  flagged.add(startLine!);
  const span = { file: source, start: before.startOffset, end: after.endOffset! + 1 };
  const [found, written] = [`${before.image},${after.image}`, `${before.image}.${after.image}`];
  reporter.report(messages.foreignSyntax, { found, written }, span, {
    fixes: [{ title: `write \`${written}\``, edits: [{ span, text: written }], safety: "safe" }],
  });
}

/** Where nothing stands behind it, it can be written anew. */
function reportBlockComment({ image, startOffset }: IToken, source: SourceFile, reporter: Reporter): void {
  const end = startOffset + image.length;
  const isLast = /^[ \t]*(?:[\n\r]|$)/.test(source.text.slice(end, end + 200));
  const lines = image.slice(2, -2).split(/\r\n|\n|\r/);
  const texts = lines.map((line) => line.replace(/^\s*\*?\s*/, "").trimEnd()).filter((line) => line !== "");
  const newline = /\r\n|\n|\r/.exec(image)?.[0] ?? "";
  const span = { file: source, start: startOffset, end: startOffset + 2 };
  const text = texts.map((line) => `// ${line}`).join(newline);
  reporter.report(messages.foreignSyntax, { found: "/* */", written: "//" }, span, {
    hint: "a comment begins with `//` and ends with its line",
    fixes: isLast ? [{ title: "write `//`", edits: [{ span: { ...span, end }, text }], safety: "safe" }] : [],
  });
}

const comments: ReadonlySet<TokenType> = new Set([t.Comment, t.Doc, t.FileDoc]);

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

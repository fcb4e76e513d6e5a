/** The tokens of a file with what stands between them. `,` and `;` are not tokens here: like newlines, they only part things. */
import type { IToken } from "chevrotain";
import * as t from "../syntax/tokens.ts";
import type { SourceFile } from "../text/source.ts";

export interface Comment {
  readonly text: string;
  readonly start: number;
  /** An empty line stands before it. */
  readonly blank: boolean;
}

/** What the author wrote between a token and the one before. */
export interface Gap {
  /** Those on lines of their own. */
  readonly comments: readonly Comment[];
  readonly newline: boolean;
  /** An empty line stands straight before the token. */
  readonly blank: boolean;
  readonly separator: "," | ";" | undefined;
}

export interface Token {
  readonly image: string;
  readonly start: number;
  readonly end: number;
  /** Before it. */
  readonly gap: Gap;
  /** The comment that ends its line. */
  readonly trailing: Comment | undefined;
  readonly raw: IToken;
}

/** The last token is the end of the file, of no width. */
export function readTokens(source: SourceFile): Token[] {
  const tokens: Token[] = [];
  const end = source.text.length;
  const last = { image: "", startOffset: end, endOffset: end - 1, tokenType: t.Newline, tokenTypeIdx: -1 };
  let gap = newGap();
  for (const raw of [...t.tokenize(source), last]) {
    const type = raw === last ? undefined : raw.tokenType;
    if (type === t.Newline) {
      gap.newline = true;
      gap.lines++;
    } else if (type === t.Comma || type === t.Semicolon) {
      gap.separator = type === t.Comma ? "," : ";";
    } else if (type === t.Comment || type === t.Doc || type === t.FileDoc) {
      const comment = { text: raw.image.trimEnd(), start: raw.startOffset, blank: gap.lines > 1 };
      const before = tokens.at(-1);
      if (before && !gap.newline) tokens[tokens.length - 1] = { ...before, trailing: comment };
      else gap.comments.push(comment);
      gap.lines = 0;
    } else {
      const { comments, newline, separator, lines } = gap;
      tokens.push({
        image: raw.image,
        start: raw.startOffset,
        end: raw.endOffset! + 1,
        gap: { comments, newline, separator, blank: lines > 1 },
        trailing: undefined,
        raw,
      });
      gap = newGap();
    }
  }
  return tokens;
}

function newGap() {
  return {
    comments: [] as Comment[],
    newline: false,
    separator: undefined as Gap["separator"],
    /** Newlines since the token or comment before. */
    lines: 0,
  };
}

/** The comments at the ends of lines, in columns. */
import * as t from "../syntax/tokens.ts";

interface Line {
  readonly code: string;
  readonly comment: string | undefined;
}

/** Comments at the ends of lines that follow each other, at one depth, begin in one column; any other after one blank. */
export function alignComments(text: string): string {
  const lines = split(text);
  const out: string[] = [];
  for (let i = 0; i < lines.length; ) {
    let end = i + 1;
    if (lines[i]!.comment !== undefined)
      while (lines[end]?.comment !== undefined && depth(lines[end]!) === depth(lines[i]!)) end++;
    const block = lines.slice(i, end);
    const width = Math.max(...block.map(({ code }) => [...code].length));
    for (const { code, comment } of block)
      out.push(comment === undefined ? code : `${code}${" ".repeat(width - [...code].length)} ${comment}`);
    i = end;
  }
  return out.join("\n");
}

function depth({ code }: Line): number {
  return code.length - code.trimStart().length;
}

function split(text: string): Line[] {
  const comments = new Map<number, number>();
  for (const token of t.tokenize({ path: "", text }))
    if ([t.Comment, t.Doc, t.FileDoc].includes(token.tokenType))
      comments.set(token.startLine!, token.startColumn! - 1);
  return text.split("\n").map((line, i) => {
    const column = comments.get(i + 1);
    const code = line.slice(0, column).trimEnd();
    if (column === undefined || code === "") return { code: line, comment: undefined };
    return { code, comment: line.slice(column) };
  });
}

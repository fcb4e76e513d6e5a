/**
 * Printing takes the tokens of the file one after the other; the tree only says how they are laid out. So no word, bracket or
 * comment can be lost, and where tree and tokens do not agree printing stops.
 */
import type { IToken } from "chevrotain";
import { builders, type builders as docs } from "prettier/doc";
import { describePlace, type SourceFile } from "../text/source.ts";
import { type Comment, readTokens, type Token } from "./tokens.ts";

export type Doc = docs.Doc;

const { hardline, indent, lineSuffix, lineSuffixBoundary, softline } = builders;

const newlineAfterComment = indent(lineSuffixBoundary);

export interface Printing {
  readonly source: SourceFile;
  readonly tokens: readonly Token[];
  /** The same tokens as the parser reads them. */
  readonly raw: readonly IToken[];
  /** Where comments begin. */
  readonly comments: readonly number[];
  /** The index of the token that is printed next. */
  next: number;
  /** The index of the token whose comments above it have been printed. */
  told: number;
}

export function startPrinting(source: SourceFile): Printing {
  const tokens = readTokens(source);
  const comments = tokens.flatMap(({ gap, trailing }) => [
    ...gap.comments.map(({ start }) => start),
    ...(trailing ? [trailing.start] : []),
  ]);
  return { source, tokens, raw: tokens.map((each) => each.raw), comments, next: 0, told: -1 };
}

export function peek(p: Printing): Token {
  return p.tokens[p.next]!;
}

/** Whether the next token reads so. */
export function follows(p: Printing, image: string): boolean {
  return peek(p).image === image && p.next < p.tokens.length - 1;
}

/**
 * The next token with its comments. Those above it, where the layout has no line for them, end the line before. A comment never
 * swallows what follows: that goes on a line of its own.
 */
export function token(p: Printing, image?: string): Doc {
  const found = peek(p);
  if (p.next === p.tokens.length - 1 || (image !== undefined && found.image !== image)) {
    const place = describePlace({ file: p.source, start: found.start, end: found.end });
    throw new Error(`formatting expected ${image ?? "more"} at ${place}, found ${found.image || "the end"}`);
  }
  const endsLine = p.tokens[p.next - 1]?.trailing === undefined;
  const comments = commentsAbove(p).map(({ text }, i) => [
    newlineAfterComment,
    lineSuffix(i === 0 && endsLine ? ` ${text}` : text),
  ]);
  p.next++;
  const trailing = found.trailing ? lineSuffix(` ${found.trailing.text}`) : "";
  return [...comments, newlineAfterComment, found.image, trailing];
}

/** The tokens up to one that reads so, without blanks between them. */
export function tokensUpTo(p: Printing, image: string): Doc[] {
  const out: Doc[] = [];
  while (!follows(p, image)) out.push(token(p));
  return out;
}

/**
 * The comments above the next token, which begins a line, and an empty line where the author had one; none before what is
 * `first` in its brackets.
 */
export function above(p: Printing, first: boolean): Doc {
  const { blank } = peek(p).gap;
  const comments = commentsAbove(p);
  if (comments.length === 0) return blank && !first ? softline : "";
  return [
    ...comments.map((comment, i) => [
      comment.blank && (i > 0 || !first) ? hardline : "",
      comment.text,
      hardline,
    ]),
    blank ? hardline : "",
  ];
}

/** The comments below the last of what stands in brackets. */
export function below(p: Printing, empty: boolean): Doc[] {
  return commentsAbove(p).map((comment, i) =>
    empty && i === 0 ? comment.text : [comment.blank ? hardline : "", hardline, comment.text],
  );
}

/** The comments in the gap before the next token, once. */
function commentsAbove(p: Printing): readonly Comment[] {
  if (p.told === p.next) return [];
  p.told = p.next;
  return peek(p).gap.comments;
}

/** Whether a comment stands between two places. */
export function hasComment(p: Printing, start: number, end: number): boolean {
  return p.comments.some((comment) => comment > start && comment < end);
}

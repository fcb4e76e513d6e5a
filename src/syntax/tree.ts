/** Reading the parser's trees, which may lack any part after an error, and reporting at most once a line. */
import type { CstElement, CstNode, IToken } from "chevrotain";
import type { Details, DiagnosticKind, Reporter } from "../diagnostics/diagnostic.ts";
import { positionAt, type SourceFile, type Span } from "../text/source.ts";
import type { ErrorExpr, Name } from "./ast.ts";
import { unexpected } from "./messages.ts";

/** What building a tree is handed. */
export interface Building {
  readonly source: SourceFile;
  readonly reporter: Reporter;
  /** Lines of the text on which a mistake has been reported. */
  readonly flagged: Set<number>;
  /** The `///` text above the line that a token begins. */
  readonly doc: (token: IToken) => string | undefined;
  /** The line being built has a mistake that is reported: nothing more about it. */
  quiet: boolean;
}

export function report<P>(
  b: Building,
  kind: DiagnosticKind<P>,
  parameters: P,
  span: Span,
  details?: Details,
): void {
  if (b.quiet) return;
  b.quiet = true;
  const { line } = positionAt(span.file, span.start);
  if (b.flagged.has(line)) return;
  b.flagged.add(line);
  b.reporter.report(kind, parameters, span, details);
}

/** A part that its statement cannot have, or has already. */
export function reportExtra(b: Building, token: IToken, hint?: string): void {
  const parameters = { expected: "the end of the line", found: `\`${token.image}\`` };
  report(b, unexpected, parameters, spanOf(b, token), { hint });
}

export function isToken(element: CstElement): element is IToken {
  return "tokenType" in element;
}

const isNode = (element: CstElement): element is CstNode => !isToken(element);

/** A token that the text has, or that the layout pass put there. */
const isWritten = (element: CstElement): element is IToken =>
  isToken(element) && !Number.isNaN(element.startOffset);

/** The children of a name that are nodes. */
export function nodes(parent: CstNode | undefined, name: string): CstNode[] {
  return parent?.children[name]?.filter(isNode) ?? [];
}

export function node(parent: CstNode | undefined, name: string): CstNode | undefined {
  return parent?.children[name]?.find(isNode);
}

/** The children of a name that are tokens. */
export function leaves(parent: CstNode | undefined, name: string): IToken[] {
  return parent?.children[name]?.filter(isWritten) ?? [];
}

export function leaf(parent: CstNode | undefined, name: string): IToken | undefined {
  return parent?.children[name]?.find(isWritten);
}

export function spanOf(b: Building, from: IToken, to: IToken = from): Span {
  return { file: b.source, start: from.startOffset, end: to.endOffset! + 1 };
}

export function at(b: Building, offset: number): Span {
  return { file: b.source, start: offset, end: offset };
}

/** The place of a node; `fallback` where an error has left nothing of it. */
export function spanOfNode(b: Building, tree: CstNode | undefined, fallback: Span): Span {
  const start = tree?.location?.startOffset;
  const end = tree?.location?.endOffset;
  if (start === undefined || end === undefined || Number.isNaN(start) || Number.isNaN(end)) return fallback;
  return { file: b.source, start, end: Math.max(start, end + 1) };
}

export function nameOf(b: Building, token: IToken | undefined, fallback: Span): Name {
  return token
    ? { text: token.image, span: spanOf(b, token) }
    : { text: "", span: { ...fallback, end: fallback.start } };
}

export function errorAt(span: Span): ErrorExpr {
  return { kind: "error", span };
}

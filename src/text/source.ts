/** A source file and places in it. Offsets count UTF-16 code units from 0; lines, which end in `\n`, `\r\n` or `\r`, and columns from 1. */

export interface SourceFile {
  /** As the user named it (or `std/vision.dl`); what diagnostics print. */
  readonly path: string;
  readonly text: string;
}

export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  /** One past the last character. */
  readonly end: number;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Replace `span` by `text`. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** What stands there, on one line: what the user wrote, as a label. */
export function textOf({ file, start, end }: Span): string {
  return file.text.slice(start, end).replace(/\s+/g, " ");
}

const lineStarts = new WeakMap<SourceFile, number[]>();

function startsOf(file: SourceFile): number[] {
  let starts = lineStarts.get(file);
  if (!starts) {
    starts = [0];
    for (const { index, 0: ending } of file.text.matchAll(/\r\n|\r|\n/g)) starts.push(index + ending.length);
    lineStarts.set(file, starts);
  }
  return starts;
}

export function positionAt(file: SourceFile, offset: number): Position {
  const starts = startsOf(file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

/** Where a line (from 1) begins; the end of the text where there is none. */
export function lineStart(file: SourceFile, line: number): number {
  return startsOf(file)[line - 1] ?? file.text.length;
}

/** The text of a line (from 1) without its line end. */
export function lineText(file: SourceFile, line: number): string {
  const starts = startsOf(file);
  return file.text.slice(lineStart(file, line), starts[line]).replace(/\r\n$|\r$|\n$/, "");
}

export const isWithin = (inner: Span, outer: Span | undefined): boolean =>
  outer !== undefined && inner.file === outer.file && outer.start <= inner.start && inner.end <= outer.end;

/** The smallest span that holds both; both must lie in one file. */
export function cover(a: Span, b: Span): Span {
  return { file: a.file, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

/** `path:line:column`, which terminals and editors make clickable. */
export function describePlace(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${span.file.path}:${line}:${column}`;
}

/** The text of a file with edits made, all of them in its own coordinates; they must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const { span, text: replacement } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    out += text.slice(at, span.start) + replacement;
    at = span.end;
  }
  return out + text.slice(at);
}

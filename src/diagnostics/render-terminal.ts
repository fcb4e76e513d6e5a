/** Diagnostics as a person reads them in a terminal. */
import { lineText, positionAt, type SourceFile, type Span } from "../text/source.ts";
import type { Diagnostic, Label } from "./diagnostic.ts";
import { wayOut } from "./way-out.ts";
import { wrap } from "./wrap.ts";

export interface RenderOptions {
  readonly colour: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
  /** Columns; longer text is wrapped, longer source lines are cut. */
  readonly width: number;
  /** How dlc is called here, for what is to be pasted; undefined where nothing is. */
  readonly command?: string;
}

interface Mark extends Label {
  readonly main: boolean;
}

type Paint = (text: string) => string;

/** One block for each diagnostic, an empty line between them; empty for none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, options)).join("\n");
}

function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions): string {
  const paint = painters(options.colour);
  const loud = { error: paint.red, warning: paint.yellow, hint: paint.cyan }[diagnostic.severity];
  const marks: Mark[] = [
    { span: diagnostic.span, text: diagnostic.text, main: true },
    ...diagnostic.labels.map((label) => ({ ...label, main: false })),
  ];
  const files = [...new Set(marks.map((mark) => mark.span.file))];
  const last = Math.max(...marks.map((mark) => positionAt(mark.span.file, mark.span.start).line));
  const gutter = String(last).length;
  const title = `${loud(`${diagnostic.severity}[${diagnostic.code}]`)}${paint.bold(`: ${diagnostic.message}`)}`;
  const lines = [title];
  for (const file of files) {
    const own = marks.filter((mark) => mark.span.file === file);
    lines.push(...renderPlaces(file, own, gutter, options, loud, paint.blue));
  }
  const told = [
    ...wayOut(diagnostic, options.command),
    `${options.command ?? "dlc"} explain ${diagnostic.code}`,
  ];
  const indent = " ".repeat(gutter + 1);
  for (const text of told) {
    const [first, ...rest] = wrap(text, options.width - gutter - 3);
    lines.push(`${indent}${paint.blue("=")} ${first}`);
    const hang = text.startsWith("hint: ") ? 6 : text.startsWith("fix: ") ? 5 : 0;
    for (const line of rest) lines.push(`${indent}  ${" ".repeat(hang)}${line}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The lines of one file that are spoken of, in order, the marks under each. */
function renderPlaces(
  file: SourceFile,
  marks: readonly Mark[],
  gutter: number,
  options: RenderOptions,
  loud: Paint,
  quiet: Paint,
): string[] {
  const [corner, bar] = options.unicode ? ["╭─", "│"] : ["-->", "|"];
  const empty = " ".repeat(gutter);
  const at = positionAt(file, (marks.find((mark) => mark.main) ?? marks[0]!).span.start);
  const lines = [`${empty} ${quiet(corner)} ${file.path}:${at.line}:${at.column}`];
  const sorted = [...marks].sort((a, b) => a.span.start - b.span.start || Number(b.main) - Number(a.main));
  const numbers = [...new Set(sorted.map((mark) => positionAt(file, mark.span.start).line))];
  for (const number of numbers) {
    const here = sorted.filter((mark) => positionAt(file, mark.span.start).line === number);
    const whole = lineText(file, number).replace(/\t/g, " ");
    const { shown, skipped } = cut(whole, marksExtent(here), options.width - gutter - 3);
    lines.push(`${quiet(`${String(number).padStart(gutter)} ${bar}`)} ${shown}`.trimEnd());
    for (const mark of here) {
      const column = positionAt(file, mark.span.start).column - 1;
      const before = [...whole.slice(0, column)].length - skipped;
      const length = Math.max(
        1,
        [...whole.slice(column, column + lengthOnLine(mark.span, whole, column))].length,
      );
      const sign = (mark.main ? "^" : "-").repeat(Math.min(length, Math.max(1, [...shown].length - before)));
      const text = mark.text === "" ? "" : ` ${mark.text}`;
      lines.push(
        `${empty} ${quiet(bar)} ${" ".repeat(before)}${(mark.main ? loud : quiet)(`${sign}${text}`)}`,
      );
    }
  }
  return lines;
}

/** A mark ends with its line. */
function lengthOnLine(span: Span, line: string, column: number): number {
  return Math.min(span.end - span.start, line.length - column);
}

function marksExtent(marks: readonly Mark[]): { from: number; to: number } {
  const columns = marks.map((mark) => positionAt(mark.span.file, mark.span.start).column - 1);
  return { from: Math.min(...columns), to: Math.max(...columns) };
}

/** The part of a long line that holds the marks. */
function cut(
  line: string,
  extent: { from: number; to: number },
  width: number,
): { shown: string; skipped: number } {
  const letters = [...line];
  if (letters.length <= width) return { shown: line, skipped: 0 };
  const start = extent.to < width - 20 ? 0 : Math.max(0, Math.min(extent.from - 10, letters.length - width));
  return { shown: letters.slice(start, start + width).join(""), skipped: start };
}

function painters(colour: boolean): Record<"red" | "yellow" | "cyan" | "blue" | "bold", Paint> {
  const sgr =
    (code: string): Paint =>
    (text) =>
      colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  return { red: sgr("1;31"), yellow: sgr("1;33"), cyan: sgr("1;36"), blue: sgr("34"), bold: sgr("1") };
}

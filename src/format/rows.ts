/** What stands in brackets, and statements in bodies: both keep the rows that the author made of them. */
import { builders } from "prettier/doc";
import type { Body } from "../syntax/ast.ts";
import { continues, startsStatement } from "../syntax/lines.ts";
import { above, below, type Doc, hasComment, type Printing, peek, token } from "./printing.ts";
import { statement } from "./statement.ts";

const { breakParent, fill, group, hardline, ifBreak, indent, line, softline } = builders;

/** Prints one of several things that stand in a row. */
export type Item = () => Doc;

/**
 * `(a, b)`: on one line where it fits and the author has not begun a line after the bracket, else in the author's rows, which are
 * as wide as the page.
 */
export function list(p: Printing, end: number, items: readonly Item[]): Doc {
  const start = peek(p).start;
  const pad = peek(p).image === "{" ? line : softline;
  const open = token(p);
  const begunBelow = items.length > 0 && peek(p).gap.newline;
  const inner = [
    items.length > 0 ? [above(p, true), commaRows(p, items)] : "",
    ...below(p, items.length === 0),
  ];
  const close = token(p);
  const shouldBreak = begunBelow || hasComment(p, start, end);
  if (items.length === 0 && !shouldBreak) return [open, pad === line ? " " : "", close];
  return group([open, indent([pad, ...inner]), pad, close], { shouldBreak });
}

/** Items with `,` between them, in the author's rows; a row that is too long goes on in the next line. */
export function commaRows(p: Printing, items: readonly Item[]): Doc {
  const rows: Doc[] = [];
  let row: Doc[] = [];
  items.forEach((item, i) => {
    const begins = i > 0 && peek(p).gap.newline;
    if (begins) {
      rows.push(fill(row), line, above(p, false));
      row = [];
    } else if (i > 0) row.push(line);
    row.push([item(), i < items.length - 1 ? "," : ""]);
  });
  return [...rows, fill(row)];
}

/** `{ ... }` with statements, which stay on one line where the author has put them on one and they fit. */
export function body(p: Printing, of: Body): Doc {
  return group(openBody(p, of));
}

/** A body that breaks together with what stands beside it. */
export function openBody(p: Printing, { statements }: Body): Doc {
  const open = token(p, "{");
  const begunBelow = peek(p).gap.newline && (statements.length > 0 || peek(p).gap.comments.length > 0);
  const rows = statementRows(
    p,
    statements.map((each) => () => statement(p, each)),
  );
  const rest = below(p, statements.length === 0);
  const broken = begunBelow || p.tokens[p.next - 1]!.trailing !== undefined;
  const close = token(p, "}");
  if (statements.length === 0 && !broken) return [open, " ", close];
  if (statements.length === 0 && rest.length === 0) return [open, hardline, close];
  return [open, indent([line, rows, ...rest]), line, close, broken ? breakParent : ""];
}

/** Statements, or declarations, in the author's rows; a row that is too long becomes one line for each. */
export function statementRows(p: Printing, items: readonly Item[]): Doc {
  const rows: Doc[] = [];
  let row: Doc[] = [];
  let start = p.next;
  items.forEach((item, i) => {
    const { newline, separator } = peek(p).gap;
    const end = i > 0 && goesOn(p, start) ? ";" : "";
    if (i === 0) rows.push(above(p, true));
    else if (newline) {
      rows.push(group(row), end, hardline, above(p, false));
      row = [];
    } else row.push(ifBreak(end, separator ?? ";"), line);
    start = p.next;
    row.push(item());
  });
  return [...rows, group(row)];
}

/** Whether the next statement would be read as a part of the one before, which began at `start`, were there only a newline. */
function goesOn({ raw, next }: Printing, start: number): boolean {
  return !startsStatement(raw, next) && continues(raw.slice(start, next), raw[next - 1]!, raw, next);
}

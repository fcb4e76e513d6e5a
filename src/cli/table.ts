/** Plain tables for the terminal: two spaces between columns, no lines. */
import { type Look, paint } from "./terminal.ts";

/** `align` has one letter a column: `l` or `r`. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  align: string,
  look: Look,
): string {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (align[i] === "r" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [paint(`  ${line(heads)}`, "dim", look), ...rows.map((row) => `  ${line(row)}`)].join("\n");
}

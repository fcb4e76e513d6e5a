import { shellWord } from "../text/shell.ts";
import type { Diagnostic, Fix } from "./diagnostic.ts";

/** What stands below the lines of a diagnostic: circumstances, then what to do. With `command`, how a safe fix is made. */
export function wayOut({ notes, hint, fixes, span }: Diagnostic, command?: string): string[] {
  const made = (safety: Fix["safety"]) =>
    command !== undefined && safety === "safe" ? `   (${command} fix ${shellWord(span.file.path)})` : "";
  return [
    ...notes,
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
    ...fixes.map(({ title, safety }) => `fix: ${title}${made(safety)}`),
  ];
}

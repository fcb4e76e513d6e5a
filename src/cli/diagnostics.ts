import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../diagnostics/render-terminal.ts";
import { positionAt } from "../text/source.ts";
import { command, lookOf, print, say } from "./terminal.ts";
import { plural } from "./words.ts";

/** Prints diagnostics and how many there are; true where there is an error. Hints wait until there is none. */
export function tellDiagnostics(diagnostics: readonly Diagnostic[], ending = "Nothing was run."): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const told = diagnostics.filter(({ severity }) => errors === 0 || severity !== "hint");
  if (told.length > 0) say(renderDiagnostics(told, { ...lookOf(process.stderr), command: command() }));
  if (errors > 0) say(`\n${plural(errors, "error")}. ${ending}`);
  return errors > 0;
}

/** Said by commands that only look: `line 12: \`search\` cannot be run in this version yet`. */
export function tellLater(later: readonly Diagnostic[]): void {
  const lines = later.map(({ span, message }) => ({ line: positionAt(span.file, span.start).line, message }));
  const texts = lines
    .sort((a, b) => a.line - b.line)
    .map(({ line, message }) => `  line ${line}: ${message}`);
  for (const text of new Set(texts)) print(text);
}

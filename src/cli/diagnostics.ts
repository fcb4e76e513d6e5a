import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../diagnostics/render-terminal.ts";
import { lookOf, say } from "./terminal.ts";
import { plural } from "./words.ts";

/** Prints diagnostics and how many there are; true where there is an error. Hints wait until there is none. */
export function tellDiagnostics(diagnostics: readonly Diagnostic[], ending = "Nothing was run."): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const told = diagnostics.filter(({ severity }) => errors === 0 || severity !== "hint");
  if (told.length > 0) say(renderDiagnostics(told, lookOf(process.stderr)));
  if (errors > 0) say(`${plural(errors, "error")}. ${ending}`);
  return errors > 0;
}

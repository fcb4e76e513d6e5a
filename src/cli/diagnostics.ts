import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../diagnostics/render-terminal.ts";
import { lookOf, say } from "./terminal.ts";
import { plural } from "./words.ts";

/** Prints diagnostics and how many there are; true where there is an error. */
export function tellDiagnostics(diagnostics: readonly Diagnostic[], ending = "Nothing was run."): boolean {
  if (diagnostics.length > 0) say(renderDiagnostics(diagnostics, lookOf(process.stderr)));
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0) say(`${plural(errors, "error")}. ${ending}`);
  return errors > 0;
}

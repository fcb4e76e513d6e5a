/** Which fixes can be made at once. */
import type { Edit } from "../text/source.ts";
import type { Diagnostic, Fix } from "./diagnostic.ts";

/** A fix with what it mends. */
export interface ChosenFix {
  readonly fix: Fix;
  readonly of: Diagnostic;
}

/**
 * The `safe` fixes that lie in the file of that path and do not overlap, earlier diagnostics first; of a diagnostic with several,
 * the first. The rest is offered again when the file is checked with these made.
 */
export function safeFixes(diagnostics: readonly Diagnostic[], path: string): readonly ChosenFix[] {
  const chosen: ChosenFix[] = [];
  const taken: Edit[] = [];
  for (const of of diagnostics) {
    const fix = of.fixes.find(
      ({ safety, edits }) => safety === "safe" && edits.every((edit) => edit.span.file.path === path),
    );
    if (!fix || fix.edits.some((edit) => taken.some((other) => overlap(edit, other)))) continue;
    chosen.push({ fix, of });
    taken.push(...fix.edits);
  }
  return chosen;
}

/** Edits that touch are one place: of two insertions there, nobody says which comes first. */
function overlap(a: Edit, b: Edit): boolean {
  return a.span.start <= b.span.end && b.span.start <= a.span.end;
}

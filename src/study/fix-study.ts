/** A study with the mistakes mended whose way out is beyond doubt. */
import { createReporter, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { type ChosenFix, safeFixes } from "../diagnostics/fixes.ts";
import { applyEdits } from "../text/source.ts";
import { planStudy } from "./plan-study.ts";
import type { StudyHost } from "./source-columns.ts";

export interface FixedStudy {
  /** The file with all fixes made. */
  readonly text: string;
  /** In the order in which they were made. */
  readonly made: readonly ChosenFix[];
  /** What is still to be said of it. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes the `safe` fixes of the file at `path`, and those that show only then (names behind syntax, shapes behind names), until none
 * is left. Files that it imports are read and not changed.
 */
export function fixStudy(path: string, text: string, host: StudyHost): FixedStudy {
  const made: ChosenFix[] = [];
  const seen = new Set<string>();
  let fixed = text;
  for (;;) {
    seen.add(fixed);
    const current = fixed;
    const reporter = createReporter();
    planStudy(path, {
      host: { ...host, read: (other) => (other === path ? current : host.read(other)) },
      reporter,
    });
    const fixes = safeFixes(reporter.diagnostics, path);
    const next = applyEdits(
      current,
      fixes.flatMap(({ fix }) => fix.edits),
    );
    // Fixes that undo one another would go on for ever.
    if (seen.has(next)) return { text: fixed, made, diagnostics: reporter.diagnostics };
    made.push(...fixes);
    fixed = next;
  }
}

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Edit } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";

export interface Action {
  readonly title: string;
  readonly diagnostic: Diagnostic;
  readonly edits: readonly Edit[];
  /** Keeps the meaning that the user plainly had. */
  readonly isSafe: boolean;
}

/** The fixes of what is reported between two places of the file. */
export function actions(analysis: Analysis, start: number, end: number): readonly Action[] {
  const { source } = analysis.module.file;
  return analysis.diagnostics
    .filter(({ span }) => span.file === source && span.start <= end && start <= span.end)
    .flatMap((diagnostic) =>
      diagnostic.fixes.map(({ title, edits, safety }) => ({
        title,
        diagnostic,
        edits,
        isSafe: safety === "safe",
      })),
    );
}

/** Diagnostics as a program reads them: `dlc check --json`, as `grammar/diagnostics.schema.json` says. Lines and columns count from 1; an end is one past the last character. */
import { positionAt, type Span } from "../text/source.ts";
import type { Diagnostic, Fix, Severity } from "./diagnostic.ts";

export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface JsonDiagnostic extends JsonPlace {
  readonly code: string;
  readonly slug: string;
  readonly severity: Severity;
  readonly message: string;
  readonly text: string;
  readonly labels: readonly (JsonPlace & { readonly text: string })[];
  readonly notes: readonly string[];
  readonly hint: string | null;
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: Fix["safety"];
    readonly edits: readonly (JsonPlace & { readonly text: string })[];
  }[];
}

export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): {
  readonly diagnostics: JsonDiagnostic[];
} {
  return {
    diagnostics: diagnostics.map((diagnostic) => ({
      code: diagnostic.code,
      slug: diagnostic.slug,
      severity: diagnostic.severity,
      message: diagnostic.message,
      ...place(diagnostic.span),
      text: diagnostic.text,
      labels: diagnostic.labels.map((label) => ({ ...place(label.span), text: label.text })),
      notes: diagnostic.notes,
      hint: diagnostic.hint ?? null,
      fixes: diagnostic.fixes.map((fix) => ({
        title: fix.title,
        safety: fix.safety,
        edits: fix.edits.map((edit) => ({ ...place(edit.span), text: edit.text })),
      })),
    })),
  };
}

function place(span: Span): JsonPlace {
  const start = positionAt(span.file, span.start);
  const end = positionAt(span.file, span.end);
  return {
    file: span.file.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

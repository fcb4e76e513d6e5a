import type { Edit, Span } from "../text/source.ts";

export type Severity = "error" | "warning" | "hint";

/** One kind of diagnostic. The code never changes its meaning and is never used again for another. */
export interface DiagnosticKind<P> {
  readonly code: string;
  readonly slug: string;
  readonly severity: Severity;
  readonly message: (parameters: P) => string;
}

export interface Label {
  readonly span: Span;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** `safe` fixes keep the meaning the user plainly had; `review` fixes want an eye. */
  readonly safety: "safe" | "review";
}

export interface Diagnostic {
  readonly code: string;
  readonly slug: string;
  readonly severity: Severity;
  readonly message: string;
  /** The main place: what is wrong is here. */
  readonly span: Span;
  /** What the main place says, in a few words; may be empty. */
  readonly text: string;
  /** Where the conflicting facts came from, in any file. */
  readonly labels: readonly Label[];
  /** Circumstances: "while building residual(c: 64, stride: 2) from line 40". */
  readonly notes: readonly string[];
  /** In the imperative. */
  readonly hint?: string | undefined;
  readonly fixes: readonly Fix[];
}

export interface Details {
  /** What the main label says. */
  text?: string;
  labels?: readonly Label[];
  notes?: readonly string[];
  hint?: string | undefined;
  fixes?: readonly Fix[];
}

const catalogue = new Map<string, DiagnosticKind<never>>();

/** Declares a kind of diagnostic, in the folder that reports it. Fails when the code is taken. */
export function define<P>(
  code: string,
  slug: string,
  severity: Severity,
  message: (parameters: P) => string,
): DiagnosticKind<P> {
  if (catalogue.has(code)) throw new Error(`diagnostic ${code} is defined twice`);
  const kind = { code, slug, severity, message };
  catalogue.set(code, kind as unknown as DiagnosticKind<never>);
  return kind;
}

/** Every kind that has been declared by the modules loaded so far, by code. */
export function definedKinds(): readonly DiagnosticKind<never>[] {
  return [...catalogue.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/**
 * Where passes report. One is made per command (or per keystroke) and handed through. The same message at the same place is kept
 * once: what many trials share is checked for each of them.
 */
export interface Reporter {
  readonly diagnostics: readonly Diagnostic[];
  report<P>(kind: DiagnosticKind<P>, parameters: P, span: Span, details?: Details): void;
}

export function createReporter(): Reporter {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  return {
    diagnostics,
    report(kind, parameters, span, details = {}) {
      const message = kind.message(parameters);
      const key = `${kind.code} ${span.file.path} ${span.start} ${span.end} ${message}`;
      if (seen.has(key)) return;
      seen.add(key);
      diagnostics.push({
        code: kind.code,
        slug: kind.slug,
        severity: kind.severity,
        message,
        span,
        text: details.text ?? "",
        labels: details.labels ?? [],
        notes: details.notes ?? [],
        hint: details.hint,
        fixes: details.fixes ?? [],
      });
    },
  };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

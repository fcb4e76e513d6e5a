import type { Span } from "../text/source.ts";
import { createReporter, type Details, type Diagnostic, type DiagnosticKind } from "./diagnostic.ts";

/**
 * Something outside the `.dl` file that went wrong and that the user can mend: a missing image, a full disk, no network. What is
 * wrong in the message, what to do next in the hint. Everything else that is thrown is a bug of ours.
 */
export class Problem extends Error {
  override readonly name: string = "Problem";
  /** In the imperative. */
  readonly hint: string | undefined;
  constructor(message: string, hint?: string, options?: { cause?: unknown }) {
    super(message, options);
    this.hint = hint;
  }
}

/** A problem that concerns a place of the study: told as a diagnostic is. */
export class PlacedProblem extends Problem {
  override readonly name = "PlacedProblem";
  readonly diagnostic: Diagnostic;
  /** True where the study says what is not so; false where what it needs is missing or damaged. */
  readonly isMistake: boolean;
  /** The same where it stands alone, without its line. */
  readonly sentence: Problem;
  constructor(diagnostic: Diagnostic, isMistake: boolean, sentence: Problem) {
    super(diagnostic.message, diagnostic.hint, { cause: sentence });
    this.diagnostic = diagnostic;
    this.isMistake = isMistake;
    this.sentence = sentence;
  }
}

/** `sentence` is by default the diagnostic's own. */
export function placedProblem<P>(
  kind: DiagnosticKind<P>,
  parameters: P,
  span: Span,
  details: Details,
  { isMistake = true, sentence }: { readonly isMistake?: boolean; readonly sentence?: Problem } = {},
): PlacedProblem {
  const reporter = createReporter();
  reporter.report(kind, parameters, span, details);
  const diagnostic = reporter.diagnostics[0]!;
  return new PlacedProblem(
    diagnostic,
    isMistake,
    sentence ?? new Problem(diagnostic.message, diagnostic.hint),
  );
}

/** A clause that stands alone. */
export const asSentence = (clause: string): string => clause[0]!.toUpperCase() + clause.slice(1);

/** A sentence as it goes on behind `error[DL4019]: `. */
export const asClause = (sentence: string): string =>
  /^[A-Z][a-z]* /.test(sentence) ? sentence[0]!.toLowerCase() + sentence.slice(1) : sentence;

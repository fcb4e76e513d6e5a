import type { Details, DiagnosticKind } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../text/source.ts";
import type { Axis } from "../expand.ts";
import type { Questions } from "../questions.ts";
import type { Trial } from "../trials.ts";

/** What an experiment comes to. */
export interface Design {
  readonly axes: readonly Axis[];
  readonly trials: readonly Trial[];
  readonly questions: Questions;
  /** No network has a mistake: what they weigh may be compared. */
  readonly whole: boolean;
}

/** Reports, unless an `allow` of the experiment accepts it. */
export type Warn = <P>(kind: DiagnosticKind<P>, parameters: P, span: Span, details?: Details) => void;

/** The last words of a hint: a warning may be accepted with a reason. */
export const orAllow = (code: string): string => `or say why not: \`allow ${code} because "..."\``;

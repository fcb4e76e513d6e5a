/** What is understood and planned, but what no engine can do yet: told where a study is to be run or compiled. */
import type { Details } from "../diagnostics/diagnostic.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { notInThisVersion } from "./diagnostics.ts";

/** Does not hinder `check` and `plan`. `what` names the construct, `span` is its place. */
export function notYet(what: string, span: Span, context: StudyContext, details?: Details): void {
  context.later.report(notInThisVersion, { what }, span, details);
}

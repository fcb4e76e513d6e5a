/**
 * What was done already in the snapshot that `dlc check` and others start from (setup/snapshot.cjs): the parser is set up, the standard
 * library read, and the code that checks is compiled. Nothing that differs from one start to the next may be kept of it.
 */
import { renderDiagnostics } from "../diagnostics/render-terminal.ts";
import { checkStudy } from "./study.ts";
import "./commands/check.ts";
import "./commands/shapes.ts";

/** Throws where the study has mistakes: it is one of ours. */
export function rehearse(file: string): void {
  const { study, diagnostics } = checkStudy(file, {});
  const text = renderDiagnostics(diagnostics, { colour: false, unicode: true, width: 100 });
  if (!study) throw new Error(text);
}

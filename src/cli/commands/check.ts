import { relative } from "node:path";
import { diagnosticsToJson } from "../../diagnostics/to-json.ts";
import { summarise } from "../../study/summarise.ts";
import { tellDiagnostics } from "../diagnostics.ts";
import { type ExitCode, exit } from "../exit.ts";
import { checkStudy, type SpecOptions } from "../study.ts";
import { print, printJson } from "../terminal.ts";

export async function check(file: string, options: SpecOptions & { json?: boolean }): Promise<ExitCode> {
  const { study, diagnostics } = checkStudy(file, options);
  if (options.json) {
    printJson(diagnosticsToJson(diagnostics));
    return study ? exit.fine : exit.specHasErrors;
  }
  if (tellDiagnostics(diagnostics) || !study) return exit.specHasErrors;
  const name = relative("", file) || file;
  print(`${name}: fine. ${summarise(study.plan)}`);
  return exit.fine;
}

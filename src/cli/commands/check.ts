import { relative } from "node:path";
import { diagnosticsToGithub } from "../../diagnostics/to-github.ts";
import { diagnosticsToJson } from "../../diagnostics/to-json.ts";
import { diagnosticsToSarif } from "../../diagnostics/to-sarif.ts";
import { summarise } from "../../study/summarise.ts";
import { tellDiagnostics, tellLater } from "../diagnostics.ts";
import { type ExitCode, exit } from "../exit.ts";
import { packageVersion } from "../root.ts";
import { checkStudy, type SpecOptions } from "../study.ts";
import { print, printJson } from "../terminal.ts";

interface CheckOptions extends SpecOptions {
  readonly format: "text" | "json" | "sarif" | "github";
  readonly json?: boolean;
}

export async function check(file: string, options: CheckOptions): Promise<ExitCode> {
  const { study, diagnostics } = checkStudy(file, options);
  const format = options.json ? "json" : options.format;
  if (format === "json") printJson(diagnosticsToJson(diagnostics));
  if (format === "sarif") printJson(diagnosticsToSarif(diagnostics, packageVersion()));
  if (format === "github") process.stdout.write(diagnosticsToGithub(diagnostics));
  // What programs read goes to stdout; people are told beside it. GitHub shows both in one log.
  if (format !== "github") tellDiagnostics(diagnostics);
  if (!study) return exit.specHasErrors;
  if (format !== "text") return exit.fine;
  const name = relative("", file) || file;
  const sole = study.plan.experiments.length <= 1;
  print(`${name}: fine.${sole ? ` ${summarise(study.plan)}` : `\n  ${summarise(study.plan, "\n  ")}`}`);
  tellLater(study.later);
  return exit.fine;
}

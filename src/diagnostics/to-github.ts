/** Diagnostics as workflow commands of GitHub Actions, which puts them beside the lines of a change: `dlc check --format github`. */
import { positionAt } from "../text/source.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { wayOut } from "./way-out.ts";

const commands: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", hint: "notice" };

/** One line for each diagnostic. */
export function diagnosticsToGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((each) => `${commandOf(each)}\n`).join("");
}

function commandOf(diagnostic: Diagnostic): string {
  const { code, slug, severity, message, span, text } = diagnostic;
  const from = positionAt(span.file, span.start);
  const to = positionAt(span.file, span.end);
  const properties = {
    file: span.file.path,
    line: from.line,
    // A column is counted only within one line.
    ...(from.line === to.line ? { col: from.column, endColumn: to.column } : { endLine: to.line }),
    title: `${code} ${slug}`,
  };
  const said = [message, ...(text === "" ? [] : [text]), ...wayOut(diagnostic), `dlc explain ${code}`];
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${commands[severity]} ${written.join(",")}::${data(said.join("\n"))}`;
}

const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

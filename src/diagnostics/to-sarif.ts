/** Diagnostics as SARIF 2.1.0 (OASIS 2020), which code hosts and editors show beside the lines: `dlc check --format sarif`. */
import { positionAt, type Span } from "../text/source.ts";
import type { Diagnostic, Fix, Severity } from "./diagnostic.ts";
import { wayOut } from "./way-out.ts";

const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", hint: "note" };

/** `version` is that of dlc. */
export function diagnosticsToSarif(diagnostics: readonly Diagnostic[], version: string): object {
  const rules = new Map(diagnostics.map((each) => [each.code, ruleOf(each)]));
  const codes = [...rules.keys()];
  const driver = { name: "dlc", semanticVersion: version, rules: [...rules.values()] };
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((each) => resultOf(each, codes.indexOf(each.code))),
      },
    ],
  };
}

const ruleOf = ({ code, slug, severity }: Diagnostic) => ({
  id: code,
  name: slug,
  defaultConfiguration: { level: levels[severity] },
  help: { text: `dlc explain ${code}` },
});

function resultOf(diagnostic: Diagnostic, ruleIndex: number): object {
  const { code, severity, message, span, text, labels, fixes } = diagnostic;
  const said = [message, ...(text === "" ? [] : [text]), ...wayOut(diagnostic)];
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: said.join("\n") },
    locations: [{ physicalLocation: locationOf(span) }],
    ...(labels.length > 0 && {
      relatedLocations: labels.map((label, id) => ({
        id,
        message: { text: label.text },
        physicalLocation: locationOf(label.span),
      })),
    }),
    ...(fixes.length > 0 && { fixes: fixes.map(fixOf) }),
  };
}

const fixOf = ({ title, edits }: Fix) => ({
  description: { text: title },
  artifactChanges: edits.map(({ span, text }) => ({
    artifactLocation: { uri: uriOf(span.file.path) },
    replacements: [{ deletedRegion: regionOf(span), insertedContent: { text } }],
  })),
});

const locationOf = (span: Span) => ({
  artifactLocation: { uri: uriOf(span.file.path) },
  region: regionOf(span),
});

function regionOf({ file, start, end }: Span): object {
  const from = positionAt(file, start);
  const to = positionAt(file, end);
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

/** A relative path is a relative reference, with `/` and percent signs. */
function uriOf(path: string): string {
  const uri = encodeURI(path.replaceAll("\\", "/")).replace(/[#?]/g, encodeURIComponent);
  return uri.startsWith("/") ? `file://${uri}` : uri;
}

/** The files that are being edited, each analysed when somebody asks, and kept until something that it reads changes. */
import type { Diagnostic, Reporter } from "../diagnostics/diagnostic.ts";
import type { Host } from "../modules/host.ts";
import { isStandardFile } from "../modules/program.ts";
import type { File } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import { type Analysis, analyse, type ParseFile } from "./analysis.ts";

export interface Workspace {
  analysis(path: string): Analysis;
  /** The text of a file is another one now. */
  changed(path: string): void;
  /** Any file may be another one now. */
  allChanged(): void;
  readonly parseFile: ParseFile;
}

/** `host` gives texts as they are being edited. */
export function createWorkspace(host: Host): Workspace {
  const analyses = new Map<string, Analysis>();
  const parseFile = keepParsed(host);
  const reads = (analysis: Analysis, path: string) =>
    !analysis.isWhole || analysis.program.modules.some(({ file }) => file.source.path === path);
  return {
    parseFile,
    analysis(path) {
      const known = analyses.get(path) ?? analyse(path, host, parseFile);
      analyses.set(path, known);
      return known;
    },
    changed(path) {
      for (const [each, analysis] of analyses)
        if (each === path || reads(analysis, path)) analyses.delete(each);
    },
    allChanged: () => analyses.clear(),
  };
}

/** What is reported by file, each thing once: several files may import the one that is mistaken. */
export function diagnosticsByFile(analyses: readonly Analysis[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const files = new Map<string, Map<string, Diagnostic>>();
  for (const { path } of analyses) files.set(path, new Map());
  for (const diagnostic of analyses.flatMap(({ diagnostics }) => diagnostics)) {
    const { file, start, end } = diagnostic.span;
    const inFile = files.get(file.path) ?? new Map<string, Diagnostic>();
    files.set(file.path, inFile.set(`${diagnostic.code} ${start} ${end} ${diagnostic.message}`, diagnostic));
  }
  return new Map([...files].map(([path, inFile]) => [path, [...inFile.values()]]));
}

type Report = Parameters<Reporter["report"]>;

/** Parses, and keeps the tree of the present text of each file, with what was reported. */
function keepParsed(host: Host): ParseFile {
  const kept = new Map<string, { readonly file: File; readonly reports: readonly Report[] }>();
  return (source, reporter) => {
    const known = kept.get(source.path);
    if (known && known.file.source.text === source.text) {
      for (const report of known.reports) reporter.report(...report);
      return known.file;
    }
    const reports: Report[] = [];
    const file = parse(source, {
      diagnostics: reporter.diagnostics,
      report(...report) {
        reports.push(report as Report);
        reporter.report(...report);
      },
    });
    // A text that is only tried out is not kept.
    if (isStandardFile(source.path) || host.read(source.path) === source.text)
      kept.set(source.path, { file, reports });
    return file;
  };
}

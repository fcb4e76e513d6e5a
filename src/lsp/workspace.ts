/** The files that are being edited, each analysed when somebody asks, and kept until something that it reads changes. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { keepParsed, type ParseFile } from "../modules/keep-parsed.ts";
import { isStandardFile } from "../modules/program.ts";
import type { StudyHost } from "../study/source-columns.ts";
import { type Analysis, analyse } from "./analysis.ts";
import { atOwnPlace } from "./own-place.ts";

export interface Workspace {
  analysis(path: string): Analysis;
  /** The text of a file is another one now. */
  changed(path: string): void;
  /** Any file may be another one now. */
  allChanged(): void;
  readonly parseFile: ParseFile;
}

/** `host` gives texts as they are being edited. */
export function createWorkspace(host: StudyHost): Workspace {
  const analyses = new Map<string, Analysis>();
  // A text that is only tried out is not kept.
  const parseFile = keepParsed(({ path, text }) => isStandardFile(path) || host.read(path) === text);
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
  const shown = analyses.flatMap((analysis) =>
    analysis.diagnostics.map((diagnostic) => atOwnPlace(diagnostic, analysis)),
  );
  for (const diagnostic of shown) {
    const { file, start, end } = diagnostic.span;
    const inFile = files.get(file.path) ?? new Map<string, Diagnostic>();
    files.set(file.path, inFile.set(`${diagnostic.code} ${start} ${end} ${diagnostic.message}`, diagnostic));
  }
  return new Map([...files].map(([path, inFile]) => [path, [...inFile.values()]]));
}

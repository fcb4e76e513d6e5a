/** Parsing that remembers. */
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { File } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import type { SourceFile } from "../text/source.ts";

export type ParseFile = (source: SourceFile, reporter: Reporter, lazily?: boolean) => File;

type Report = Parameters<Reporter["report"]>;

/** As `parse`; keeps the tree of the last text of each file that is to be kept, with what was reported. */
export function keepParsed(isKept: (source: SourceFile) => boolean): ParseFile {
  const kept = new Map<string, { readonly file: File; readonly reports: readonly Report[] }>();
  return (source, reporter, lazily) => {
    const known = kept.get(source.path);
    if (known && known.file.source.text === source.text) {
      for (const report of known.reports) reporter.report(...report);
      return known.file;
    }
    const reports: Report[] = [];
    const listening: Reporter = {
      diagnostics: reporter.diagnostics,
      report(...report) {
        reports.push(report as Report);
        reporter.report(...report);
      },
    };
    const file = parse(source, listening, lazily);
    if (isKept(source)) kept.set(source.path, { file, reports });
    return file;
  };
}

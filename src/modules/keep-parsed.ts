/** Parsing that remembers. */
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { File } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import { reparse } from "../syntax/reparse.ts";
import type { SourceFile } from "../text/source.ts";

export type ParseFile = (source: SourceFile, reporter: Reporter, lazily?: boolean) => File;

type Report = Parameters<Reporter["report"]>;

interface Kept {
  readonly file: File;
  /** What was reported of it. */
  readonly reports: readonly Report[];
  /** The last one in which nothing was mistaken. */
  readonly sound: File | undefined;
}

/** As `parse`. Of each file that is to be kept it keeps the last tree, and parses only what has changed since. */
export function keepParsed(isKept: (source: SourceFile) => boolean): ParseFile {
  const all = new Map<string, Kept>();
  return (source, reporter, lazily) => {
    const known = all.get(source.path);
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
    const file = (known?.sound && reparse(known.sound, source)) || parse(source, listening, lazily);
    const sound = reports.length === 0 ? file : known?.sound;
    if (isKept(source)) all.set(source.path, { file, reports, sound });
    return file;
  };
}

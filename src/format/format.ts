/** The one way to write a file: `dlc fmt` and the language server ask here. */
import { printer } from "prettier/doc";
import { createReporter, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { parse } from "../syntax/parse.ts";
import { sameTree } from "../syntax/same-tree.ts";
import type { SourceFile } from "../text/source.ts";
import { alignComments } from "./align-comments.ts";
import { file } from "./declaration.ts";
import { startPrinting } from "./printing.ts";

/** Columns, comments at the ends of lines not counted. */
const width = 110;

export interface Formatted {
  /** Undefined where the file has syntax errors: it is left as it is. */
  readonly text: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The text of a file as it should be written: the same tree, the same comments. Lines end in `\n`. */
export function formatText(source: SourceFile): Formatted {
  const reporter = createReporter();
  const tree = parse(source, reporter);
  const { diagnostics } = reporter;
  if (diagnostics.length > 0) return { text: undefined, diagnostics };
  const doc = file(startPrinting(source), tree);
  const { formatted } = printer.printDocToString(doc, { printWidth: width, tabWidth: 2 });
  const text = alignComments(formatted);
  const again = createReporter();
  if (!sameTree(parse({ ...source, text }, again), tree) || again.diagnostics.length > 0)
    throw new Error(`formatting would change what ${source.path} says`);
  return { text, diagnostics };
}

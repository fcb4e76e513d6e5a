/** From the text of a file to its syntax tree. Never fails: what is wrong is reported, and the rest of the tree is there. */
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../text/source.ts";
import type { File } from "./ast.ts";
import { buildFile } from "./build-ast.ts";
import { layOut } from "./layout.ts";
import { readable } from "./readable.ts";
import { tokenize } from "./tokens.ts";

/**
 * One mistake gives one diagnostic (DL10xx). `lazily` is for files that have none: a declaration's parts are read when they are
 * asked for.
 */
export function parse(source: SourceFile, reporter: Reporter, lazily = false): File {
  const tokens = tokenize(source);
  const reading = readable(tokens, source, reporter);
  return buildFile(reading, tokens, layOut(reading), lazily);
}

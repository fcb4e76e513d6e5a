/** The tree of a text of which most has been parsed before: what an editor needs at every key. */
import { createReporter } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../text/source.ts";
import type { File } from "./ast.ts";
import { parse } from "./parse.ts";

/**
 * As `parse`, of a text that differs in one place from that of `before`, in which nothing was mistaken. Only the declarations there
 * are parsed, with their neighbours, which tell where they end; the others are moved. Undefined where that does not tell enough:
 * after a mistake, and where what stands before the first declaration has changed.
 */
export function reparse(before: File, source: SourceFile): File | undefined {
  const { declarations } = before;
  const { text } = source;
  const grown = text.length - before.source.text.length;
  const same = unchanged(before.source.text, text);
  // To a declaration belongs what stands between it and the one before: its comments.
  const endOf = (index: number) => declarations[index]!.span.end;
  let first = 0;
  while (first < declarations.length && endOf(first) < same.before) first++;
  let next = declarations.length;
  while (next - 1 > first && endOf(next - 2) >= before.source.text.length - same.after) next--;
  [first, next] = [first - 1, Math.min(next + 1, declarations.length)];
  if (first < 1) return undefined;
  const begin = endOf(first - 1);
  const end = next < declarations.length ? endOf(next - 1) + grown : text.length;
  const window = text.slice(begin, end);
  if (!standsAlone.test(window)) return undefined;
  const reporter = createReporter();
  const { edition, doc, declarations: changed } = parse({ path: source.path, text: window }, reporter);
  if (reporter.diagnostics.length > 0 || edition || doc !== undefined) return undefined;
  return {
    source,
    edition: moved(before.edition, source, 0),
    doc: before.doc,
    declarations: [
      ...moved(declarations.slice(0, first), source, 0),
      ...moved(changed, source, begin),
      ...moved(declarations.slice(next), source, grown),
    ],
  };
}

/** Its first line ends one that is kept. */
const standsAlone = /^[ \t]*(?:\/\/.*)?(?:[\r\n]|$)/;

/** How many characters two texts have in common at the beginning and, of the rest, at the end. */
function unchanged(a: string, b: string): { readonly before: number; readonly after: number } {
  const most = Math.min(a.length, b.length);
  let before = 0;
  while (before < most && a.charCodeAt(before) === b.charCodeAt(before)) before++;
  let after = 0;
  while (after < most - before && a.charCodeAt(a.length - 1 - after) === b.charCodeAt(b.length - 1 - after))
    after++;
  return { before, after };
}

/** A part of a tree as it stands in another text, `by` characters further on. */
function moved<T>(part: T, file: SourceFile, by: number): T {
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => moved(item, file, by)) as T;
  const fields = part as Readonly<Record<string, unknown>>;
  if ("start" in fields && "file" in fields)
    return { file, start: (fields.start as number) + by, end: (fields.end as number) + by } as T;
  const copy: Record<string, unknown> = {};
  for (const key in fields) copy[key] = moved(fields[key], file, by);
  return copy as T;
}

/** The tree of a text of which most has been parsed before: what an editor needs at every key. */
import { createReporter } from "../diagnostics/diagnostic.ts";
import type { SourceFile, Span } from "../text/source.ts";
import type { File } from "./ast.ts";
import { parse } from "./parse.ts";

/**
 * As `parse`, of a text that differs in one place from that of `before`, in which nothing was mistaken. Only the statements there
 * are parsed, or the declarations, with their neighbours, which tell where they end; the others are moved. Undefined where that
 * does not tell enough: after a mistake, and where what stands before the first declaration has changed.
 */
export function reparse(before: File, source: SourceFile): File | undefined {
  const change = changeBetween(before.source.text, source.text);
  return reparseStatements(before, source, change) ?? reparseDeclarations(before, source, change);
}

function reparseDeclarations(before: File, source: SourceFile, change: Change): File | undefined {
  const { declarations } = before;
  const { text } = source;
  const [first, next] = touched(declarations, change);
  if (first < 1) return undefined;
  const begin = declarations[first - 1]!.span.end;
  const end = next < declarations.length ? declarations[next - 1]!.span.end + change.grown : text.length;
  const window = text.slice(begin, end);
  if (!standsAlone.test(window)) return undefined;
  const file = parseSound(source.path, window);
  if (!file) return undefined;
  return {
    source,
    edition: moved(before.edition, source, 0),
    doc: before.doc,
    declarations: [
      ...moved(declarations.slice(0, first), source, 0),
      ...moved(file.declarations, source, begin),
      ...moved(declarations.slice(next), source, change.grown),
    ],
  };
}

/** The statements are parsed between the head and the end of the declaration that they stand in. */
function reparseStatements(before: File, source: SourceFile, change: Change): File | undefined {
  const index = before.declarations.findIndex(({ span }) => change.end < span.end);
  const declaration = before.declarations[index];
  if (declaration?.kind !== "declaration" || !declaration.body) return undefined;
  const { span, body } = declaration;
  const { statements } = body;
  if (change.start <= body.span.start) return undefined;
  const { text } = source;
  const head = text.slice(span.start, body.span.start + 1);
  const [begun, next] = touched(statements, change);
  const first = Math.max(begun, 0);
  const begin = first > 0 ? statements[first - 1]!.span.end : body.span.start + 1;
  const end = (next < statements.length ? statements[next - 1]! : body).span.end + change.grown;
  if (first > 0 && !standsAlone.test(text.slice(begin, end))) return undefined;
  const isLast = next === statements.length;
  if (!isLast && !standsAlone.test(text.slice(end))) return undefined;
  const file = parseSound(source.path, head + text.slice(begin, end) + (isLast ? "" : "\n}"));
  const [changed, ...more] = file?.declarations ?? [];
  if (changed?.kind !== "declaration" || !changed.body || more.length > 0) return undefined;
  const spanTo = ({ start, end }: Span) => ({ file: source, start, end: end + change.grown });
  return {
    source,
    edition: moved(before.edition, source, 0),
    doc: before.doc,
    declarations: [
      ...moved(before.declarations.slice(0, index), source, 0),
      {
        ...moved({ ...declaration, body: undefined }, source, 0),
        body: {
          statements: [
            ...moved(statements.slice(0, first), source, 0),
            ...moved(changed.body.statements, source, begin - head.length),
            ...moved(statements.slice(next), source, change.grown),
          ],
          span: spanTo(body.span),
        },
        span: spanTo(span),
      },
      ...moved(before.declarations.slice(index + 1), source, change.grown),
    ],
  };
}

/** Undefined after a mistake, and where something is said of the whole file. */
function parseSound(path: string, text: string): File | undefined {
  const reporter = createReporter();
  const file = parse({ path, text }, reporter);
  return reporter.diagnostics.length > 0 || file.edition || file.doc !== undefined ? undefined : file;
}

/** Its first line ends one that is kept. */
const standsAlone = /^[ \t]*(?:\/\/.*)?(?:[\r\n]|$)/;

/** What has been replaced, from `start` to `end` of the text before, by `grown` characters more. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly grown: number;
}

function changeBetween(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = before.length;
  const grown = after.length - before.length;
  while (
    end > start &&
    end + grown > start &&
    before.charCodeAt(end - 1) === after.charCodeAt(end + grown - 1)
  )
    end--;
  return { start, end, grown };
}

/**
 * The first node that a change touches, and the first behind it, with a neighbour on each side: -1 is what stands before all. To a
 * node belongs what stands between it and the one before.
 */
function touched(
  nodes: readonly { readonly span: Span }[],
  { start, end }: Change,
): readonly [first: number, next: number] {
  let first = 0;
  while (first < nodes.length && nodes[first]!.span.end < start) first++;
  let next = nodes.length;
  while (next - 1 > first && nodes[next - 2]!.span.end >= end) next--;
  return [first - 1, Math.min(next + 1, nodes.length)];
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

import { childrenOf } from "../syntax/children.ts";
import { lineText, positionAt, type SourceFile } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";
import { isBody } from "./places.ts";

export interface Fold {
  /** From 1; what lies between the first and the last line is hidden. */
  readonly first: number;
  readonly last: number;
  readonly kind: "body" | "comment";
}

/** Bodies of several lines, lists and records of several lines, and comments of several lines. */
export function folds(analysis: Analysis): readonly Fold[] {
  const { source, declarations } = analysis.module.file;
  const found: Fold[] = [];
  const visit = (node: object): void => {
    const { kind, span } = node as { kind?: string; span?: { start: number; end: number } };
    if (span && (isBody(node) || kind === "call" || kind === "list" || kind === "record")) {
      const first = positionAt(source, span.start).line;
      const last = positionAt(source, span.end).line;
      // The closing bracket stays visible.
      if (last - first > 1) found.push({ first, last: last - 1, kind: "body" });
    }
    for (const child of childrenOf(node)) visit(child);
  };
  for (const declaration of declarations) visit(declaration);
  const byFirst = new Map(found.map((fold) => [fold.first, fold]));
  return [...byFirst.values(), ...comments(source)].sort((a, b) => a.first - b.first);
}

function comments(source: SourceFile): readonly Fold[] {
  const found: Fold[] = [];
  const lines = positionAt(source, source.text.length).line;
  let first: number | undefined;
  for (let line = 1; line <= lines + 1; line++) {
    const isComment = line <= lines && /^\s*\/\//.test(lineText(source, line));
    if (isComment) first ??= line;
    else {
      if (first !== undefined && line - 1 > first) found.push({ first, last: line - 1, kind: "comment" });
      first = undefined;
    }
  }
  return found;
}

/** What changes in a file when it is formatted, for an editor: as little as can be, so that cursors and marks stay. */
import type { Edit, SourceFile } from "../text/source.ts";
import { formatText } from "./format.ts";

/** One edit for each range of lines that changes, in order; none for a file with syntax errors. */
export function format(source: SourceFile): Edit[] {
  const { text } = formatText(source);
  return text === undefined ? [] : lineEdits(source, text);
}

/** The edits that make `text` of a file, line by line. How lines end in it is the editor's affair. */
export function lineEdits(source: SourceFile, text: string): Edit[] {
  const [before, after] = [linesOf(source.text), linesOf(text)];
  const ending = /\r\n|\r|\n/.exec(source.text)?.[0] ?? "\n";
  const edits: Edit[] = [];
  let [i, j, start] = [0, 0, 0];
  for (const [keptBefore, keptAfter] of [
    ...commonLines(before.map(plain), after.map(plain)),
    [before.length, after.length] as const,
  ]) {
    const end = start + before.slice(i, keptBefore).join("").length;
    const replacement = after.slice(j, keptAfter).join("").replaceAll("\n", ending);
    if (end > start || replacement !== "")
      edits.push({ span: { file: source, start, end }, text: replacement });
    start = end + (before[keptBefore]?.length ?? 0);
    [i, j] = [keptBefore + 1, keptAfter + 1];
  }
  return edits;
}

/** Each with its line end. */
function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

const plain = (line: string): string => line.replace(/\r\n?$/, "\n");

/** Pairs of equal lines, in order: those that both begin and end with, and between them as many as can be found at a bearable cost. */
function commonLines(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middle = longestCommon(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [
    ...Array.from({ length: start }, (_, i) => [i, i] as const),
    ...middle.map(([i, j]) => [i + start, j + start] as const),
    ...Array.from({ length: end }, (_, i) => [a.length - end + i, b.length - end + i] as const),
  ];
}

/** Time and memory grow with its square. */
const mostChanges = 1000;

/**
 * The longest common subsequence by the algorithm of Myers (1986), "An O(ND) difference algorithm and its variations"; nothing where
 * more than `mostChanges` lines come or go.
 */
function longestCommon(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  /** How far each diagonal `x - y` has come, before each changed line. */
  const steps: Map<number, number>[] = [];
  const reached = new Map([[1, 0]]);
  for (let changes = 0; changes <= mostChanges; changes++) {
    steps.push(new Map(reached));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let { x } = enter(reached, diagonal, changes);
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reached.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return trace(steps, a.length, b.length);
    }
  }
  return [];
}

/** Where a diagonal is entered: from the one above by a line that comes, or from the one below by a line that goes. */
function enter(reached: ReadonlyMap<number, number>, diagonal: number, changes: number) {
  const [below, above] = [reached.get(diagonal - 1) ?? -1, reached.get(diagonal + 1) ?? -1];
  const comes = diagonal === -changes || (diagonal !== changes && below < above);
  return comes ? { x: above, from: diagonal + 1 } : { x: below + 1, from: diagonal - 1 };
}

/** The way back through the steps: its diagonal stretches are the equal lines. */
function trace(
  steps: readonly ReadonlyMap<number, number>[],
  endX: number,
  endY: number,
): [number, number][] {
  const pairs: [number, number][] = [];
  let [end, diagonal] = [endX, endX - endY];
  for (let changes = steps.length - 1; changes >= 0; changes--) {
    const { x, from } = enter(steps[changes]!, diagonal, changes);
    while (end > x) {
      end--;
      pairs.unshift([end, end - diagonal]);
    }
    end = from > diagonal ? x : x - 1;
    diagonal = from;
  }
  return pairs;
}

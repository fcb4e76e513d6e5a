/** The cells of a table as text, found without keeping them: some ten times as fast as reading the table. RFC 4180, with any line ends. */

const quote = 0x22;
const [tab, lineFeed, formFeed, carriageReturn, space] = [0x09, 0x0a, 0x0c, 0x0d, 0x20];
const mark = Buffer.from("\ufeff");

const isBlank = (byte: number | undefined): boolean =>
  byte === space || byte === tab || byte === lineFeed || byte === carriageReturn || byte === formFeed;

/** A cell from `from` to `to`, without its quotes and the blanks around it; `index` counts from 0 in each line. */
type OnCell = (index: number, from: number, to: number) => void;

/**
 * Calls `onCell` and `onLine` in order, and gives the place behind the last whole line. `isEnd` says whether the bytes end where
 * the table does. Empty lines are left out; what no table may have (a quote within a cell) is taken as it is.
 */
export function walkCells(
  bytes: Buffer,
  delimiter: Buffer,
  isEnd: boolean,
  onCell: OnCell,
  onLine: (end: number) => void,
): number {
  const { length } = bytes;
  const first = delimiter[0]!;
  const isDelimiter = (at: number): boolean =>
    bytes[at] === first &&
    (delimiter.length === 1 ||
      bytes.compare(delimiter, 0, delimiter.length, at, at + delimiter.length) === 0);
  const lineEnd = lineEndOf(bytes);
  const isLineEnd = (at: number): boolean =>
    bytes[at] === lineEnd[0] && (lineEnd.length === 1 || bytes[at + 1] === lineEnd[1]);
  let at = bytes.subarray(0, 3).equals(mark) ? 3 : 0;
  let whole = at;
  let index = 0;
  while (at < length) {
    while (at < length && !isLineEnd(at) && !isDelimiter(at) && isBlank(bytes[at])) at++;
    let from = at;
    let to = -1;
    if (bytes[at] === quote) {
      from = ++at;
      for (; at < length; at++) {
        if (bytes[at] !== quote) continue;
        if (bytes[at + 1] !== quote) break;
        at++;
      }
      to = at++;
    }
    while (at < length && !isLineEnd(at) && !isDelimiter(at)) at++;
    if (at >= length && !isEnd) return whole;
    if (to < 0) for (to = at; to > from && isBlank(bytes[to - 1]); ) to--;
    const isLast = at >= length || isLineEnd(at);
    const isNothing = isLast && index === 0 && to === from && bytes[from - 1] !== quote;
    if (!isNothing) onCell(index++, from, to);
    at += isLast ? lineEnd.length : delimiter.length;
    if (!isLast) continue;
    whole = Math.min(at, length);
    if (!isNothing) onLine(whole);
    index = 0;
  }
  return whole;
}

/** All lines end as the first one does. */
function lineEndOf(bytes: Buffer): Buffer {
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) quoted = !quoted;
    if (quoted || (byte !== lineFeed && byte !== carriageReturn)) continue;
    const isPair = byte === carriageReturn && bytes[at + 1] === lineFeed;
    return bytes.subarray(at, at + (isPair ? 2 : 1));
  }
  return Buffer.from("\n");
}

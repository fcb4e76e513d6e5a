import { synonyms } from "./synonyms.ts";

/**
 * The candidate that was probably meant: one that differs in case and underscores only, else one that other tools call so
 * (`learning_rate` is `lr`), else the nearest within a third of the name's length. Of equally near ones the first in the alphabet.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const sorted = [...new Set(candidates)].sort();
  const plain = plainName(name);
  const same = sorted.find((candidate) => plainName(candidate) === plain);
  if (same !== undefined && same !== name) return same;
  const synonym = synonyms[plain]?.find((candidate) => sorted.includes(candidate));
  if (synonym !== undefined) return synonym;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of sorted) {
    if (candidate === name) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), least);
    // A name of one or two letters is near every other of that length.
    if (distance < least && distance < Math.max(name.length, candidate.length)) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

const plainName = (name: string): string => name.toLowerCase().replace(/[_\s-]/g, "");

/** Insertions, deletions, replacements and swaps of neighbours (Damerau and Levenshtein, each place edited once). */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      row[j] = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** Append-only files of hash-chained lines, one writer each: what happened, in order. No decision needs them. */
import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { canonicalJson, sha256 } from "./canonical.ts";
import type { JournalLine } from "./generated/journal-line.ts";
import { DamagedFile, parseRecord } from "./schemas.ts";

export type { JournalLine };

/** `prev` of a journal's first line. The id is the run's, and for one of several writers `<run>/<writer>`. */
export function genesis(id: string): string {
  return sha256(`dlc.journal.v1\n${id}`);
}

export function chainLine(line: Omit<JournalLine, "h">): JournalLine {
  return { ...line, h: sha256(canonicalJson(line)) };
}

export interface Journal {
  readonly path: string;
  /** Appends one line; `sync` at changes of state. After a failed write the journal ends and lines are dropped. */
  append(type: string, data: Record<string, unknown>, sync?: boolean): void;
  close(): void;
  /** Lines so far, and the last one's hash. */
  readonly head: { readonly length: number; readonly h: string };
  /** The error that ended it. */
  readonly failed: Error | undefined;
}

export function openJournal(path: string, id: string, now: () => Date = () => new Date()): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "ax", 0o644);
  let open = true;
  let failed: Error | undefined;
  let head = { length: 0, h: genesis(id) };
  let synced = performance.now();
  return {
    path,
    append(type, data, sync = false) {
      if (!open || failed) return;
      const line = chainLine({ seq: head.length, prev: head.h, type, at: now().toISOString(), data });
      const bytes = Buffer.from(`${canonicalJson(line)}\n`);
      try {
        if (writeSync(file, bytes) !== bytes.length) throw new Error(`a line of ${path} was cut short`);
        if (sync || performance.now() - synced > 1000) {
          fdatasyncSync(file);
          synced = performance.now();
        }
      } catch (error) {
        // After a failed write or sync nobody knows what the file holds: it ends here for ever.
        failed = error as Error;
        return;
      }
      head = { length: head.length + 1, h: line.h };
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
    get head() {
      return head;
    },
    get failed() {
      return failed;
    },
  };
}

export interface ReadJournal {
  readonly lines: readonly JournalLine[];
  /** An invalid last line, as a crash leaves it. */
  readonly torn: boolean;
}

/** Checks the chain. An invalid tail is torn; an invalid line with a valid one after it throws a `DamagedFile` with its offset. */
export function readJournal(path: string, id: string): ReadJournal {
  const bytes = readFileSync(path);
  const lines: JournalLine[] = [];
  let prev = genesis(id);
  let bad: number | undefined;
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at);
    const end = newline < 0 ? bytes.length : newline;
    const line = newline < 0 ? undefined : validLine(bytes.toString("utf8", at, end), path);
    if (line && bad !== undefined)
      throw new DamagedFile(path, `is damaged at byte ${bad}: lines before and after it are whole`);
    if (line && (line.prev !== prev || line.seq !== lines.length))
      throw new DamagedFile(path, `is damaged at byte ${at}: a line is missing, doubled or out of order`);
    if (line) {
      lines.push(line);
      prev = line.h;
    } else bad ??= at;
    at = end + 1;
  }
  return { lines, torn: bad !== undefined };
}

function validLine(text: string, path: string): JournalLine | undefined {
  try {
    const line = parseRecord("journal-line", text, path);
    const { h, ...rest } = line;
    return sha256(canonicalJson(rest)) === h ? line : undefined;
  } catch {
    return undefined;
  }
}

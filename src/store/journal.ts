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
  /** Appends one line; `sync` at changes of state. Where that fails, the file ends for ever and the line goes to another one. */
  append(type: string, data: Record<string, unknown>, sync?: boolean): void;
  close(): void;
}

/** Files that may follow the first. A disk on which these fail as well takes no more: history is lost, and nothing else. */
const partsAtMost = 9;

/** Throws where the first file is there already, or cannot be made. Those that follow it are `<name>-2`, `-3` ..., as are their ids. */
export function openJournal(path: string, id: string, now: () => Date = () => new Date()): Journal {
  mkdirSync(dirname(path), { recursive: true });
  let parts = 1;
  let part: Part | undefined = openPart(path, id);
  let closed = false;
  const end = () => {
    try {
      if (part) closeSync(part.file);
    } catch {
      // What it holds is read back with its chain.
    }
    part = undefined;
  };
  const next = (): Part => {
    const opened = openPart(path.replace(/(\.\w+)?$/, `-${parts + 1}$1`), `${id}-${parts + 1}`);
    parts++;
    return opened;
  };
  return {
    append(type, data, sync = false) {
      for (let tries = 0; tries < 2 && !closed && (part || parts < partsAtMost); tries++) {
        try {
          part ??= next();
          appendLine(part, { type, at: now().toISOString(), data }, sync);
          return;
        } catch {
          // After a failed write or sync nobody knows what a file holds.
          end();
        }
      }
    },
    close() {
      end();
      closed = true;
    },
  };
}

interface Part {
  readonly file: number;
  length: number;
  /** Hash of the last line. */
  h: string;
  unsynced: number;
  synced: number;
}

function openPart(path: string, id: string): Part {
  const file = openSync(path, "ax", 0o644);
  return { file, length: 0, h: genesis(id), unsynced: 0, synced: performance.now() };
}

const syncAfter = { milliseconds: 1000, lines: 1024 };

function appendLine(part: Part, said: Pick<JournalLine, "type" | "at" | "data">, sync: boolean): void {
  const line = chainLine({ seq: part.length, prev: part.h, ...said });
  const bytes = Buffer.from(`${canonicalJson(line)}\n`);
  if (writeSync(part.file, bytes) !== bytes.length) throw new Error("a line was cut short");
  part.length++;
  part.unsynced++;
  part.h = line.h;
  const isDue = performance.now() - part.synced > syncAfter.milliseconds || part.unsynced >= syncAfter.lines;
  if (!sync && !isDue) return;
  fdatasyncSync(part.file);
  part.synced = performance.now();
  part.unsynced = 0;
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

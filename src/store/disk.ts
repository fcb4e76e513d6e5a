/** Disks that are full. */
import { statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import { showBytes } from "../text/count.ts";

export function isDiskFull(error: unknown): boolean {
  if (error instanceof DiskFull) return true;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === "ENOSPC" || code === "EDQUOT";
}

/** No space, or no quota, is left. */
export class DiskFull extends Problem {
  override readonly name = "DiskFull";
}

/** Says which disk is full. `needed` is about how many bytes it takes to go on, where that is known. */
export function diskFull(folder: string, needed?: number): DiskFull {
  const room = needed === undefined ? "Free some space there" : `Free about ${showBytes(needed)} there`;
  return new DiskFull(
    `the disk ${describeDisk(folder)} is full`,
    `${room} and run the same command again: what was finished is kept.`,
  );
}

/** `at /data (it holds runs; 12 KiB are free)` */
function describeDisk(folder: string): string {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return `at ${mountOf(folder)} (it holds ${folder}; ${showBytes(bavail * bsize)} are free)`;
  } catch {
    return `that holds ${folder}`; // It may not be there yet.
  }
}

/** The highest folder above on the same disk. */
function mountOf(folder: string): string {
  let at = resolve(folder);
  const { dev } = statSync(at);
  while (dirname(at) !== at && statSync(dirname(at)).dev === dev) at = dirname(at);
  return at;
}

/** Whether a folder can keep runs safely, tried on the spot. */

import { randomBytes } from "node:crypto";
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import { diskFull } from "./disk.ts";

/** Makes the folder where it is not there. Throws a `Problem` that says what it cannot do and what to do instead. */
export function probeRunsFolder(runs: string): void {
  const probe = join(runs, "tmp", `probe-${randomBytes(8).toString("hex")}`);
  try {
    mkdirSync(probe, { recursive: true });
    writeFileSync(join(probe, "a"), "probe");
  } catch (error) {
    throw cannotWrite(runs, error as NodeJS.ErrnoException);
  }
  try {
    if (!hardLinksWork(probe))
      throw new Problem(
        `${runs} lies on a file system without hard links, which cannot commit results safely`,
        "Use --runs DIR with a folder on another disk. Finished runs may be copied here and read.",
      );
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

/** link() makes a second name, and refuses to replace one. */
function hardLinksWork(folder: string): boolean {
  const [a, b, c] = [join(folder, "a"), join(folder, "b"), join(folder, "c")];
  try {
    linkSync(a, b);
    if (readFileSync(b, "utf8") !== "probe") return false;
    closeSync(openSync(c, "wx"));
  } catch {
    return false;
  }
  try {
    linkSync(a, c);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EEXIST";
  }
}

function cannotWrite(runs: string, error: NodeJS.ErrnoException): Problem {
  switch (error.code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new Problem(
        `cannot write to ${runs}: no permission, or a read-only disk`,
        "Use --runs DIR with a folder of your own.",
      );
    case "ENOTDIR":
    case "EEXIST":
      return new Problem(`${runs} is a file, not a folder`, "Use --runs DIR with a folder.");
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(runs);
    default:
      return new Problem(`cannot use ${runs}: ${error.message}`, "Use --runs DIR with another folder.");
  }
}

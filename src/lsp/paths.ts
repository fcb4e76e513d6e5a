/** Between the addresses of an editor and the paths of the compiler. */
import { type Dirent, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isStandardFile, standardFile } from "../modules/program.ts";

export interface Addresses {
  pathOf(uri: string): string;
  uriOf(path: string): string;
}

/** Files of the standard library go by `std/name.dl`; what is no file on disk (`untitled:`) by its address. */
export function addresses(standardFolder: string): Addresses {
  /** As the editor wrote them. */
  const known = new Map<string, string>();
  return {
    pathOf(uri) {
      const path = uri.startsWith("file:") ? fileURLToPath(uri) : uri;
      const within = relative(standardFolder, path);
      const isStandard = uri.startsWith("file:") && /^[^\\/]+\.dl$/.test(within) && !within.startsWith("..");
      const own = isStandard ? standardFile(within.replace(/\.dl$/, "")) : path;
      known.set(own, uri);
      return own;
    },
    uriOf(path) {
      const written = known.get(path);
      if (written !== undefined) return written;
      // One letter before the colon is a drive of Windows.
      if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return path;
      return pathToFileURL(isStandardFile(path) ? join(standardFolder, path.slice("std/".length)) : path)
        .href;
    },
  };
}

const mostFiles = 1000;

/** The studies in a folder; hidden folders and packages are left out. */
export function studiesIn(folder: string): readonly string[] {
  const found: string[] = [];
  const visit = (at: string): void => {
    let entries: Dirent[];
    try {
      entries = readdirSync(at, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries) {
      if (found.length >= mostFiles || entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith(".dl")) found.push(path);
    }
  };
  visit(folder);
  return found;
}

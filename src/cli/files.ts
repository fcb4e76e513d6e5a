/** The files that a user names. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { suggest } from "../diagnostics/suggest.ts";
import { UsageError } from "./exit.ts";

/** Throws a `UsageError` where there is none. */
export function expectFile(file: string): void {
  if (existsSync(file)) {
    if (statSync(file).isFile()) return;
    throw new UsageError(`${file} is a folder, not a .dl file`);
  }
  const folder = dirname(file);
  const beside = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".dl")) : [];
  const near = suggest(file.slice(file.lastIndexOf("/") + 1), beside);
  const meant = near ? ` Did you mean ${folder === "." ? near : `${folder}/${near}`}?` : "";
  throw new UsageError(`there is no file ${file}.${meant}`);
}

/**
 * The `.dl` files that paths name: files, and all that lie in folders and below. Left out are what is hidden, packages, and the
 * records of runs, which are never changed.
 */
export function studiesIn(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    if (existsSync(path) && statSync(path).isDirectory()) return below(path);
    expectFile(path);
    return [path];
  });
  return [...new Set(found)];
}

function below(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === "run.json")) return [];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return below(path);
      return entry.isFile() && entry.name.endsWith(".dl") ? [path] : [];
    });
}

import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DataError } from "../error.ts";
import type { OpenContext, SourceFile } from "../source.ts";
import { byCodeUnits } from "./folder.ts";

/** The files that a path names; `*` and `?` in its last part stand for any characters. Sorted by name. A `DataError` where there is none. */
export function sourceFiles(path: string, context: OpenContext): readonly SourceFile[] {
  const whole = resolve(path);
  const pattern = basename(whole);
  const folder = dirname(whole);
  const missing = (what: string): DataError =>
    new DataError(
      `${what}: ${whole}`,
      `put the file there, or say where it is: --set ${context.dataset}.source.path=FILE`,
    );
  if (!/[*?]/.test(pattern)) {
    const found = statSync(whole, { throwIfNoEntry: false });
    if (!found) throw missing(`The file of ${context.dataset} is not there`);
    if (found.isDirectory())
      throw missing(`The source of ${context.dataset} must be a file, but this is a folder`);
    return [{ name: pattern, path: whole }];
  }
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw missing(`The folder of ${context.dataset} is not there`);
  const like = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && like.test(entry.name))
    .map((entry) => ({ name: entry.name, path: join(folder, entry.name) }))
    .sort((a, b) => byCodeUnits(a.name, b.name));
  if (files.length === 0) throw missing(`No file of ${context.dataset} has a name like this`);
  return files;
}

/** The files whose rows are test rows: `test.csv`, `test-00000-of-00001`. */
export const isTestFile = ({ name }: SourceFile): boolean => /^test(?![a-z])/i.test(name);

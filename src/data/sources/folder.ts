import { statSync } from "node:fs";
import { resolve } from "node:path";
import { DataError } from "../error.ts";
import type { OpenContext } from "../source.ts";

/** The absolute path of a source's folder; a `DataError` with the way on where there is none. */
export function sourceFolder(path: string, context: OpenContext): string {
  const folder = resolve(path);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found)
    throw new DataError(
      `The folder of ${context.dataset} is not there: ${folder}`,
      `put the data there, or say where it is: --set ${context.dataset}.source.path=FOLDER`,
    );
  if (!found.isDirectory())
    throw new DataError(
      `The source of ${context.dataset} must be a folder, but this is a file: ${folder}`,
      `name the folder that holds it: --set ${context.dataset}.source.path=FOLDER`,
    );
  return folder;
}

/** Sorts by code units: the same on every machine and in every locale. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

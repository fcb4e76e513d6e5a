/** The disk as everything up to `study/` sees it. Paths are kept as the user wrote them, so that messages name them so. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { columnReader } from "../data/columns.ts";
import type { StudyHost } from "../study/source-columns.ts";
import { packageRoot } from "./root.ts";

const standardFolder = join(packageRoot, "std");

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

export const diskHost: StudyHost = {
  read,
  readColumns: columnReader(),
  resolve: (from, relative) => (isAbsolute(relative) ? relative : normalize(join(dirname(from), relative))),
  standard: (module) => read(join(standardFolder, `${module}.dl`)),
  get standardModules() {
    return readdirSync(standardFolder)
      .filter((name) => name.endsWith(".dl"))
      .map((name) => name.slice(0, -3));
  },
};

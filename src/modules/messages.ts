/** Diagnostics of files and imports. */
import { define } from "../diagnostics/diagnostic.ts";

export const declaredTwice = define(
  "DL2010",
  "declared-twice",
  "error",
  (p: { name: string }) => `\`${p.name}\` is declared twice`,
);

export const unreadableFile = define(
  "DL2020",
  "unreadable-file",
  "error",
  (p: { path: string }) => `there is no file ${p.path}, or it cannot be read`,
);

export const unknownModule = define(
  "DL2021",
  "unknown-module",
  "error",
  (p: { module: string }) => `there is no module \`${p.module}\``,
);

export const unknownImport = define(
  "DL2022",
  "unknown-import",
  "error",
  (p: { name: string; module: string }) => `there is no \`${p.name}\` in ${p.module}`,
);

export const importCycle = define(
  "DL2023",
  "import-cycle",
  "error",
  (p: { loop: readonly string[] }) => `these files import one another in a loop: ${p.loop.join(" -> ")}`,
);

export const unknownEdition = define(
  "DL2024",
  "unknown-edition",
  "error",
  (p: { edition: string }) => `there is no edition ${p.edition} of the language in this version of dlc`,
);

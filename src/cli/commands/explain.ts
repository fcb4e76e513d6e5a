import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { findKind, listKinds, renderPage } from "../../diagnostics/explain.ts";
// All diagnostics of a study are declared by what checks one.
import "../../study/plan-study.ts";
import { type ExitCode, exit, UsageError } from "../exit.ts";
import { packageRoot } from "../root.ts";
import { lookOf, print } from "../terminal.ts";

const folder = join(packageRoot, "docs", "errors");

/** `DL3101`, its slug `shape-mismatch`, or `error[DL3101]` as it is printed; without a name, all that there are. */
export async function explain(name: string | undefined): Promise<ExitCode> {
  if (name === undefined) {
    print(listKinds());
    return exit.fine;
  }
  const found = findKind(name);
  if (!("kind" in found)) {
    const way = found.near ? `Did you mean ${found.near}?` : "`dlc explain` lists all.";
    throw new UsageError(`there is no diagnostic ${name}. ${way}`);
  }
  const page = readFileSync(join(folder, `${found.kind.code}.md`), "utf8");
  const study = relative("", join(folder, "study.dl"));
  print(renderPage(page, found.kind, { width: lookOf(process.stdout).width, study }));
  return exit.fine;
}

/** What commands on a `.dl` file share: reading, checking, telling what is wrong. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { createReporter, type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../diagnostics/render-terminal.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { type PlannedStudy, planStudy } from "../study/plan-study.ts";
import { UsageError } from "./exit.ts";
import { diskHost } from "./host.ts";
import { lookOf, say } from "./terminal.ts";
import { plural } from "./words.ts";

export interface SpecOptions {
  readonly set?: readonly string[];
  /** Only this one. */
  readonly experiment?: string;
}

export interface CheckedStudy {
  readonly study: PlannedStudy | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws a `UsageError` where the file or a `--set` cannot be read at all. */
export function checkStudy(file: string, options: SpecOptions): CheckedStudy {
  expectFile(file);
  const reporter = createReporter();
  const { experiment } = options;
  const study = planStudy(file, {
    host: diskHost,
    reporter,
    set: (options.set ?? []).map(parseSet),
    ...(experiment !== undefined && { experiment }),
  });
  return { study: hasErrors(reporter.diagnostics) ? undefined : study, diagnostics: reporter.diagnostics };
}

/** For commands that train or compile: what cannot be run in this version is an error too. */
export function checkRunnable(file: string, options: SpecOptions): CheckedStudy {
  const checked = checkStudy(file, options);
  const { later } = checked.study ?? { later: [] };
  return later.length === 0 ? checked : { study: undefined, diagnostics: [...checked.diagnostics, ...later] };
}

function expectFile(file: string): void {
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

function parseSet(text: string): { path: string; text: string } {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(`--set takes path=value, as in --set baseline.batch=64, not ${text}`);
  return { path: text.slice(0, equals).trim(), text: text.slice(equals + 1).trim() };
}

/** Prints diagnostics and how many there are; true where there is an error. */
export function tellDiagnostics(diagnostics: readonly Diagnostic[], ending = "Nothing was run."): boolean {
  if (diagnostics.length > 0) say(renderDiagnostics(diagnostics, lookOf(process.stderr)));
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0) say(`${plural(errors, "error")}. ${ending}`);
  return errors > 0;
}

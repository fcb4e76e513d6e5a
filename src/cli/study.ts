/** What commands on a study share: reading and checking it. */
import { createReporter, type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { keepParsed } from "../modules/keep-parsed.ts";
import { isStandardFile } from "../modules/program.ts";
import { type PlannedStudy, planStudy } from "../study/plan-study.ts";
import { UsageError } from "./exit.ts";
import { expectFile } from "./files.ts";
import { diskHost } from "./host.ts";

export interface SpecOptions {
  readonly set?: readonly string[];
  /** Only this one. */
  readonly experiment?: string;
}

export interface CheckedStudy {
  readonly study: PlannedStudy | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The standard library stays as it is while a process runs, and in what is kept of one (`rehearse.ts`). */
const parseFile = keepParsed(({ path }) => isStandardFile(path));

/** Throws a `UsageError` where the file or a `--set` cannot be read at all. */
export function checkStudy(file: string, options: SpecOptions): CheckedStudy {
  expectFile(file);
  const reporter = createReporter();
  const { experiment } = options;
  const study = planStudy(file, {
    host: diskHost,
    reporter,
    parseFile,
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

export function parseSet(text: string): { path: string; text: string } {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(`--set takes path=value, as in --set baseline.batch=64, not ${text}`);
  return { path: text.slice(0, equals).trim(), text: text.slice(equals + 1).trim() };
}

import type { Context } from "../check/context.ts";
import type { Scope } from "../check/scope.ts";
import type { Value } from "../check/value.ts";
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { ParameterType } from "../ops/signature.ts";
import type { Expr, FieldStatement, Name, NamedDecl } from "../syntax/ast.ts";
import type { SourceFile } from "../text/source.ts";
import type { StudyHost } from "./source-columns.ts";

/** A value that is put in place of one in the file. `value` is asked for once it is known what is expected there. */
export interface Replacement {
  readonly path: readonly Name[];
  /** `the factor in line 61`, for a hint about what it replaces; undefined where the user plainly wants that. */
  readonly by: string | undefined;
  value(expected: ParameterType | undefined, context: Context): Value | undefined;
}

/** `--set galaxies.source.path=...`: one for a declaration, or (with the first word dropped) for an experiment. */
export interface Override extends Replacement {
  /** As an axis or a `data`, `recipe` or model of its own. */
  expression(context: Context): { readonly expr: Expr; readonly scope: Scope } | undefined;
}

export interface StudyContext extends Context {
  readonly host: StudyHost;
  /** Told of a type that is not written, as the data have it. */
  typeRead(dataset: string, field: FieldStatement, type: string): void;
  /** What is in order, but cannot be run in this version: see `later.ts`. */
  readonly later: Reporter;
  readonly overrides: ReadonlyMap<NamedDecl, readonly Override[]>;
}

/** A reporter that tells one mistake once: trials of a sweep meet the same one at the same place. */
export function reportOnce(reporter: Reporter): Reporter {
  const told = new WeakMap<SourceFile, Set<string>>();
  return {
    diagnostics: reporter.diagnostics,
    report(kind, parameters, span, details) {
      const places = told.get(span.file) ?? new Set();
      told.set(span.file, places);
      const key = `${kind.code} ${span.start} ${span.end}`;
      if (places.has(key)) return;
      places.add(key);
      reporter.report(kind, parameters, span, details);
    },
  };
}

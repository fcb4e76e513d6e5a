/** What only the data themselves say: asked for fields whose type is not written. */
import type { Problem } from "../diagnostics/problem.ts";
import type { Host } from "../modules/host.ts";
import type { FieldType } from "../ops/field.ts";
import type { OpCall } from "../ops/signature.ts";

export interface SourceColumns {
  /** By name, as headers and first rows have them; columns of names are `string`. */
  readonly types: Readonly<Record<string, FieldType>>;
  /** How many different names such a column holds. All of it is read for that. */
  countNames(column: string): number | Problem;
}

/** A host that may know data: then types of fields may be left out. */
export interface StudyHost extends Host {
  /** At once, and cheaply: it is asked at every keystroke. The problem is told where data are missing or damaged. */
  readColumns?(source: OpCall, dataset: string): SourceColumns | Problem;
}

/** The host with its answers kept: trials of a sweep ask the same. */
export function askingOnce(host: StudyHost): StudyHost {
  if (!host.readColumns) return host;
  const known = new Map<string, SourceColumns | Problem>();
  return {
    ...host,
    standardModules: host.standardModules,
    readColumns(source, dataset) {
      const key = JSON.stringify([source, dataset]);
      const answer = known.get(key) ?? host.readColumns!(source, dataset);
      known.set(key, answer);
      return answer;
    },
  };
}

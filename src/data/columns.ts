/** What the data say of their columns, for fields whose type is not written. */
import { readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Problem } from "../diagnostics/problem.ts";
import type { OpCall } from "../ops/signature.ts";
import type { SourceColumns, StudyHost } from "../study/source-columns.ts";
import { showBytes, showCount } from "../text/count.ts";
import { DataError } from "./error.ts";
import type { Most, OpenContext, SourceReader } from "./source.ts";
import { sourceReaders } from "./sources/all.ts";

/** Answers are kept until the files change: an editor asks at every keystroke. */
export function columnReader(most: Most = lookedAt): NonNullable<StudyHost["readColumns"]> {
  const known = new Map<string, { readonly stamp: string; readonly answer: SourceColumns | Problem }>();
  return (source, dataset) => {
    const key = JSON.stringify([source, dataset]);
    const stamp = stampOf(source.parameters.path);
    const before = known.get(key);
    if (before?.stamp === stamp) return before.answer;
    const answer = orProblem(() => read(source, dataset, most));
    known.set(key, { stamp, answer });
    return answer;
  };
}

const lookedAt: Most = { bytes: 64 * 2 ** 20, rows: 4_000_000 };

function read({ op, parameters }: OpCall, dataset: string, most: Most): SourceColumns {
  const context: OpenContext = { dataset, note: () => {} };
  const reader = sourceReaders[op];
  if (!reader?.types)
    throw new DataError(`The source ${op} of ${dataset} does not tell its types before it is read`);
  const files = reader.files(parameters, context);
  const counts = new Map<string, number | Problem>();
  const count = (column: string): void => {
    if (reader.countNames) {
      const { count, within } = reader.countNames(column, files, parameters, most);
      counts.set(column, within === undefined ? count : notAll(count, within));
      return;
    }
    const size = files.reduce((sum, { path }) => sum + statSync(path).size, 0);
    if (size > most.bytes)
      throw new DataError(
        `Names are counted in up to ${showBytes(most.bytes)}, and there are ${showBytes(size)}`,
        "write the type: `class[K]`, with the number of names",
      );
    const { columns } = (reader.open as Opening)(parameters, files, context);
    for (const [name, { type }] of Object.entries(columns))
      if (type.kind === "class") counts.set(name, type.count);
    if (!counts.has(column))
      throw new DataError(`\`${column}\` holds names in the first file, and not in all`);
  };
  return {
    types: reader.types(parameters, files, most),
    countNames(column) {
      const problem = counts.has(column) ? undefined : orProblem(() => count(column));
      if (problem) counts.set(column, problem);
      return counts.get(column)!;
    },
  };
}

const notAll = (count: number, within: string): DataError =>
  new DataError(
    `Only ${within} are looked at before a run, and hold ${showCount(count)} ${count === 1 ? "name" : "names"}`,
    `write the type: \`class[${count}]\` if there are no others`,
  );

/** Readers that do not open at once count names by themselves. */
type Opening = (...args: Parameters<SourceReader["open"]>) => Awaited<ReturnType<SourceReader["open"]>>;

function orProblem<T>(work: () => T): T | Problem {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return error;
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return new DataError(
      `This file cannot be read: ${path ?? "of the source"} (${code})`,
      "check that it is there and may be read",
    );
  }
}

/** Entries of a folder that are looked at. */
const most = 64;

/** Another one when what lies at the path changes; seen without reading, and of a large folder only in part. */
function stampOf(path: unknown): string {
  if (typeof path !== "string") return "";
  const whole = resolve(path);
  const at = statSync(whole, { throwIfNoEntry: false });
  if (at?.isFile()) return stamp(whole);
  const folder = at ? whole : dirname(whole);
  const entries = entriesOf(folder);
  return [folder, ...entries.slice(0, most).map((name) => join(folder, name))].map(stamp).join();
}

function stamp(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : "none";
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

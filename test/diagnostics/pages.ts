/** The pages of `docs/errors/`: what they say, and what dlc says of their examples (see the README there). */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlacedProblem } from "../../src/diagnostics/problem.ts";
import { checkMetrics } from "../../src/run/check-metrics.ts";
import { loadDatasets } from "../../src/run/datasets.ts";
import { notInThisVersion } from "../../src/study/diagnostics.ts";
import type { Plan } from "../../src/study/plan.ts";
import { hostOf, type Planned, planFile } from "../study/files.ts";

const folder = join(import.meta.dirname, "../../docs/errors");

export interface Example {
  /** `good`, `bad`. */
  readonly kind: string;
  readonly text: string;
}

export interface Page {
  readonly code: string;
  readonly text: string;
  readonly examples: readonly Example[];
}

export function readPages(): readonly Page[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md");
  return names.map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return { code: name.slice(0, -".md".length), text, examples: examplesOf(text) };
  });
}

export function examplesOf(page: string): readonly Example[] {
  return [...page.matchAll(/^```dl (.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    kind: match[1]!,
    text: match[2]!,
  }));
}

export const study = readFileSync(join(folder, "study.dl"), "utf8");

/** Declarations of a file with the comments above them, by name. */
const declarations = study
  .split(/\n\n/)
  .map((text) => ({ text, what: /^(\w+) (\w+)[\s\S]*\{/m.exec(text) }))
  .flatMap(({ text, what }) => (what ? [{ text, kind: what[1]!, name: what[2]! }] : []));

/** The example with what it does not declare. */
export function completed(example: string): string {
  const missing = declarations.filter(({ name }) => !new RegExp(`^\\w+ ${name}\\b`, "m").test(example));
  return [example, ...missing.map(({ text }) => text)].join("\n");
}

/** The files of an example, the study itself as `study.dl`. */
export function filesOf(example: string): Readonly<Record<string, string>> {
  const [own, ...others] = example.split(/^\/\/ file: /m);
  const files: Record<string, string> = { "study.dl": completed(own!) };
  for (const other of others) {
    const end = other.indexOf("\n");
    files[other.slice(0, end).trim()] = other.slice(end + 1);
  }
  return files;
}

/** What dlc says of an example that brings its data: also what it finds when it reads them. */
export async function tellRead(example: string): Promise<ReturnType<typeof tell>> {
  const files = Object.entries(filesOf(example));
  if (files.every(([name]) => name.endsWith(".dl"))) return tell(example);
  const folder = mkdtempSync(join(tmpdir(), "dlc-pages-"));
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const told = planFile(join(folder, "study.dl"));
    const problem = told.plan && (await readingProblem(told.plan, join(folder, "cache")));
    const diagnostics = [...told.diagnostics, ...(problem ? [problem.diagnostic] : [])];
    return {
      ...told,
      plan: problem ? undefined : told.plan,
      diagnostics,
      codes: diagnostics.map(({ code }) => code),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function readingProblem(plan: Plan, cacheFolder: string): Promise<PlacedProblem | undefined> {
  try {
    const { signal } = new AbortController();
    const datasets = await loadDatasets(plan, { cacheFolder, onEvent() {}, signal });
    checkMetrics(plan, datasets!.of);
    return undefined;
  } catch (error) {
    if (error instanceof PlacedProblem) return error;
    throw error;
  }
}

/** What dlc says of an example: by `check`, and by `run` before it trains. */
export function tell(example: string): Planned & { readonly codes: readonly string[] } {
  const command = /^\/\/ dlc check study\.dl (.*)\n/.exec(example)?.[1] ?? "";
  const options = (name: string) =>
    [...command.matchAll(new RegExp(`--${name} (?:'([^']*)'|(\\S+))`, "g"))].map(
      (match) => match[1] ?? match[2]!,
    );
  const [experiment] = options("experiment");
  const told = planFile("study.dl", {
    set: options("set"),
    host: hostOf(filesOf(example)),
    ...(experiment !== undefined && { experiment }),
  });
  const codes = told.diagnostics.map(({ code }) => code);
  return { ...told, codes: [...codes, ...told.later.map(() => notInThisVersion.code)] };
}

import type { Context } from "../check/context.ts";
import type { Network } from "../check/network.ts";
import { fileScope } from "../check/scope.ts";
import { checkNames } from "../check/unused.ts";
import { createReporter, type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import type { ParseFile } from "../modules/keep-parsed.ts";
import { loadProgram } from "../modules/load.ts";
import type { Program } from "../modules/program.ts";
import type { NamedDecl } from "../syntax/ast.ts";
import { reportOnce, type StudyContext } from "./context.ts";
import { dataKind } from "./data.ts";
import { unknownExperiment } from "./diagnostics.ts";
import { type PlannedExperiment, planExperiment } from "./experiment.ts";
import { finishData } from "./finish-data.ts";
import { withOrigins } from "./origins.ts";
import { applySets, type SetOption } from "./overrides.ts";
import { placesOf } from "./places.ts";
import type { DataSpec, Plan, TrialSpec } from "./plan.ts";
import { finishRecipe, recipeKind } from "./recipe.ts";
import { sectionOf } from "./sections.ts";
import { askingOnce, type StudyHost } from "./source-columns.ts";
import { suggestion } from "./suggestion.ts";
import type { Trial } from "./trials.ts";
import { rememberTypes } from "./types-read.ts";

export interface PlanOptions extends Context {
  readonly host: StudyHost;
  /** Values in place of those in the file; the first word of a path names a declaration of it. */
  readonly set?: readonly SetOption[];
  /** Only this experiment. */
  readonly experiment?: string;
  /** May keep what it has parsed before. */
  readonly parseFile?: ParseFile;
}

export interface PlannedStudy {
  readonly plan: Plan;
  readonly program: Program;
  /** What of it cannot be run or compiled in this version; empty for a study that can be run. */
  readonly later: readonly Diagnostic[];
  /** By experiment: what the checks of its design found in order, in clauses. */
  readonly assured: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads a file and all that it imports, checks it, and expands its experiments into trials. Undefined where there are errors,
 * which have been reported; warnings do not hinder a plan.
 */
export function planStudy(path: string, options: PlanOptions): PlannedStudy | undefined {
  const loaded = loadProgram(path, options.host, options.reporter, options.parseFile);
  if (!loaded || hasErrors(options.reporter.diagnostics)) return undefined;
  return planProgram(loaded, options);
}

/** As `planStudy`, of a program that is read already. What is left of one with mistakes is checked as far as it goes. */
export function planProgram(loaded: Program, options: PlanOptions): PlannedStudy | undefined {
  const reporter = reportOnce(options.reporter);
  const { trace } = options;
  const host = askingOnce(options.host);
  const applied = applySets(loaded, options.set ?? [], { host, reporter });
  if (!applied) return undefined;
  const { program, overrides } = applied;
  const later = createReporter();
  const typesRead = rememberTypes();
  const context: StudyContext = {
    host,
    reporter,
    trace,
    overrides,
    later: reportOnce(later),
    typeRead: typesRead.add,
    expanded: new Set(),
  };

  const { main } = program;
  const declared = main.file.declarations.filter((each): each is NamedDecl => each.kind === "declaration");
  const experiments = declared.filter((each) => each.what === "experiment");
  const { experiment } = options;
  if (experiment !== undefined && !experiments.some((each) => each.name.text === experiment)) {
    const source = { path: "--experiment", text: experiment };
    const span = { file: source, start: 0, end: experiment.length };
    const names = experiments.map((each) => each.name.text);
    const details = suggestion({ text: experiment, span }, names);
    reporter.report(unknownExperiment, { name: experiment }, span, { ...details, fixes: [] });
    return undefined;
  }

  // What no experiment uses is checked too, and need not be run; what one uses is told once.
  const unused: StudyContext = { ...context, later: createReporter() };
  for (const declaration of main.file.declarations) {
    if (declaration.kind === "import") continue;
    const value = fileScope(main, context).lookup(declaration.name.text);
    if (declaration.kind === "let" || value?.kind !== "section") continue;
    const { span } = declaration.name;
    if (declaration.what === "data") {
      const draft = sectionOf(dataKind, value, span, unused);
      if (draft) finishData(draft, unused);
    }
    if (declaration.what === "recipe") {
      const draft = sectionOf(recipeKind, value, span, unused);
      if (draft) finishRecipe(draft, unused);
    }
  }

  const asked = experiments.find((each) => each.name.text === experiment);
  const wanted = asked && withOrigins(asked, main);
  const networks = new Map<string, Network | undefined>();
  const planned = new Map<string, PlannedExperiment>();
  const made: Trial[] = [];
  for (const declaration of experiments) {
    if (wanted && !wanted.has(declaration)) continue;
    const one = planExperiment(declaration, main, made.length + 1, networks, planned, context);
    if (!one) continue;
    planned.set(declaration.name.text, one);
    made.push(...one.trials);
  }
  for (const { name } of declared) {
    const value = fileScope(main, context).lookup(name.text);
    if (value?.kind !== "declared" || value.declaration.name !== name) continue;
    if (!context.expanded!.has(value.declaration)) checkNames(value, context);
  }
  typesRead.report(reporter);
  if (hasErrors(reporter.diagnostics)) return undefined;
  const trials = withSharedData(made.map(({ spec }) => spec));
  const drafts = new Map(trials.map(({ data }, i) => [data.name, made[i]!.draft]));
  const plan: Plan = {
    study: studyName(main.file.source.path),
    question: main.file.doc ?? null,
    experiments: [...planned.values()].map(({ plan }) => plan),
    trials,
    places: {
      data: Object.fromEntries([...drafts].map(([name, draft]) => [name, placesOf(draft)])),
      metrics: Object.fromEntries([...planned].map(([name, { places }]) => [name, places])),
    },
  };
  const assured = Object.fromEntries([...planned].map(([name, { assured }]) => [name, assured]));
  return { plan, program, later: later.diagnostics, assured };
}

/** The file's name without `.dl`. */
function studyName(path: string): string {
  return path.replace(/^.*[\\/]/, "").replace(/\.dl$/, "");
}

/** Equal data sets become one, and those that differ get names that differ. */
function withSharedData(trials: readonly TrialSpec[]): readonly TrialSpec[] {
  const specs = new Map<string, DataSpec>();
  const known = new Map<DataSpec, DataSpec>();
  const names = new Set<string>();
  const share = (data: DataSpec): DataSpec => {
    const key = JSON.stringify(data);
    let shared = specs.get(key);
    if (!shared) {
      let name = data.name;
      for (let n = 2; names.has(name); n++) name = `${data.name}-${n}`;
      names.add(name);
      shared = name === data.name ? data : { ...data, name };
      specs.set(key, shared);
    }
    return shared;
  };
  return trials.map((trial) => {
    const data = known.get(trial.data) ?? share(trial.data);
    known.set(trial.data, data);
    return data === trial.data ? trial : { ...trial, data };
  });
}

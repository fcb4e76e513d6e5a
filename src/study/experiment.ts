/** One experiment: from its lines to trials and the plan of its answer. */

import type { Network } from "../check/network.ts";
import { fileScope, type Scope } from "../check/scope.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import type { Module } from "../modules/program.ts";
import type { NamedDecl } from "../syntax/ast.ts";
import { textOf } from "../text/source.ts";
import type { Override, StudyContext } from "./context.ts";
import { checkDesign } from "./design/check-design.ts";
import { cannotSet } from "./diagnostics.ts";
import { type Axis, type Expansion, expand, parts, reportUnusedName } from "./expand.ts";
import { readExtras } from "./extras.ts";
import { experimentLines, type Line } from "./lines.ts";
import { type AskedMetric, type Measures, measuresOf } from "./measures.ts";
import { pathSpan } from "./members.ts";
import { type MetricPlaces, metricPlaces } from "./places.ts";
import type { ExperimentPlan, Factor } from "./plan.ts";
import { type QuestionContext, type Questions, readAllow, readChoose, readCompare } from "./questions.ts";
import { readReport } from "./reports.ts";
import { readSearch } from "./search.ts";
import { suggestion } from "./suggestion.ts";
import { type Trial, trialMaker } from "./trials.ts";

export interface PlannedExperiment {
  readonly plan: ExperimentPlan;
  readonly trials: readonly Trial[];
  /** What the checks of its design found in order, in clauses. */
  readonly assured: readonly string[];
  /** Where its metrics are written, those that steer its trainings among them. */
  readonly places: MetricPlaces;
}

/** Trials are numbered from `first`. `networks` is shared by the experiments of a study. Undefined after a report. */
export function planExperiment(
  declaration: NamedDecl,
  module: Module,
  first: number,
  networks: Map<string, Network | undefined>,
  /** Experiments above it, by name. */
  planned: ReadonlyMap<string, PlannedExperiment>,
  context: StudyContext,
): PlannedExperiment | undefined {
  const lines = experimentLines(declaration, module, context);
  if (!lines) return undefined;
  const overrides = context.overrides.get(declaration) ?? [];
  if (!overrides.every((override) => checkOverride(override, lines, context))) return undefined;
  const expansion = expand(lines, fileScope(module, context), overrides, context);
  if (!expansion) return undefined;
  context.trace?.trainings(declaration, expansion.points.length);

  const name = declaration.name.text;
  const place = { name, span: declaration.name.span };
  const maker = trialMaker(place, expansion, overrides, networks, planned, context);
  const trials: Trial[] = [];
  let sound = true;
  const mistakes = context.reporter.diagnostics.length;
  for (const [i, point] of expansion.points.entries()) {
    const trial = maker.make(point, first + i);
    if (trial) trials.push(trial);
    else sound = false;
  }
  for (const probe of expansion.probes) if (!maker.make(probe, first)) sound = false;
  // Networks with a mistake in them are not the ones that are meant: nothing is said of their sizes.
  const whole = !hasErrors(context.reporter.diagnostics.slice(mistakes));
  const mistaken = mistakenAxes(expansion.axes, context.reporter.diagnostics.slice(mistakes));
  const questions = readQuestions(lines, { ...expansion, mistaken }, trials, context);
  if (!questions || !sound) return undefined;
  if (!checkUsed(expansion, context)) return undefined;
  const measured = withMeasures(questions, trials, context);
  const assured = checkDesign({ axes: expansion.axes, trials: measured, questions, whole }, context);
  const factorsOf = (kind: "factor" | "replicate"): readonly Factor[] =>
    expansion.axes
      .filter((axis) => axis.kind === kind && !axis.searched)
      .map(({ key, levels, when }) => ({
        path: key,
        labels: levels.map((level) => level.label),
        ...(when && { when: textOf(when.span) }),
      }));
  return {
    trials: measured,
    assured,
    places: metricPlaces([...new Set(trials.flatMap(({ recipe }) => recipe.watched)), ...questions.metrics]),
    plan: {
      name,
      doc: declaration.doc ?? null,
      factors: factorsOf("factor"),
      replicates: factorsOf("replicate"),
      trials: trials.map(({ spec }) => spec.ordinal),
      choose: questions.choose.map(({ spec }) => spec),
      reports: questions.reports.map(({ spec }) => spec),
      comparisons: questions.comparisons.map(({ spec }) => spec),
      allowed: questions.allowed.map(({ code, because }) => ({ code, because })),
      ...optional(
        "searches",
        questions.searches.map(({ spec }) => spec),
      ),
      ...optional("ensembles", questions.extras.ensembles),
      ...optional("save", questions.extras.save),
      ...(Object.keys(questions.extras.budget).length > 0 && { budget: questions.extras.budget }),
    },
  };
}

/** Those with an error in their path. */
function mistakenAxes(axes: readonly Axis[], told: readonly Diagnostic[]): readonly Axis[] {
  const errors = told.filter(({ severity }) => severity === "error");
  return axes.filter(({ path }) => {
    const { file, start, end } = pathSpan(path);
    return errors.some(({ span }) => span.file === file && span.start >= start && span.end <= end);
  });
}

/** A list that most experiments do not have. */
const optional = <K extends string, T>(name: K, list: readonly T[]): { readonly [key in K]?: readonly T[] } =>
  (list.length > 0 ? { [name]: list } : {}) as { readonly [key in K]?: readonly T[] };

function readQuestions(
  lines: readonly Line[],
  { axes, used, scope, mistaken }: Expansion & Pick<QuestionContext, "mistaken">,
  trials: readonly Trial[],
  study: StudyContext,
): Questions | undefined {
  const metrics: AskedMetric[] = [];
  const choose: Questions["choose"][number][] = [];
  const reports: Questions["reports"][number][] = [];
  const comparisons: Questions["comparisons"][number][] = [];
  const searches: Questions["searches"][number][] = [];
  const allowed: Questions["allowed"][number][] = [];
  let sound = true;
  const data = trials[0]?.spec.data;
  const chosen = lines.flatMap(({ statement }) =>
    statement.kind === "choose" ? [statement.path.map((name) => name.text).join(".")] : [],
  );
  // Names of factors may be used here too: those of the last point.
  const contextOf = (line: Line): QuestionContext => ({
    axes,
    used,
    mistaken,
    data,
    study,
    scope: withFactors(line.scope, scope, axes),
  });
  // A search goes on at the first value of every replicate.
  const arms = new Set(trials.map(({ spec }) => JSON.stringify(spec.levels))).size;
  for (const line of lines) {
    const { statement } = line;
    const context = contextOf(line);
    if (statement.kind === "choose") {
      const read = readChoose(statement, context);
      if (read) {
        choose.push(read);
        metrics.push(read.metric);
      } else sound = false;
    } else if (statement.kind === "search") {
      const read = readSearch(statement, arms, context);
      if (read) {
        searches.push(read);
        metrics.push(read.metric);
      } else sound = false;
    } else if (statement.kind === "report") {
      const read = readReport(statement, context);
      if (read) {
        reports.push(read);
        metrics.push(...read.metrics);
      } else sound = false;
    } else if (statement.kind === "compare") {
      const read = readCompare(statement, chosen, context);
      if (read) {
        comparisons.push(read);
        metrics.push(read.metric);
      } else sound = false;
    } else if (statement.kind === "allow") {
      const read = readAllow(statement, context);
      if (read) allowed.push(read);
      else sound = false;
    }
  }
  const names = trials.flatMap(({ spec }) => spec.networks.map(({ name }) => name));
  const extras = readExtras(lines, trials.length > 0 ? [...new Set(names)] : undefined, contextOf);
  return sound && extras ? { choose, reports, comparisons, searches, extras, allowed, metrics } : undefined;
}

/** The names of a line, with words of their own before `over` among them. */
function withFactors(outer: Scope, last: Scope, axes: Expansion["axes"]): Scope {
  const names = axes.filter((axis) => axis.isName).map((axis) => axis.key);
  return {
    module: outer.module,
    lookup: (name) => (names.includes(name) ? last : outer).lookup(name),
    has: (name) => names.includes(name) || outer.has(name),
    *names() {
      yield* names;
      yield* outer.names();
    },
  };
}

/** The trials with the formulas of all metrics; those that cannot be measured are reported. */
function withMeasures(
  questions: Questions,
  trials: readonly Trial[],
  context: StudyContext,
): readonly Trial[] {
  const known = new Map<string, Measures>();
  const numbers = new Map<unknown, number>();
  const numberOf = (value: unknown): number => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  };
  return trials.map((trial) => {
    const { spec, recipe, settled } = trial;
    const key = [spec.data, recipe, settled].map(numberOf).join();
    let found = known.get(key);
    if (!found) {
      // What watches the test split is told where the design is checked.
      const watched = recipe.watched.filter(({ metric }) => metric.split !== "test");
      found = measuresOf([...watched, ...questions.metrics], settled, spec.data, context);
      known.set(key, found);
    }
    return { ...trial, spec: { ...spec, ...found } };
  });
}

/** False after a report. */
function checkUsed({ axes, used }: Expansion, context: StudyContext): boolean {
  const unused = axes.filter((axis) => axis.isName && !used.has(axis.key));
  for (const axis of unused) reportUnusedName(axis, context);
  return unused.length === 0;
}

/** `--set study.seed=1 .. 2`: the path names an axis, or a part of the experiment. */
function checkOverride(override: Override, lines: readonly Line[], context: StudyContext): boolean {
  const axes = lines.flatMap(({ statement }) =>
    statement.kind === "vary" || statement.kind === "replicate"
      ? [statement.path.map((name) => name.text).join(".")]
      : [],
  );
  const key = override.path.map((name) => name.text).join(".");
  const first = override.path[0]!;
  const words = [...parts, "seed"] as readonly string[];
  if (axes.includes(key) || words.includes(first.text)) return true;
  context.reporter.report(cannotSet, { problem: `an experiment has no \`${key}\` to set` }, first.span, {
    ...suggestion(first, [...new Set([...words, ...axes])]),
    fixes: [],
  });
  return false;
}

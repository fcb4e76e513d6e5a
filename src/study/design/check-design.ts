/** Checks of the design: what can be known before a single training about what the answer will be worth. */
import { listWords } from "../../check/describe.ts";
import { type Span, textOf } from "../../text/source.ts";
import type { StudyContext } from "../context.ts";
import type { MetricSpec } from "../plan.ts";
import type { Trial } from "../trials.ts";
import { checkArms } from "./arms.ts";
import { assured } from "./assured.ts";
import { type Design, orAllow, type Warn } from "./context.ts";
import { checkData } from "./data.ts";
import {
  chosenOverDivisions,
  comparedWhereChosen,
  nothingToChoose,
  oneSeed,
  rowsMayBeShared,
  testLeak,
  trainedOnEvaluationRows,
  unusedAllow,
} from "./diagnostics.ts";
import { divisionsIn, sharedRows } from "./divisions.ts";
import { type Meeting, meetingsOf } from "./meetings.ts";
import { checkReach, pairsOf } from "./reach.ts";
import { trainsOnEvaluated } from "./rows.ts";

/** Reports what speaks against the design. What was found in order: see `assured`. */
export function checkDesign(design: Design, context: StudyContext): readonly string[] {
  const { axes, trials, questions } = design;
  const allowed = new Set(questions.allowed.map((each) => each.code));
  const needed = new Set<string>();
  const warn: Warn = (kind, parameters, span, details) => {
    needed.add(kind.code);
    if (kind.severity === "warning" && allowed.has(kind.code)) return;
    context.reporter.report(kind, parameters, span, details);
  };

  for (const trial of trials) {
    checkWatched(trial, warn);
    checkData(trial, warn);
    checkOrigin(trial, warn);
  }
  for (const { spec, span } of questions.choose) {
    const axis = axes.find((each) => each.key === spec.path)!;
    if (axis.levels.length === 1)
      warn(nothingToChoose, { path: axis.key, level: axis.levels[0]!.label }, span, {
        labels: [{ span: axis.span, text: "one level" }],
        hint: "take the `choose` away, or give the factor more levels",
      });
  }
  checkDivisions(design, warn);
  const repeated = axes.some((axis) => axis.kind === "replicate" && axis.levels.length > 1);
  for (const { spec, as, span } of questions.reports)
    if (spec.as && !repeated)
      warn(oneSeed, { interval: textOf(as ?? span) }, as ?? span, {
        hint: "repeat the training: `repeat seed over 1 .. 6`",
      });
  const closed = new Set(questions.choose.map(({ spec }) => spec.path));
  const open = axes
    .filter((axis) => axis.kind === "factor" && !axis.searched && !closed.has(axis.key))
    .map((axis) => axis.key);
  const specs = trials.map(({ spec }) => spec);
  const met = questions.comparisons.map(({ spec, span }) => {
    const meetings = meetingsOf(spec, open, specs);
    const shared = ({ left, right }: Meeting) =>
      sharedRows([...left, ...right], spec.paired, spec.on.split) > 0;
    return { spec, span, meetings, pairs: pairsOf(spec, axes), divided: meetings.every(shared) };
  });
  checkReach(met, design, warn);
  for (const { spec, span, meetings } of met) {
    if (design.whole) checkArms(spec, meetings, span, design, warn);
    checkCompared(spec.on, span, design, warn);
  }
  for (const { code, span } of questions.allowed)
    if (!needed.has(code) && design.whole)
      context.reporter.report(unusedAllow, { code }, span, { hint: "take the line away" });
  return assured(design, met, needed);
}

/** A choice over several folds, or seeds of the split, has seen the test rows of each. */
function checkDivisions({ axes, trials, questions }: Design, warn: Warn): void {
  if (!questions.metrics.some(({ metric }) => metric.split === "test")) return;
  const specs = trials.map(({ spec }) => spec);
  const replicates = axes.filter(({ kind }) => kind === "replicate").map(({ key }) => key);
  const check = (per: readonly string[], what: string, span: Span): void => {
    const { count, by } = divisionsIn(specs, replicates, per);
    if (by.length === 0) return;
    warn(chosenOverDivisions, { what, divisions: count }, span, {
      hint: `choose anew in each: \`per ${[...per, ...by].join(", ")}\`, ${orAllow("DL6016")}`,
    });
  };
  for (const { spec, span } of questions.choose)
    if (spec.by.split === "valid") check(spec.per, `\`${spec.path}\` is chosen`, span);
  for (const { spec, span } of questions.searches)
    if (spec.by.split === "valid") check(spec.per, "this search chooses", span);
}

/** What watches a metric: what it decides, and how. */
const decided: Readonly<Record<string, string>> = {
  stop: "the end of training",
  keep: "the checkpoint",
  schedule: "the learning rate",
};
const how: Readonly<Record<string, string>> = { stop: "decided", keep: "chosen", schedule: "lowered" };

function checkWatched({ recipe }: Trial, warn: Warn): void {
  for (const { what, metric, span } of recipe.watched)
    if (metric.split === "test")
      warn(testLeak, { what: `${decided[what]} is ${how[what]}` }, span, {
        text: "the test split",
        hint: `watch the validation split: \`valid.${metric.metric}\``,
        fixes: [
          {
            title: `watch \`valid.${metric.metric}\``,
            edits: [{ span: { ...span, end: span.start + "test".length }, text: "valid" }],
            safety: "review",
          },
        ],
      });
}

/** What a training begins with was trained too, as was what that began with. */
function checkOrigin({ spec, origins }: Trial, warn: Warn): void {
  for (const { trial, span } of origins)
    for (const { spec: origin } of withOrigins(trial)) {
      const trained = trainsOnEvaluated(origin.data, spec.data);
      if (trained === "no") continue;
      const names = { experiment: origin.experiment, data: spec.data.name };
      if (trained === "yes")
        warn(trainedOnEvaluationRows, names, span, {
          hint: `divide both in one way: \`${origin.data.name}\` and \`${spec.data.name}\` have the same rows and differ in their split`,
        });
      else
        warn(rowsMayBeShared, names, span, {
          hint: `let the \`where\` of \`${origin.data.name}\` and \`${spec.data.name}\` exclude each other, ${orAllow("DL6015")}`,
        });
      break;
    }
}

const withOrigins = (trial: Trial): readonly Trial[] => [
  trial,
  ...trial.origins.flatMap((origin) => withOrigins(origin.trial)),
];

/** Rows that decide what is compared are no longer new to it. */
function checkCompared(on: MetricSpec, span: Span, { trials, questions }: Design, warn: Warn): void {
  if (on.split !== "valid") return;
  const chosen = [
    ...questions.choose.filter(({ spec }) => spec.by.split === "valid").map(({ spec }) => `\`${spec.path}\``),
    ...questions.searches
      .filter(({ spec }) => spec.by.split === "valid")
      .flatMap(({ spec }) => spec.space.map(({ path }) => `\`${path}\``)),
    ...trials[0]!.recipe.watched
      .filter(({ metric }) => metric.split === "valid")
      .map(({ what }) => decided[what]!),
  ];
  if (chosen.length === 0) return;
  warn(comparedWhereChosen, { what: listWords([...new Set(chosen)], "and") }, span, {
    hint: `compare on \`test.${on.metric}\`, ${orAllow("DL6014")}`,
  });
}

import { layerTable } from "../../check/shapes.ts";
import { diagnosticsToJson } from "../../diagnostics/to-json.ts";
import { wrap } from "../../diagnostics/wrap.ts";
import { macsOf } from "../../report/values.ts";
import {
  type ExperimentPlan,
  learningNetworks,
  type NamedNetwork,
  type TrialSpec,
} from "../../study/plan.ts";
import { summarise } from "../../study/summarise.ts";
import { shellWord } from "../../text/shell.ts";
import { positionAt, type Span } from "../../text/source.ts";
import { tellDiagnostics, tellLater } from "../diagnostics.ts";
import { type ExitCode, exit } from "../exit.ts";
import { exitOf } from "../failure.ts";
import { lookAhead, type Outlook } from "../outlook.ts";
import { type RunsOption, runsFolder } from "../runs-folder.ts";
import { checkStudy, type SpecOptions } from "../study.ts";
import { table } from "../table.ts";
import { command, lookOf, print, printJson } from "../terminal.ts";
import { createView } from "../view.ts";
import { bytes, count, duration, plural, short } from "../words.ts";

interface PlanOptions extends SpecOptions, RunsOption {
  readonly measure?: boolean;
  readonly json?: boolean;
}

export async function plan(file: string, options: PlanOptions): Promise<ExitCode> {
  const { study, diagnostics } = checkStudy(file, options);
  tellDiagnostics(diagnostics);
  if (options.json && !study) printJson(diagnosticsToJson(diagnostics));
  if (!study) return exit.specHasErrors;
  const { trials, experiments } = study.plan;
  const outlook =
    study.later.length > 0
      ? { because: "this version cannot run all of it", unread: false }
      : await lookAt(study.plan, options);
  const known = "because" in outlook ? undefined : outlook;
  const problem = "because" in outlook ? outlook.problem : undefined;
  if (problem && (options.measure || problem.isMistake)) {
    if (options.json) printJson(diagnosticsToJson([problem.diagnostic]));
    tellDiagnostics([problem.diagnostic], "A run would end here.");
    return exitOf(problem);
  }
  if (options.json) {
    printJson({
      study: study.plan.study,
      question: study.plan.question,
      summary: summarise(study.plan),
      checked: study.assured,
      ...diagnosticsToJson(diagnostics),
      seconds: known?.paces ? total(trials, known)?.seconds : null,
      trials: trials.map((trial) => ({
        ordinal: trial.ordinal,
        experiment: trial.experiment,
        levels: trial.levels,
        replicates: trial.replicates,
        seed: trial.seed,
        parameters: parametersOf(trial).trainable,
        macs: macsOf(trial.networks),
        state: known ? (known.done.has(trial.ordinal) ? "done" : "new") : null,
        run: known?.done.get(trial.ordinal) ?? null,
        seconds: known?.paces?.get(trial.ordinal)?.seconds ?? null,
      })),
    });
    return exit.fine;
  }
  for (const experiment of experiments) {
    print(experiment.name);
    print(tableOf(experiment, trials, known));
  }
  print(`${summarise(study.plan)}.`);
  tellLater(study.later);
  if ("because" in outlook) {
    print(`What is done and how long the rest takes is not known: ${outlook.because}.`);
    if (problem) print(`See ${placeOf(problem.diagnostic.span)}`);
  } else print(ahead(trials, outlook));
  if ("because" in outlook ? outlook.unread : !outlook.paces && outlook.done.size < trials.length)
    print(`To know how long it takes: ${command()} plan ${shellWord(file)} --measure`);
  for (const line of checkedLines(study.assured)) print(line);
  return exit.fine;
}

/** `Checked: splits share no row; lr is chosen on valid, test is read once a trial.` */
function checkedLines(assured: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const several = Object.keys(assured).length > 1;
  return Object.entries(assured).flatMap(([experiment, clauses]) =>
    clauses.length > 0
      ? wrap(
          `Checked${several ? ` in ${experiment}` : ""}: ${clauses.join("; ")}.`,
          lookOf(process.stdout).width,
        )
      : [],
  );
}

/** `study.dl:5:12`, to be clicked. */
function placeOf({ file, start }: Span): string {
  const { line, column } = positionAt(file, start);
  return file.path.startsWith("--") ? file.path : `${file.path}:${line}:${column}`;
}

/** Progress goes to stderr, and Ctrl-C ends it: nothing is lost. */
async function lookAt(plan: Parameters<typeof lookAhead>[0], options: PlanOptions) {
  const view = createView();
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  try {
    return await lookAhead(plan, {
      runs: runsFolder(options),
      read: options.measure ?? false,
      measure: options.measure ?? false,
      onEvent: (event) => view.show(event),
      signal: stop.signal,
    });
  } finally {
    view.close();
    process.off("SIGINT", onSignal);
  }
}

/** A line for each arm and state of its trials. */
function tableOf(experiment: ExperimentPlan, trials: readonly TrialSpec[], known: Outlook | undefined) {
  const groups = new Map<string, TrialSpec[]>();
  for (const trial of trials) {
    if (!experiment.trials.includes(trial.ordinal)) continue;
    const key = JSON.stringify([trial.levels, known?.done.get(trial.ordinal)]);
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  const factors = experiment.factors.map(({ path }) => path);
  const repeats = experiment.replicates.map(({ path }) => path);
  const rows = [...groups.values()].map((group) => {
    const first = group[0]!;
    const pace = known?.paces?.get(first.ordinal);
    const run = known?.done.get(first.ordinal);
    return [
      String(group.length),
      ...factors.map((path) => first.levels[path] ?? ""),
      ...repeats.map((path) => span(group.map((each) => each.replicates[path] ?? ""))),
      count(parametersOf(first).trainable),
      short(macsOf(first.networks)),
      ...(known?.paces ? [pace ? duration(pace.seconds) : ""] : []),
      ...(known ? [run ? `done in ${run}: reused` : "new"] : []),
    ];
  });
  const names = [...factors, ...repeats].map((path) => path.split(".").at(-1)!);
  const heads = ["trials", ...names, "parameters", "MACs a sample"];
  const timed = known?.paces ? ["each"] : [];
  const align = `r${"l".repeat(names.length)}rr${timed.length > 0 ? "r" : ""}${known ? "l" : ""}`;
  return table([...heads, ...timed, ...(known ? ["state"] : [])], rows, align, lookOf(process.stdout));
}

/** `48 trials: 40 new, 8 reused.   55 min on 2 cores (48 to 63), measured just now.   Disk 230 MiB.` */
function ahead(trials: readonly TrialSpec[], known: Outlook): string {
  const fresh = trials.length - known.done.size;
  const states = known.done.size === 0 ? "all new" : `${fresh} new, ${known.done.size} reused`;
  const head = `${plural(trials.length, "trial")}: ${fresh === 0 ? "all done, nothing to run" : states}.`;
  if (fresh === 0) return head;
  const open = trials.filter(({ ordinal }) => !known.done.has(ordinal));
  const disk = open.reduce((sum, trial) => sum + 4 * parametersOf(trial).total, 0);
  const time = total(trials, known);
  const takes = time
    ? `   ${duration(time.seconds)} with ${plural(known.together, "training")} at a time (${duration(time.low)} to ${duration(time.high)}), measured just now.`
    : "";
  return `${head}${takes}   Disk ${bytes(disk)} for weights.`;
}

function total(trials: readonly TrialSpec[], { paces, together }: Outlook) {
  if (!paces) return undefined;
  const sum = (of: "seconds" | "low" | "high") =>
    trials.reduce((seconds, { ordinal }) => seconds + (paces.get(ordinal)?.[of] ?? 0), 0) / together;
  return { seconds: sum("seconds"), low: sum("low"), high: sum("high") };
}

function parametersOf(trial: TrialSpec): { readonly trainable: number; readonly total: number } {
  const sum =
    (of: "trainable" | "total") =>
    (all: number, { network }: NamedNetwork) =>
      all + layerTable(network)[of];
  return {
    trainable: learningNetworks(trial).reduce(sum("trainable"), 0),
    total: trial.networks.reduce(sum("total"), 0),
  };
}

/** `1 .. 8`, or the values where they are few. */
function span(values: readonly string[]): string {
  const distinct = [...new Set(values)];
  return distinct.length > 2 ? `${distinct[0]} .. ${distinct.at(-1)}` : distinct.join(", ");
}

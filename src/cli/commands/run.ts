import { resolve } from "node:path";
import { layerTable } from "../../check/shapes.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { PlacedProblem } from "../../diagnostics/problem.ts";
import { diagnosticsToJson } from "../../diagnostics/to-json.ts";
import { cacheFolder } from "../../engine/cache.ts";
import type { RunEnd } from "../../run/events.ts";
import { runStudy } from "../../run/run.ts";
import type { TrialSpec } from "../../study/plan.ts";
import { summarise } from "../../study/summarise.ts";
import { shellWord } from "../../text/shell.ts";
import { giveAnswer } from "../answer.ts";
import { tellDiagnostics } from "../diagnostics.ts";
import { ensureTensorflow } from "../ensure-engine.ts";
import { type ExitCode, exit, UsageError } from "../exit.ts";
import { networksOf } from "../networks.ts";
import { type RunsOption, runsFolder } from "../runs-folder.ts";
import { checkRunnable, parseSet, type SpecOptions } from "../study.ts";
import { command, lookOf, paint, print, say } from "../terminal.ts";
import { createView } from "../view.ts";
import { count } from "../words.ts";

interface RunOptions extends SpecOptions, RunsOption {
  readonly smoke?: boolean;
  readonly jobs?: string;
  readonly reuse: "logical" | "exact" | "off";
  readonly engine: "tensorflow" | "reference";
  readonly json?: boolean;
}

export async function run(file: string, options: RunOptions): Promise<ExitCode> {
  const jobs = parseJobs(options.jobs);
  const { study, diagnostics } = checkRunnable(file, options);
  if (options.json && !study) printDiagnostics(diagnostics);
  if (tellDiagnostics(diagnostics) || !study) return exit.specHasErrors;
  if (options.engine === "tensorflow") await ensureTensorflow();

  const look = lookOf(process.stderr);
  const { plan } = study;
  say(`${paint(`${plan.study}${plan.question ? ": " : ""}`, "bold", look)}${plan.question ?? ""}`);
  const line = (head: string, text: string) => say(`  ${paint(head.padEnd(8), "dim", look)}${text}`);
  line("models", modelsLine(plan.trials));
  line("plan", summarise(plan));

  const view = options.json ? undefined : createView();
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(exit.interrupted);
    stop.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  let ended: { end: RunEnd; directory: string };
  try {
    ended = await runStudy({
      study: { ...study, set: (options.set ?? []).map(parseSet) },
      runsFolder: runsFolder(options),
      cacheFolder: cacheFolder(),
      engineName: options.engine,
      jobs,
      smoke: options.smoke ?? false,
      reuse: options.reuse,
      signal: stop.signal,
      onEvent: (event) => (options.json ? print(JSON.stringify(event)) : view?.show(event)),
    });
  } catch (error) {
    if (options.json && error instanceof PlacedProblem) printDiagnostics([error.diagnostic]);
    throw error;
  } finally {
    view?.close();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
  const { end, directory } = ended;
  if (end === "interrupted") {
    say(`  Again: ${commandLine()}`);
    return exit.interrupted;
  }
  if (options.smoke) {
    say(
      end === "finished"
        ? "  Every trial made two steps and one evaluation. Nothing was kept."
        : "  Nothing was kept.",
    );
    return end === "finished" ? exit.fine : exit.trialFailed;
  }
  await giveAnswer(resolve(directory), directory, options.json ? { json: "line" } : {});
  return end === "finished" ? exit.fine : exit.trialFailed;
}

/** For programs, as one line among the events. */
function printDiagnostics(diagnostics: readonly Diagnostic[]): void {
  print(JSON.stringify({ type: "diagnostics", ...diagnosticsToJson(diagnostics) }));
}

/** `vgg 20,347 parameters   resnet 20,347 parameters` */
function modelsLine(trials: readonly TrialSpec[]): string {
  return [...networksOf(trials)]
    .map(([network, name]) => `${name} ${count(layerTable(network).trainable)} parameters`)
    .join("   ");
}

function parseJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new UsageError(`--jobs takes a whole number from 1 on, not ${text}`);
  return jobs;
}

/** The command as typed, to be pasted again. */
function commandLine(): string {
  return [command(), ...process.argv.slice(2).map(shellWord)].join(" ");
}

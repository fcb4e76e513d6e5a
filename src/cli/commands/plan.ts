import { layerTable } from "../../check/shapes.ts";
import { diagnosticsToJson } from "../../diagnostics/to-json.ts";
import type { TrialSpec } from "../../study/plan.ts";
import { summarise } from "../../study/summarise.ts";
import { type ExitCode, exit } from "../exit.ts";
import { checkStudy, type SpecOptions, tellDiagnostics } from "../study.ts";
import { table } from "../table.ts";
import { lookOf, print, printJson } from "../terminal.ts";
import { count, short } from "../words.ts";

export async function plan(file: string, options: SpecOptions & { json?: boolean }): Promise<ExitCode> {
  const { study, diagnostics } = checkStudy(file, options);
  if (options.json && !study) printJson(diagnosticsToJson(diagnostics));
  else if (!options.json) tellDiagnostics(diagnostics);
  if (!study) return exit.specHasErrors;
  const { trials, experiments } = study.plan;
  const sized = trials.map((trial) => ({ trial, ...sizeOf(trial) }));
  if (options.json) {
    printJson({
      study: study.plan.study,
      question: study.plan.question,
      summary: summarise(study.plan),
      trials: sized.map(({ trial: { ordinal, experiment, levels, replicates, seed }, parameters, macs }) => ({
        ...{ ordinal, experiment, levels, replicates, seed, parameters, macs },
      })),
    });
    return exit.fine;
  }
  const look = lookOf(process.stdout);
  for (const experiment of experiments) {
    const arms = new Map<string, typeof sized>();
    for (const each of sized.filter(({ trial }) => experiment.trials.includes(trial.ordinal))) {
      const key = JSON.stringify(each.trial.levels);
      arms.set(key, [...(arms.get(key) ?? []), each]);
    }
    const factors = experiment.factors.map(({ path }) => path);
    const repeats = experiment.replicates.map(({ path }) => path);
    const rows = [...arms.values()].map((group) => {
      const { trial, parameters, macs } = group[0]!;
      const levels = factors.map((path) => trial.levels[path] ?? "");
      const repeated = repeats.map((path) => span(group.map((each) => each.trial.replicates[path] ?? "")));
      return [String(group.length), ...levels, ...repeated, count(parameters), short(macs)];
    });
    const heads = ["trials", ...[...factors, ...repeats].map((path) => path.split(".").at(-1)!)];
    const align = `r${"l".repeat(factors.length + repeats.length)}rr`;
    print(experiment.name);
    print(table([...heads, "parameters", "MACs a sample"], rows, align, look));
  }
  print(`${summarise(study.plan)}.`);
  return exit.fine;
}

function sizeOf({ network }: TrialSpec): { parameters: number; macs: number } {
  const { trainable, layers } = layerTable(network);
  return { parameters: trainable, macs: layers.reduce((sum, layer) => sum + layer.macs, 0) };
}

/** `1 .. 8`, or the values where they are few. */
function span(values: readonly string[]): string {
  const distinct = [...new Set(values)];
  return distinct.length > 2 ? `${distinct[0]} .. ${distinct.at(-1)}` : distinct.join(", ");
}

import { listWords } from "../../check/describe.ts";
import { loadDataset } from "../../data/load.ts";
import { cacheFolder } from "../../engine/cache.ts";
import { passes } from "../../graph/passes.ts";
import { printProgram } from "../../graph/print.ts";
import type { Program } from "../../graph/program.ts";
import { placed } from "../../run/datasets.ts";
import { canonicalJson } from "../../store/canonical.ts";
import { planRecord } from "../../store/plan-file.ts";
import { buildTrial } from "../../train/build.ts";
import { withClasses } from "../../train/class-names.ts";
import { tellDiagnostics } from "../diagnostics.ts";
import { type ExitCode, exit, UsageError } from "../exit.ts";
import { checkRunnable, checkStudy, type SpecOptions } from "../study.ts";
import { print } from "../terminal.ts";

interface CompileOptions extends SpecOptions {
  readonly emit: "json" | "graph";
  readonly trial: string;
  readonly entry: string;
  readonly after?: string;
}

/** What `buildTrial` makes: the graph with its gradients, before any pass. */
const built = "differentiate";

export async function compile(file: string, options: CompileOptions): Promise<ExitCode> {
  const check = options.emit === "json" ? checkStudy : checkRunnable;
  const { study, diagnostics } = check(file, options);
  if (tellDiagnostics(diagnostics) || !study) return exit.specHasErrors;
  const { plan } = study;
  if (options.emit === "json") {
    print(canonicalJson(planRecord(plan)));
    return exit.fine;
  }
  const trial = plan.trials.find(({ ordinal }) => String(ordinal) === options.trial);
  if (!trial)
    throw new UsageError(`there is no trial ${options.trial}; this study has 1 to ${plan.trials.length}`);
  const names = [built, ...passes.map(({ name }) => name)];
  const after = options.after ?? names.at(-1)!;
  if (!names.includes(after))
    throw new UsageError(`there is no pass ${after}; the passes are ${names.join(", ")}`);
  // How many rows there are is part of the graph's types.
  const dataset = await placed(plan, trial.data, () => loadDataset(trial.data, { cache: cacheFolder() }));
  const { program } = buildTrial(withClasses(trial, dataset), dataset.count, {
    evaluateBatch: trial.recipe.batch,
  });
  const entries = Object.keys(program.entries);
  if (!entries.includes(options.entry))
    throw new UsageError(`--entry takes ${listWords(entries)}, not ${options.entry}`);
  print(printProgram(afterPass(program, names.indexOf(after)), options.entry));
  return exit.fine;
}

function afterPass(program: Program, count: number): Program {
  return passes.slice(0, count).reduce((current, pass) => pass.run(current), program);
}

/** Reads a run, answers its question, prints the answer and writes `analysis/`. As a `line` it is the last event of a run. */

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { answer } from "../report/answer.ts";
import { answerToCsv } from "../report/csv.ts";
import { renderReport } from "../report/html.ts";
import { renderAnswer } from "../report/text.ts";
import { readRun } from "../store/read.ts";
import { shellWord } from "../text/shell.ts";
import { command, lookOf, print, printJson } from "./terminal.ts";

export async function giveAnswer(
  folder: string,
  shown: string,
  options: { readonly json?: boolean | "line" },
): Promise<void> {
  const run = readRun(folder);
  const result = answer(run);
  const page = writeAnalysis(folder, {
    "report.html": renderReport(run, result),
    "table.csv": answerToCsv(result),
    "verdict.json": `${JSON.stringify(result, null, 2)}\n`,
  });
  const shownPage = relative("", page) || page;
  if (options.json === "line") print(JSON.stringify({ type: "answer", ...result, report: shownPage }));
  else if (options.json) printJson(result);
  if (options.json) return;
  print(`\n${renderAnswer(result, lookOf(process.stdout))}\n`);
  print(`report   ${shownPage}`);
  print(`again    ${command()} report ${shellWord(shown)}`);
}

/** Each file is complete or not there. Returns the path of the report. */
function writeAnalysis(folder: string, files: Readonly<Record<string, string>>): string {
  const analysis = join(folder, "analysis");
  mkdirSync(analysis, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const made = join(analysis, `.${name}-${process.pid}`);
    writeFileSync(made, text);
    renameSync(made, join(analysis, name));
  }
  return join(analysis, "report.html");
}

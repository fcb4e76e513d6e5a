/** Reads a run, answers its question, prints the answer and writes `analysis/`. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Answer, answer } from "../report/answer.ts";
import { answerToCsv } from "../report/csv.ts";
import { renderReport } from "../report/html.ts";
import { renderAnswer } from "../report/text.ts";
import { readRun } from "../store/read.ts";
import { command, lookOf, print, printJson } from "./terminal.ts";

export async function giveAnswer(folder: string, shown: string, options: { json?: boolean }): Promise<void> {
  const run = readRun(folder);
  const result = answer(run);
  const page = writeAnalysis(folder, {
    "report.html": renderReport(run, result),
    "table.csv": answerToCsv(result),
    "verdict.json": `${JSON.stringify(result, null, 2)}\n`,
  });
  if (options.json) {
    printJson(result satisfies Answer);
    return;
  }
  print(`\n${renderAnswer(result, lookOf(process.stdout))}\n`);
  print(`report   ${relative("", page) || page}`);
  print(`again    ${command} report ${shown}`);
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

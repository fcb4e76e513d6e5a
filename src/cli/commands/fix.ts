import { readFileSync, writeFileSync } from "node:fs";
import type { ChosenFix } from "../../diagnostics/fixes.ts";
import { lineEdits } from "../../format/edits.ts";
import { fixStudy } from "../../study/fix-study.ts";
import { shellWord } from "../../text/shell.ts";
import { positionAt } from "../../text/source.ts";
import { type ExitCode, exit } from "../exit.ts";
import { expectFile } from "../files.ts";
import { diskHost } from "../host.ts";
import { command, print, say } from "../terminal.ts";
import { plural } from "../words.ts";

/** Makes the fixes that are beyond doubt, and shows what it changed. With `dryRun` the file stays as it is. */
export async function fix(file: string, options: { readonly dryRun?: boolean }): Promise<ExitCode> {
  expectFile(file);
  const before = readFileSync(file, "utf8");
  const fixed = fixStudy(file, before, diskHost);
  if (fixed.made.length > 0) {
    print(`${showChanges(file, before, fixed.text)}\n`);
    for (const line of new Set(fixed.made.map(describe))) print(`  ${line}`);
    if (!options.dryRun) writeFileSync(file, fixed.text);
  }
  const would = options.dryRun ? "would be " : "";
  const errors = fixed.diagnostics.filter(({ severity }) => severity === "error").length;
  if (fixed.made.length > 0) say(`${plural(fixed.made.length, "fix", "fixes")} ${would}made in ${file}.`);
  else say(`${file}: ${errors > 0 ? "no fix is beyond doubt, and nothing is changed" : "nothing to fix"}.`);
  if (errors === 0) return exit.fine;
  say(`${plural(errors, "error")} ${would}left: ${command()} check ${shellWord(file)}`);
  return exit.specHasErrors;
}

const describe = ({ fix, of }: ChosenFix): string => `${of.code}  ${of.message}: ${fix.title}`;

/** The lines that change, as they were and as they are. */
function showChanges(path: string, before: string, after: string): string {
  const source = { path, text: before };
  const lines = (text: string, sign: string) =>
    text
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => `  ${sign} ${line}`);
  return lineEdits(source, after)
    .flatMap(({ span, text }) => [
      `${path}:${positionAt(source, span.start).line}`,
      ...(span.end > span.start ? lines(before.slice(span.start, span.end), "-") : []),
      ...(text === "" ? [] : lines(text, "+")),
      "",
    ])
    .join("\n");
}

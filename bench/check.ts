/** `npm run bench check`: milliseconds of processor time to parse and to check a file, at 1, 10 and 100 times the length of specs/galaxy-zoo.dl. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diskHost } from "../src/cli/host.ts";
import { createReporter, hasErrors } from "../src/diagnostics/diagnostic.ts";
import type { Host } from "../src/modules/host.ts";
import { planStudy } from "../src/study/plan-study.ts";
import { parse } from "../src/syntax/parse.ts";

const path = join(process.cwd(), "specs/galaxy-zoo.dl");
const spec = readFileSync(path, "utf8");
const runs = 5;

/** The spec, and its declarations under new names as often as it takes. */
function repeated(times: number): string {
  const begin = spec.indexOf("/// 1,517");
  const [head, body] = [spec.slice(0, begin), spec.slice(begin)];
  const names = /\b(galaxies|widths|vgg|resnet|baseline|skip_or_not)\b(?!:)/g;
  const copies = Array.from({ length: times }, (_, i) => (i === 0 ? body : body.replace(names, `$1_${i}`)));
  // The parameter of a model keeps its name.
  return (
    head +
    copies
      .join("\n")
      .replace(/\(widths_\d+: /g, "(widths: ")
      .replace(/for c in widths_\d+/g, "for c in widths")
  );
}

/** Processor time of the quickest of a few runs, in milliseconds: on a busy machine the clock tells of the others too. */
function time(work: () => void): number {
  const taken = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...taken);
}

function check(text: string): void {
  const reporter = createReporter();
  const host: Host = { ...diskHost, read: (name) => (name === path ? text : diskHost.read(name)) };
  planStudy(path, { host, reporter, set: [] });
  if (hasErrors(reporter.diagnostics))
    throw new Error(reporter.diagnostics.map(({ message }) => message).join("\n"));
}

console.log("  lines    parse ms    check ms    check µs a line");
for (const times of [1, 10, 100]) {
  const text = repeated(times);
  const lines = text.split("\n").length;
  const parsing = time(() => parse({ path, text }, createReporter()));
  const checking = time(() => check(text));
  const columns = [lines, parsing.toFixed(1), checking.toFixed(1), ((1000 * checking) / lines).toFixed(0)];
  console.log(columns.map((column, i) => String(column).padStart([7, 12, 12, 19][i]!)).join(""));
}

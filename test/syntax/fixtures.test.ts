/**
 * What is said of mistakes, written below them: `//^ DL1008:7 message` is a diagnostic of the line above, at column 7. After a
 * change of wording: UPDATE_FIXTURES=1 npx vitest run test/syntax/fixtures.test.ts, and read the difference.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createReporter, type Diagnostic, definedKinds } from "../../src/diagnostics/diagnostic.ts";
import { parse } from "../../src/syntax/parse.ts";
import { positionAt } from "../../src/text/source.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "syntax");
const files = readdirSync(folder).sort();
const marker = /^\/\/\^ (DL\d+).*\r?\n/gm;

/** The text with what is said below each line. */
function annotate(path: string, marked: string): string {
  const source = { path, text: marked.replace(marker, "") };
  const reporter = createReporter();
  parse(source, reporter);
  const place = ({ span }: Diagnostic) => positionAt(source, span.start);
  const sorted = [...reporter.diagnostics].sort((a, b) => a.span.start - b.span.start);
  return source.text
    .split(/(?<=\n)/)
    .map((line, i) => {
      const below = sorted.filter((one) => place(one).line === i + 1);
      const end = line.endsWith("\r\n") ? "\r\n" : "\n";
      return line + below.map((one) => `//^ ${one.code}:${place(one).column} ${one.message}${end}`).join("");
    })
    .join("");
}

test.each(files)("%s", (name) => {
  const text = readFileSync(join(folder, name), "utf8");
  const annotated = annotate(name, text);
  if (process.env.UPDATE_FIXTURES) writeFileSync(join(folder, name), annotated);
  else expect(annotated).toBe(text);
});

test("every diagnostic of syntax is met", () => {
  const met = new Set(
    files.flatMap((name) => readFileSync(join(folder, name), "utf8").match(/DL10\d\d(?=:)/g)),
  );
  const kinds = definedKinds().map(({ code }) => code);
  expect([...met].sort()).toEqual(kinds.filter((code) => code.startsWith("DL10")));
});

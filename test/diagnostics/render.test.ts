import { expect, test } from "vitest";
import { createReporter, define } from "../../src/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../../src/diagnostics/render-terminal.ts";
import { diagnosticsToJson } from "../../src/diagnostics/to-json.ts";
import type { SourceFile, Span } from "../../src/text/source.ts";

const mismatch = define(
  "DL0001",
  "test-mismatch",
  "error",
  (p: { axis: string }) => `\`main\` and \`skip\` disagree on ${p.axis}`,
);

function find(file: SourceFile, text: string): Span {
  const start = file.text.indexOf(text);
  return { file, start, end: start + text.length };
}

const main: SourceFile = {
  path: "vgg.dl",
  text: `${"\n".repeat(7)}branch main {\n\tbatch_norm }\nbranch skip {\n}\nmain + skip\n`,
};
const other: SourceFile = { path: "std/vision.dl", text: "block b() { }\n" };

function example() {
  const reporter = createReporter();
  reporter.report(mismatch, { axis: "channels" }, find(main, "main + skip"), {
    text: "these cannot be added",
    labels: [
      { span: find(main, "skip {"), text: "skip ends as f32[N,  3]" },
      { span: find(main, "batch_norm }\nbranch"), text: "main ends as f32[N, 64]" },
      { span: find(other, "b()"), text: "declared here" },
    ],
    notes: ["while building residual(c: 64, stride: 2) from line 40"],
    hint: "skip is empty, so it passes its input through; project it with `conv(c, kernel: 1, stride: stride)` or take away the branch",
    fixes: [
      {
        title: "add `conv(c)`",
        edits: [{ span: { file: main, start: 50, end: 50 }, text: "conv(c)" }],
        safety: "review",
      },
    ],
  });
  return reporter.diagnostics;
}

test("labels stand in the order of their places, other files below", () => {
  expect(renderDiagnostics(example(), { colour: false, unicode: true, width: 80 })).toMatchInlineSnapshot(`
    "error[DL0001]: \`main\` and \`skip\` disagree on channels
       ╭─ vgg.dl:12:1
     9 │  batch_norm }
       │  ------------ main ends as f32[N, 64]
    10 │ branch skip {
       │        ------ skip ends as f32[N,  3]
    12 │ main + skip
       │ ^^^^^^^^^^^ these cannot be added
       ╭─ std/vision.dl:1:7
     1 │ block b() { }
       │       --- declared here
       = while building residual(c: 64, stride: 2) from line 40
       = hint: skip is empty, so it passes its input through; project it with
               \`conv(c, kernel: 1, stride: stride)\` or take away the branch
       = fix: add \`conv(c)\`
       = dlc explain DL0001
    "
  `);
});

test("without Unicode only ASCII is printed", () => {
  const text = renderDiagnostics(example(), { colour: false, unicode: false, width: 100 });
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
});

test("colour changes no letter", () => {
  const plain = renderDiagnostics(example(), { colour: false, unicode: true, width: 80 });
  const coloured = renderDiagnostics(example(), { colour: true, unicode: true, width: 80 });
  expect(coloured).not.toBe(plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is taken away
  expect(coloured.replace(/\u001b\[[0-9;]*m/g, "")).toBe(plain);
});

test("a long line is cut around its mark", () => {
  const file = { path: "long.dl", text: `${"a + ".repeat(60)}wrong + b` };
  const reporter = createReporter();
  reporter.report(mismatch, { axis: "x" }, find(file, "wrong"), { text: "here" });
  const lines = renderDiagnostics(reporter.diagnostics, { colour: false, unicode: true, width: 60 }).split(
    "\n",
  );
  const column = lines[2]!.indexOf("wrong");
  expect(column).toBeGreaterThan(0);
  expect(lines[3]!.indexOf("^^^^^ here")).toBe(column);
  expect(lines[2]!.length).toBeLessThanOrEqual(60);
});

test("JSON has places with ends", () => {
  const [one] = diagnosticsToJson(example()).diagnostics;
  expect(one).toMatchObject({
    code: "DL0001",
    slug: "test-mismatch",
    severity: "error",
    file: "vgg.dl",
    line: 12,
    column: 1,
    endLine: 12,
    endColumn: 12,
    fixes: [{ safety: "review", edits: [{ text: "conv(c)" }] }],
  });
  expect(one!.labels.map((label) => label.file)).toEqual(["vgg.dl", "vgg.dl", "std/vision.dl"]);
  expect(one!.labels[1]).toMatchObject({ line: 9, column: 2, endLine: 10, endColumn: 7 });
});

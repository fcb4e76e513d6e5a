import { expect, test } from "vitest";
import { fixStudy } from "../../src/study/fix-study.ts";
import { hostOf, study } from "./files.ts";

const fix = (text: string, others: Readonly<Record<string, string>> = {}) =>
  fixStudy("study.dl", text, hostOf(others));

test("what is in order stays as it is", () => {
  expect(fix(study())).toEqual({ text: study(), made: [], diagnostics: [] });
});

test("mistakes behind mistakes: a comma hides a name, the name hides its parameter", () => {
  const mistaken = study()
    .replace("bands: [Y, J, H]", "bands: [Y, J H]")
    .replace("adam(lr: 0.01)", "Adam(learning_rate: 0.01)");
  const { text, made, diagnostics } = fix(mistaken);
  expect(made.map(({ of }) => of.code)).toEqual(["DL1006", "DL2002", "DL2004"]);
  expect(text).toBe(study());
  expect(diagnostics).toEqual([]);
});

test("several fixes of one line, and of one place only the first", () => {
  const mistaken = study().replace("conv(width, kernel: 3); relu", "Conv2d(width, kernl: 3) RELU");
  expect(fix(mistaken).text).toBe(study().replace("kernel: 3); relu", "kernel: 3); relu"));
});

test("what wants an eye is left", () => {
  const mistaken = study().replace("dense(K)\n}", "dense(K)\n  softmax\n}");
  const { text, made, diagnostics } = fix(mistaken);
  expect(text).toBe(mistaken);
  expect(made).toEqual([]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["DL5009"]);
});

test("imported files are not changed", () => {
  const text = study().replace("edition 2026", 'edition 2026\nimport "./more.dl" { extra }');
  const { made, diagnostics } = fix(text, { "more.dl": "let extra = [1, 2 3]" });
  expect(made).toEqual([]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["DL1006"]);
});

test.each(["\n", "\r\n"])("comments as C has them become lines, whatever ends a line (%j)", (newline) => {
  const lines = (text: string) => text.replaceAll("\n", newline);
  const text = lines(study()).replace("edition 2026", lines("edition 2026\n\n/* How deep\n * is enough? */"));
  const fixed = fix(text.replace("batch = 32", "batch = 32 /* images */"));
  expect(fixed.text).toBe(
    lines(study())
      .replace("edition 2026", lines("edition 2026\n\n// How deep\n// is enough?"))
      .replace("batch = 32", "batch = 32 // images"),
  );
  expect(fixed.diagnostics).toEqual([]);
});

test("a comment within a line is one mistake, and left", () => {
  const { made, diagnostics } = fix(study().replace("conv(width,", "conv(/* few */ width,"));
  expect(made).toEqual([]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["DL1013"]);
});

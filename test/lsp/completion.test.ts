/** What is offered while a study is being written: all that fits, nothing else, the likeliest first. */
import { expect, test } from "vitest";
import { functionNames } from "../../src/check/functions.ts";
import { complete } from "../../src/lsp/completion.ts";
import { edit, study } from "./edited.ts";

function offered(text: string) {
  const { analysis, offset, workspace } = edit(text);
  return complete(analysis, offset, workspace.parseFile).items;
}
const labels = (text: string) => offered(text).map(({ label }) => label);
/** At the end of what has been written of a file. */
const begun = (text: string) => labels(`edition 2026\n\n${text}┆`);
const inLines = (lines: string) =>
  labels(
    `${study("  conv(8); flatten; dense(K)")}\nloss own(y: f32[N, K], t: class[K], scale: f32 = 1.0) { scale * cross_entropy(y, t) }\n${lines}┆`,
  );

test.each<[string, string, readonly string[]]>([
  ["data d {\n  input a : f32 = ", "a field", ["source."]],
  ["data d {\n  input a : f32 = source.a ", "a field goes on", ["in", "where"]],
  ["experiment e {\n  vary model ", "a factor", ["over"]],
  ["experiment e {\n  vary model over { small } ", "a factor goes on", ["when"]],
  ["experiment e {\n  vary model over ", "an axis", ["grid", "log_grid", "random", "sobol", "zip"]],
  ["experiment e {\n  repeat ", "a replicate", ["data", "seed", "fold"]],
  ["experiment e {\n  repeat seed over 1 ", "a seed has no unit", []],
  ["experiment e {\n  vary recipe.batch over [1]\n  choose recipe.", "factors", ["batch"]],
  ["experiment e {\n  choose recipe.batch by ", "a goal", ["max", "min"]],
  ["experiment e {\n  choose recipe.batch by max(", "never the test rows", ["valid.", "train."]],
  ["experiment e {\n  choose recipe.batch by max(valid.loss) ", "a choice goes on", ["per"]],
  ["experiment e {\n  report test.accuracy ", "a report goes on", ["as", "by"]],
  ["experiment e {\n  compare a - b on test.accuracy ", "a comparison goes on", ["paired by", "margin"]],
  ["experiment e {\n  compare a - b\n    on ", "in the next line", ["test.", "valid.", "train.", "cost."]],
  ["experiment e {\n  allow DL6005 ", "a reason", ["because"]],
  ["experiment e {\n  recipe = short ", "a copy", ["with"]],
  ["experiment e {\n  data = galaxies\n  report test.accuracy by label ", "bins", ["in", "as", "by"]],
  ["recipe r {\n  length = 4 ", "lengths", ["epochs", "epoch", "steps", "step", "s", "min", "h"]],
  ["recipe r {\n  schedule = cosine(warmup: 1 ", "no times", ["epochs", "epoch", "steps", "step"]],
  ["recipe r {\n  keep = best(", "never the test rows", ["metric:", "valid.", "train."]],
  ["recipe r {\n  loss = own(data.", "fields that enter a loss", ["image", "label"]],
  ["model m(c: int, act: layer) : f32[N, L, C] -> f32[N, c] {\n  conv(c) ", "a name", ["as"]],
  [
    "model m(c: int, act: layer) : f32[N, L, C] -> f32[N, c] {\n  conv(3, kernel: ",
    "whole numbers",
    ["L", "C", "c", ...functionNames()],
  ],
  ["model m(c: int, act: layer) : f32[N, L, ", "sizes", ["N", "L", "c", "ceil", "floor"]],
  ["model m : f32[N, L, C] -> f32[N, C] {\n  branch a ", "where it starts", ["from"]],
  ["model m : f32[N, L, C] -> f32[N, C] {\n  for i ", "a loop", ["in"]],
  ["model m : f32[N, L, C] -> f32[N, C] {\n  if C > 3 { relu } ", "the other case", ["else", "as"]],
  ["edition ", "the edition", ["2026"]],
])("%j: %s", (lines, _, expected) => {
  expect(inLines(lines).toSorted()).toEqual(expected.toSorted());
});

test("what a loss may call, and no layer that learns", () => {
  const start = "loss l(y: f32[N, 1], t: f32[N], c: f32 = 1.0) {\n  ";
  for (const text of [`${start}`, `${start}c * `, `${start}mean(`, `${start}c * (take(y, index: 0) - `]) {
    const found = begun(text);
    expect(found, text).toEqual(expect.arrayContaining(["y", "t", "take", "mean", "huber"]));
    for (const other of ["conv", "dense", "batch_norm", "lstm"]) expect(found, text).not.toContain(other);
  }
  expect(begun(`${start}take(y, `)).toEqual(expect.arrayContaining(["index:", "axis:"]));
});

test("behind a tensor, all parameters of a layer; a statement that is ended takes no more", () => {
  const start = "model m : f32[N, L, C] -> (a: f32[N, C]) {\n  conv(8) as x\n  ";
  expect(begun(`${start}out a = dense(x, `)).toEqual(expect.arrayContaining(["units:", "bias:", "x"]));
  expect(begun(`${start}x + `)).toEqual(expect.arrayContaining(["x", "concat"]));
  for (const text of ["mean(x, axis: 1 ", "add(x ", "conv(8)", "x "])
    expect(begun(start + text).filter((label) => label === "conv_bn_relu" || label === "branch")).toEqual([]);
});

test("outputs and fields in losses and metrics", () => {
  const two =
    "model two : f32[N, H, W, C] -> (a: f32[N, K], b: f32[N, 1]) {\n  flatten as f\n  out a = dense(f, units: K)\n  out b = dense(f, units: 1)\n}\n";
  expect(inLines(`${two}recipe r {\n  loss = cross_entropy(model.`)).toEqual(["a", "b"]);
  const loss = inLines(`${two}recipe r {\n  loss = `);
  expect(loss).toEqual(expect.arrayContaining(["cross_entropy", "own", "a", "b", "label", "model", "data."]));
  const metric = inLines(`${two}experiment e {\n  report test.accuracy(`);
  expect(metric).toEqual(expect.arrayContaining(["a", "b", "label", "data."]));
  const networks = `${two}experiment e {\n  model = { left: two, right: small }\n  report test.accuracy(`;
  expect(inLines(`${networks}left.`)).toEqual(["a", "b"]);
  expect(inLines(`${networks}left(image).`)).toEqual(["a", "b"]);
});

test("metrics that suit the fields of the file come first", () => {
  const items = offered(study("  flatten; dense(K)").replace("test.accuracy", "test.┆"));
  const rank = (label: string) => items.find((item) => item.label === label)?.rank;
  expect([rank("accuracy"), rank("psnr"), rank("completeness")]).toEqual([0, 0, 0]);
  const numbers = offered(
    study("  flatten; dense(K)")
      .replace("class[2] = source.class", "f32 = source.magnitude")
      .replace("test.accuracy", "test.┆"),
  );
  expect(numbers.find(({ label }) => label === "accuracy")?.rank).toBe(2);
});

test("an empty file begins with its edition", () => {
  expect(labels("┆")).toContain("edition");
  expect(labels("edition 2026\n┆")).not.toContain("edition");
  expect(offered("┆").every(({ detail }) => detail !== "")).toBe(true);
});

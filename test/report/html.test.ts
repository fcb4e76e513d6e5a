import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { answer } from "../../src/report/answer.ts";
import { answerToCsv } from "../../src/report/csv.ts";
import { renderReport } from "../../src/report/html.ts";
import { pictureUri } from "../../src/report/page/picture.ts";
import { comparePairs } from "../../src/stats/compare.ts";
import { galaxiesRun, metric, type RunOptions } from "./galaxies-run.ts";

const full: RunOptions = {
  seeds: 6,
  rates: ["0.03", "0.1"],
  question: 'Does <script>alert("a shortcut")</script> & nothing else help?',
  changes: { 7: { state: "diverged", divergedAt: 41, predictions: () => null } },
  experiment: {
    doc: "Widths < 64 & equal budgets.",
    allowed: [{ code: "DL6012", because: 'the arms\' "parameters" are equal' }],
    reports: [
      { metrics: [metric("test", "accuracy"), metric("test", "log_loss")], as: null, by: null },
      { metrics: [metric("test", "accuracy")], as: null, by: { field: "snr", bins: [5, 20, 100] } },
    ],
  },
};

const run = galaxiesRun(full);
const answered = answer(run);
const page = renderReport(run, answered);

const alone = new Set(["meta", "br", "img"]);

/** Names of elements that are not closed in order. */
function unclosed(markup: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, closing, name, rest] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/gi)) {
    if (closing) {
      if (open.pop() !== name) wrong.push(`</${name}>`);
    } else if (!rest!.endsWith("/") && !alone.has(name!)) open.push(name!);
  }
  return [...wrong, ...open];
}

/** The text of the page without tags, entities read. */
function textOf(markup: string): string {
  return markup
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

describe("the report", () => {
  test("is one file: no script, nothing from elsewhere", () => {
    expect(page.startsWith("<!doctype html>")).toBe(true);
    expect(page).not.toMatch(/<script/i);
    expect(page).not.toMatch(/\son[a-z]+=/i);
    expect(page).not.toMatch(/https?:|url\(|@import|<link|<iframe/i);
    for (const [, target] of page.matchAll(/\s(?:href|src)="([^"]*)"/g)) expect(target).toMatch(/^(#|data:)/);
  });

  test("is well formed, and names lead somewhere", () => {
    expect(unclosed(page)).toEqual([]);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    for (const [, names] of page.matchAll(/aria-labelledby="([^"]+)"/g))
      for (const name of names!.split(" ")) expect(ids).toContain(name);
  });

  test("every figure has a title, a description, and itself and its numbers as files", () => {
    const figures = page.match(/<figure[\s\S]*?<\/figure>/g)!;
    // Comparison, three curves, two confusions, reliability, one by field.
    expect(figures).toHaveLength(8);
    for (const figure of figures) {
      expect(figure).toMatch(
        /<svg [^>]*role="img"[^>]*><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/,
      );
      const [drawing, numbers] = [...figure.matchAll(/href="data:([^;]+);base64,([^"]+)"/g)].map(
        ([, type, data]) => ({ type, text: Buffer.from(data!, "base64").toString() }),
      );
      expect(drawing!.type).toBe("image/svg+xml");
      expect(drawing!.text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(unclosed(drawing!.text)).toEqual([]);
      expect(numbers!.type).toBe("text/csv");
      const lines = numbers!.text.trimEnd().split("\n");
      expect(lines.length).toBeGreaterThan(1);
    }
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("tables have headers, pictures have words", () => {
    for (const table of page.match(/<table>[\s\S]*?<\/table>/g)!) {
      expect(table).toMatch(/<caption>[^<]+<\/caption>/);
      expect(table).toMatch(/<th scope="col"/);
      expect(table).toMatch(/<th scope="row"/);
    }
    const pictures = page.match(/<img [^>]*>/g)!;
    expect(pictures.length).toBeGreaterThan(4);
    for (const picture of pictures)
      expect(picture).toMatch(/alt="Row \d+: [a-z]+, taken for [a-z]+ by \d+ of \d+ trainings"/);
  });

  test("says what the answer says: question, verdict, numbers, what is missing", () => {
    const text = textOf(page);
    const [experiment] = answered.experiments;
    expect(text).toContain('Does <script>alert("a shortcut")</script> & nothing else help?');
    expect(text.indexOf(experiment!.comparisons[0]!.verdict.text)).toBeLessThan(text.indexOf("Results"));
    for (const { cells } of experiment!.tables[0]!.rows) {
      const { mean, interval } = cells[0]!.estimate!;
      expect(text).toContain(
        `${mean.toFixed(3)} ${interval!.low.toFixed(3)} to ${interval!.high.toFixed(3)}`,
      );
    }
    expect(text).toContain("Trial 7 (vgg, lr 0.1, seed 1) diverged at step 41: its level was not chosen.");
    expect(text).toContain('the arms\' "parameters" are equal');
    expect(text).toContain(run.datasets.euclid!.digest);
    expect(text).toContain("git 0123456789abcdef");
  });

  test("a run that has only begun, and one without classes in pictures, are pages too", () => {
    const open = {
      state: "planned",
      epochs: [],
      predictions: () => null,
      seconds: null,
      weights: null,
    } as const;
    const changes = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [i + 1, open]));
    const begun = galaxiesRun({ changes });
    const text = renderReport(begun, answer(begun));
    expect(unclosed(text)).toEqual([]);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    expect(textOf(text)).toContain("12 of 12 trainings are not done: this answer is preliminary.");
  });
});

test("the table as CSV holds every value that is reported", () => {
  const [header, ...lines] = answerToCsv(answered).trimEnd().split("\n");
  expect(header).toBe("experiment,arm,chosen,trial,metric,by,bin,value");
  // Six seeds of two arms: two metrics, and one in two bins.
  expect(lines).toHaveLength(6 * 2 * 2 + 6 * 2 * 2);
  const [experiment] = answered.experiments;
  const { ordinal, value } = experiment!.tables[0]!.rows[1]!.cells[0]!.values[2]!;
  const { chosen } = experiment!.arms[1]!;
  expect(lines).toContain(
    `morphology,resnet,recipe.optimizer.lr=${chosen["recipe.optimizer.lr"]},${ordinal},test.accuracy,,,${value}`,
  );
});

test("pictures: grey for one band, colours for three, none for what is no picture", () => {
  const decode = (uri: string | null) => PNG.sync.read(Buffer.from(uri!.split(",")[1]!, "base64"));
  const ramp = Float32Array.from({ length: 400 }, (_, i) => i / 100 - 2);
  const grey = decode(pictureUri({ shape: [20, 20, 1], data: ramp }));
  expect([grey.width, grey.height]).toEqual([20, 20]);
  expect([...grey.data.subarray(0, 4)]).toEqual([0, 0, 0, 255]);
  expect([...grey.data.subarray(-4)]).toEqual([255, 255, 255, 255]);
  const colour = decode(pictureUri({ shape: [1, 2, 3], data: Float32Array.from([0, 1, 0, 1, 0, 0]) }));
  expect([...colour.data]).toEqual([0, 255, 0, 255, 255, 0, 0, 255]);
  expect(pictureUri({ shape: [12], data: ramp })).toBeNull();
});

test("the command that repeats a study has what --set replaced, as a shell reads it", () => {
  const set = [{ path: "wide.lr", text: "log_grid(1e-3 .. 1, 4)" }];
  const text = textOf(renderReport({ ...run, set }, answered));
  expect(text).toContain(`dlc run ${run.spec[0]!.path} --set 'wide.lr=log_grid(1e-3 .. 1, 4)'`);
});

test("arms that are equal on every seed have no test statistic to show", () => {
  const equal = galaxiesRun({ ...full, changes: {} });
  const found = answer(equal);
  const none = found.experiments.map((experiment) => ({
    ...experiment,
    comparisons: experiment.comparisons.map((comparison) => ({
      ...comparison,
      result:
        comparison.result && comparePairs([0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
    })),
  }));
  const text = textOf(renderReport(equal, { ...found, experiments: none }));
  expect(text).not.toMatch(/NaN|Infinity/);
});

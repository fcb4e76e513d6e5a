/** Metrics resolved by a field: which rows are in a bin, and what is said of those in none. */
import { describe, expect, test } from "vitest";
import { answer } from "../../src/report/answer.ts";
import { renderReport } from "../../src/report/html.ts";
import type { Table } from "../../src/report/table.ts";
import { renderAnswer } from "../../src/report/text.ts";
import type { RunData } from "../../src/store/run-data.ts";
import { galaxiesRun, metric } from "./galaxies-run.ts";

type Field = RunData["datasets"][string]["fields"][string];

function runBy(by: { field: string; bins: readonly number[] | null }, field?: Field): RunData {
  const run = galaxiesRun({
    seeds: 2,
    experiment: { comparisons: [], reports: [{ metrics: [metric("test", "accuracy")], as: null, by }] },
  });
  const { euclid } = run.datasets;
  const fields = field ? { ...euclid!.fields, [by.field]: field } : euclid!.fields;
  return { ...run, datasets: { euclid: { ...euclid!, fields } } };
}

const tableOf = (run: RunData): Table => answer(run).experiments[0]!.tables[0]!;
const examples = ({ rows }: Table) =>
  rows.filter(({ arm }) => arm === 0).map((row) => [row.bin!.label, row.examples]);
const number = {
  role: "keep",
  type: { kind: "tensor", dtype: "f32", shape: [] },
  shape: [],
  classes: null,
} as const;
const { rows, count } = galaxiesRun().datasets.euclid!;

describe("metrics by a field", () => {
  test("a bin holds its lower edge and not its upper; those in none are counted, in the terminal and on the page", () => {
    const data = Float32Array.from({ length: count }, (_, row) => row % 5);
    const run = runBy({ field: "level", bins: [1, 3, 4] }, { ...number, data, undo: [] });
    const table = tableOf(run);
    const test = [...rows.test].map((row) => row % 5);
    const within = (from: number, to: number) => test.filter((value) => value >= from && value < to).length;
    expect(examples(table)).toEqual([
      ["1 to 3", within(1, 3)],
      ["3 to 4", within(3, 4)],
    ]);
    const said = `${test.length - within(1, 4)} examples are in none of these bins.`;
    expect(renderAnswer(answer(run), { colour: false, unicode: true, width: 100 })).toContain(`\n  ${said}`);
    expect(renderReport(run, answer(run))).toContain(said);
  });

  test("a field that was standardized is resolved in its own unit", () => {
    const data = Float32Array.from({ length: count }, (_, row) => row % 5);
    const standardized: Field = {
      ...number,
      data: data.map((value) => (value - 2) / 1.5),
      undo: [{ op: "standardize", parameters: {}, fitted: { mean: [2], deviation: [1.5] } }],
    };
    const bins = [0.5, 2.5, 4.5];
    expect(tableOf(runBy({ field: "level", bins }, standardized)).rows).toEqual(
      tableOf(runBy({ field: "level", bins }, { ...number, data, undo: [] })).rows,
    );
  });

  test("classes, truths and few whole numbers stand for themselves, many are quarters", () => {
    expect(examples(tableOf(runBy({ field: "label", bins: null }))).map(([label]) => label)).toEqual([
      "star",
      "spiral",
      "elliptical",
    ]);
    const of = (dtype: "bool" | "i32", most: number): Field => ({
      ...number,
      type: { kind: "tensor", dtype, shape: [] },
      data: Int32Array.from({ length: count }, (_, row) => row % most),
      undo: [],
    });
    const labels = (field: Field) =>
      examples(tableOf(runBy({ field: "f", bins: null }, field))).map(([label]) => label);
    expect(labels(of("bool", 2))).toEqual(["not f", "f"]);
    expect(labels(of("i32", 3))).toEqual(["0", "1", "2"]);
    expect(labels(of("i32", 100))).toHaveLength(4);
  });
});

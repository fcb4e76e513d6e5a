/** What `report` asks for: a number for each arm and metric, or for each bin of a field. */

import { type Estimate, estimateMean } from "../stats/interval.ts";
import type { RunData } from "../store/run-data.ts";
import type { MetricSpec, ReportSpec } from "../study/plan.ts";
import { elementCount } from "../types/tensor.ts";
import type { Arm } from "./arms.ts";
import { decimalsFor, leastDecimals, type Unit } from "./numbers.ts";
import { type Measurements, metricName, metricTraits } from "./values.ts";

export interface Column {
  /** `test.accuracy` */
  readonly metric: string;
  readonly split: MetricSpec["split"];
  /** Without its split: `accuracy`. */
  readonly heading: string;
  readonly doc: string;
  readonly unit: Unit;
  readonly goal: "max" | "min";
  readonly decimals: number;
}

export interface Bin {
  /** `5 to 10`, or a class's name. */
  readonly label: string;
  /** [from, to); null for a class or a single value. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface Cell {
  /** Null where no trial of the arm has the number. */
  readonly estimate: Estimate | null;
  readonly values: readonly { readonly ordinal: number; readonly value: number }[];
}

export interface Row {
  /** Index into the arms. */
  readonly arm: number;
  readonly bin: Bin | null;
  /** Examples in the bin, of a trial; null without bins. */
  readonly examples: number | null;
  /** One for each column. */
  readonly cells: readonly Cell[];
}

export interface Table {
  readonly level: number;
  /** The field after `by`. */
  readonly by: string | null;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export function tableOf(
  run: RunData,
  report: ReportSpec,
  arms: readonly Arm[],
  measured: Measurements,
): Table {
  const level = levelOf(report);
  const rows = report.by
    ? binnedRows(run, report, report.by, arms, measured, level)
    : arms.map((arm, index) => ({
        arm: index,
        bin: null,
        examples: null,
        cells: report.metrics.map((spec) => cellOf(arm, (ordinal) => measured.value(ordinal, spec), level)),
      }));
  const columns = report.metrics.map((spec, c): Column => {
    const { unit, goal, doc } = metricTraits(spec);
    const halves = rows.map(({ cells }) => halfWidth(cells[c]!.estimate));
    const metric = metricName(spec);
    return {
      metric,
      split: spec.split,
      heading: metric.slice(metric.indexOf(".") + 1),
      doc,
      unit,
      goal,
      decimals: decimalsFor(halves, leastDecimals(unit)),
    };
  });
  return { level, by: report.by?.field ?? null, columns, rows };
}

function levelOf({ as }: ReportSpec): number {
  const level = as?.parameters.level;
  return typeof level === "number" ? level : 0.95;
}

export function halfWidth(estimate: Estimate | null): number {
  return estimate?.interval ? (estimate.interval.high - estimate.interval.low) / 2 : Number.NaN;
}

function cellOf(arm: Arm, value: (ordinal: number) => number | null, level: number): Cell {
  const values = arm.trials.flatMap((ordinal) => {
    const found = value(ordinal);
    return found === null ? [] : [{ ordinal, value: found }];
  });
  const estimate =
    values.length === 0
      ? null
      : estimateMean(
          values.map((each) => each.value),
          level,
        );
  return { estimate, values };
}

type Field = RunData["datasets"][string]["fields"][string];

function binnedRows(
  run: RunData,
  report: ReportSpec,
  by: NonNullable<ReportSpec["by"]>,
  arms: readonly Arm[],
  measured: Measurements,
  level: number,
): Row[] {
  const fieldOf = (ordinal: number): Field | undefined =>
    run.datasets[run.plan.trials[ordinal - 1]!.data.name]?.fields[by.field];
  const split = report.metrics.find((spec) => spec.split === "valid")?.split === "valid" ? "valid" : "test";
  const known = arms.flatMap(({ trials }) => trials).find((ordinal) => fieldOf(ordinal));
  if (known === undefined) return [];
  const rowsOf = (ordinal: number) => run.datasets[run.plan.trials[ordinal - 1]!.data.name]!.rows[split];
  const bins = binsOf(fieldOf(known)!, by.bins, rowsOf(known));
  const placesOf = (ordinal: number, spec: MetricSpec, bin: Bin): number[] => {
    const field = fieldOf(ordinal);
    const found = field && measured.predicted(ordinal, spec.split === "valid" ? "valid" : "test");
    if (!found) return [];
    return [...found.rows.keys()].filter((place) => isIn(field, found.rows[place]!, bin));
  };
  return bins.flatMap((bin) =>
    arms.map((arm, index) => {
      const field = fieldOf(arm.trials[0]!);
      return {
        arm: index,
        bin,
        examples: field ? [...rowsOf(arm.trials[0]!)].filter((row) => isIn(field, row, bin)).length : 0,
        cells: report.metrics.map((spec) =>
          cellOf(arm, (ordinal) => measured.valueOn(ordinal, spec, placesOf(ordinal, spec, bin)), level),
        ),
      };
    }),
  );
}

/** The bins [a, b) written, else the classes, else the values themselves where they are few, else quarters of the examples. */
function binsOf(field: Field, edges: readonly number[] | null, rows: Int32Array): Bin[] {
  if (edges) return between(edges);
  const { classes } = field;
  if (classes) return classes.map((label) => ({ label, from: null, to: null }));
  const values = Array.from(rows, (row) => valueAt(field, row)).sort((a, b) => a - b);
  const distinct = [...new Set(values)];
  if (distinct.length <= 12) return distinct.map((value) => ({ label: String(value), from: null, to: null }));
  const cut = (share: number): number =>
    Number(values[Math.floor(share * (values.length - 1))]!.toPrecision(3));
  const quarters = [0, 0.25, 0.5, 0.75].map(cut);
  return between([Math.min(quarters[0]!, values[0]!), ...quarters.slice(1), Number.POSITIVE_INFINITY]);
}

function between(edges: readonly number[]): Bin[] {
  return edges.slice(1).map((to, i) => {
    const from = edges[i]!;
    return { label: Number.isFinite(to) ? `${from} to ${to}` : `${from} or more`, from, to };
  });
}

function valueAt({ data, shape }: Field, row: number): number {
  return Number(data[row * elementCount(shape)]!);
}

function isIn(field: Field, row: number, { from, to, label }: Bin): boolean {
  const value = valueAt(field, row);
  if (from !== null && to !== null) return value >= from && value < to;
  return field.classes ? field.classes[value] === label : String(value) === label;
}

/** What `report` asks for: a number for each arm and metric, or for each bin of a field. */

import type { FieldValues } from "../data/dataset.ts";
import { type FieldType, truthNames } from "../ops/field.ts";
import { type Estimate, estimateMean } from "../stats/interval.ts";
import type { RunData } from "../store/run-data.ts";
import type { MetricSpec, ReportSpec } from "../study/plan.ts";
import { inOwnUnits } from "../train/measure.ts";
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
  /** Examples, of a trial, that are in no bin. */
  readonly outside: number;
}

export function tableOf(
  run: RunData,
  report: ReportSpec,
  arms: readonly Arm[],
  measured: Measurements,
): Table {
  const level = levelOf(report);
  const { rows, outside } = report.by
    ? binnedRows(run, report, report.by, arms, measured, level)
    : { rows: armRows(report, arms, measured, level), outside: 0 };
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
  return { level, by: report.by?.field ?? null, columns, rows, outside };
}

function armRows(
  report: ReportSpec,
  arms: readonly Arm[],
  measured: Measurements,
  level: number,
): readonly Row[] {
  return arms.map((arm, index) => ({
    arm: index,
    bin: null,
    examples: null,
    cells: report.metrics.map((spec) => cellOf(arm, (ordinal) => measured.value(ordinal, spec), level)),
  }));
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

/** A field by whose values a table is resolved. */
interface Resolving {
  readonly type: FieldType;
  readonly classes: readonly string[] | null;
  /** Of each row, in the units in which they were measured. */
  readonly values: ArrayLike<number>;
}

function binnedRows(
  run: RunData,
  report: ReportSpec,
  by: NonNullable<ReportSpec["by"]>,
  arms: readonly Arm[],
  measured: Measurements,
  level: number,
): Pick<Table, "rows" | "outside"> {
  const known = new Map<string, Resolving | undefined>();
  const dataOf = (ordinal: number) => run.plan.trials[ordinal - 1]!.data.name;
  const fieldOf = (ordinal: number): Resolving | undefined => {
    const name = dataOf(ordinal);
    if (!known.has(name)) known.set(name, resolving(by.field, run.datasets[name]?.fields[by.field]));
    return known.get(name);
  };
  const split = report.metrics.some((spec) => spec.split === "valid") ? "valid" : "test";
  const first = arms.flatMap(({ trials }) => trials).find((ordinal) => fieldOf(ordinal));
  if (first === undefined) return { rows: [], outside: 0 };
  const rowsOf = (ordinal: number) => run.datasets[dataOf(ordinal)]!.rows[split];
  const bins = binsOf(fieldOf(first)!, by.bins, rowsOf(first));
  const placesOf = (ordinal: number, bin: Bin): number[] => {
    const field = fieldOf(ordinal);
    const rows = field && measured.rows(ordinal, split);
    return rows ? [...rows.keys()].filter((place) => isIn(field, rows[place]!, bin)) : [];
  };
  const rows = bins.flatMap((bin) =>
    arms.map((arm, index) => {
      const field = fieldOf(arm.trials[0]!);
      return {
        arm: index,
        bin,
        examples: field ? rowsOf(arm.trials[0]!).filter((row) => isIn(field, row, bin)).length : 0,
        cells: report.metrics.map((spec) =>
          cellOf(arm, (ordinal) => measured.valueOn(ordinal, spec, placesOf(ordinal, bin)), level),
        ),
      };
    }),
  );
  const outside = rowsOf(first).filter((row) => !bins.some((bin) => isIn(fieldOf(first)!, row, bin)));
  return { rows, outside: outside.length };
}

/** A truth has the classes `not f`, `f`. */
function resolving(name: string, field: FieldValues | undefined): Resolving | undefined {
  if (!field) return undefined;
  const isTruth = field.type.kind === "tensor" && field.type.dtype === "bool";
  const classes = isTruth ? truthNames(name) : field.classes;
  return { type: field.type, classes, values: Float64Array.from(inOwnUnits(field), Number) };
}

/** The bins [a, b) written, else the classes, else the values themselves where they are few, else quarters of the examples. */
function binsOf(
  { type, classes, values }: Resolving,
  edges: readonly number[] | null,
  rows: Int32Array,
): Bin[] {
  if (edges) return between(edges);
  const labels = (all: readonly string[]): Bin[] => all.map((label) => ({ label, from: null, to: null }));
  if (type.kind === "string" && classes) return labels(namesIn(classes, values, rows));
  if (classes) return labels(classes);
  const sorted = Float64Array.from(rows, (row) => values[row]!).sort();
  const distinct = [...new Set(sorted)];
  if (distinct.length <= 12) return distinct.map((value) => ({ label: String(value), from: null, to: null }));
  const cut = (share: number): number =>
    Number(sorted[Math.floor(share * (sorted.length - 1))]!.toPrecision(3));
  const quarters = [0, 0.25, 0.5, 0.75].map(cut);
  return between([Math.min(quarters[0]!, sorted[0]!), ...quarters.slice(1), Number.POSITIVE_INFINITY]);
}

/** Of all names those that a row has. */
function namesIn(names: readonly string[], values: ArrayLike<number>, rows: Int32Array): readonly string[] {
  const found = new Set(Array.from(rows, (row) => values[row]!));
  return names.filter((_, number) => found.has(number));
}

function between(edges: readonly number[]): Bin[] {
  return edges.slice(1).map((to, i) => {
    const from = edges[i]!;
    return { label: Number.isFinite(to) ? `${from} to ${to}` : `${from} or more`, from, to };
  });
}

function isIn({ values, classes }: Resolving, row: number, { from, to, label }: Bin): boolean {
  const value = values[row]!;
  if (from !== null && to !== null) return value >= from && value < to;
  return classes ? classes[value] === label : String(value) === label;
}

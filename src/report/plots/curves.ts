/** Learning curves: the mean over the trainings of each arm, and between which values they lie. */
import { group } from "d3-array";
import { scaleLinear } from "d3-scale";
import { area, curveMonotoneX, line } from "d3-shape";
import type { RunData } from "../../store/run-data.ts";
import type { Arm } from "../arms.ts";
import { html } from "../page/markup.ts";
import { armClass, armDash, armMark, bottomAxis, fix, framed, leftAxis, type Plot, padded } from "./plot.ts";

interface Point {
  readonly epoch: number;
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
  readonly n: number;
}

const width = 410;
const height = 280;

/** Metrics that have a curve, `train.loss` first. */
export function curveMetrics(run: RunData, arms: readonly Arm[]): string[] {
  const keys = new Set(
    arms.flatMap(({ trials }) =>
      trials.flatMap((ordinal) =>
        run.trials[ordinal - 1]!.epochs.flatMap((epoch) => Object.keys(epoch.metrics)),
      ),
    ),
  );
  const first = ["train.loss", "valid.loss"].filter((key) => keys.has(key));
  return [...first, ...[...keys].filter((key) => !first.includes(key))];
}

export function drawCurves(run: RunData, arms: readonly Arm[], metric: string, name: string): Plot | null {
  const curves = arms.map((arm) => curveOf(run, arm, metric));
  const all = curves.flat();
  if (all.length === 0) return null;
  const last = Math.max(...all.map(({ epoch }) => epoch));
  const { key, top, bottom } = framed(arms, width, height);
  const x = scaleLinear([Math.min(1, last - 1), last], [58, width - 14]);
  const y = scaleLinear(padded(all.flatMap(({ least, greatest }) => [least, greatest])), [bottom, top]);
  const band = area<Point>(
    ({ epoch }) => x(epoch),
    ({ least }) => y(least),
    ({ greatest }) => y(greatest),
  )
    .curve(curveMonotoneX)
    .digits(2);
  const stroke = line<Point>(
    ({ epoch }) => x(epoch),
    ({ mean }) => y(mean),
  )
    .curve(curveMonotoneX)
    .digits(2);
  const ticks = x.ticks(Math.min(8, last)).filter(Number.isInteger);
  const body = html`${key.markup}${leftAxis(y, { from: 58, to: width - 14, label: metric })}${bottomAxis(x, bottom, "epoch", ticks)}
${curves.map((points, i) => (points.length > 1 ? html`<path class="${armClass(i)} band" d="${band(points)!}"/>` : null))}
${curves.map((points, i) => {
  const end = points.at(-1);
  const path =
    points.length > 1
      ? html`<path class="${armClass(i)} stroke" stroke-dasharray="${armDash(i)}" d="${stroke(points)!}"/>`
      : null;
  return end ? html`${path}${armMark(i, Number(fix(x(end.epoch))), Number(fix(y(end.mean))))}` : null;
})}`;
  return {
    name,
    title: `${metric} by epoch`,
    description: arms
      .map(({ label }, i) => {
        const end = curves[i]!.at(-1);
        return end
          ? `${label}: ${end.mean.toFixed(3)} at epoch ${end.epoch}, ${end.least.toFixed(3)} to ${end.greatest.toFixed(3)} over ${end.n} trainings`
          : `${label}: no curve`;
      })
      .join(". "),
    width,
    height,
    body,
    data: [
      ["arm", "epoch", "mean", "least", "greatest", "trainings"],
      ...arms.flatMap(({ label }, i) =>
        curves[i]!.map((point) => [label, point.epoch, point.mean, point.least, point.greatest, point.n]),
      ),
    ],
  };
}

/** Epochs that all trainings which reached them measured. */
function curveOf(run: RunData, arm: Arm, metric: string): Point[] {
  const points = arm.trials.flatMap((ordinal) =>
    run.trials[ordinal - 1]!.epochs.flatMap(({ epoch, metrics }) => {
      const value = metrics[metric];
      return value !== undefined && Number.isFinite(value) ? [{ epoch, value }] : [];
    }),
  );
  return Array.from(
    group(points, ({ epoch }) => epoch),
    ([epoch, found]) => {
      const values = found.map(({ value }) => value);
      return {
        epoch,
        mean: values.reduce((sum, value) => sum + value, 0) / values.length,
        least: Math.min(...values),
        greatest: Math.max(...values),
        n: values.length,
      };
    },
  ).sort((a, b) => a.epoch - b.epoch);
}

/** A metric by bins of a field: mean and interval of each arm. */
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Arm } from "../arms.ts";
import { showValue } from "../numbers.ts";
import { html } from "../page/markup.ts";
import type { Table } from "../table.ts";
import { armClass, armDash, armMark, fix, framed, leftAxis, type Plot, padded } from "./plot.ts";

const width = 520;
const height = 320;

/** `c` is the column of the table. */
export function drawBins(arms: readonly Arm[], table: Table, c: number, name: string): Plot | null {
  const column = table.columns[c]!;
  const labels = [...new Set(table.rows.map(({ bin }) => bin!.label))];
  const points = table.rows.flatMap(({ arm, bin, cells }) => {
    const { estimate } = cells[c]!;
    return estimate ? [{ arm, bin: labels.indexOf(bin!.label), estimate }] : [];
  });
  if (points.length === 0) return null;
  const { key, top, bottom } = framed(arms, width, height);
  const step = (width - 72) / labels.length;
  const x = (bin: number, arm: number): number =>
    58 + step * (bin + 0.5) + (arm - (arms.length - 1) / 2) * Math.min(14, (0.6 * step) / arms.length);
  const y = scaleLinear(
    padded(
      points.flatMap(({ estimate: { mean, interval } }) => [
        mean,
        interval?.low ?? mean,
        interval?.high ?? mean,
      ]),
    ),
    [bottom, top],
  );
  const marks = arms.map((_, i) => {
    const own = points.filter(({ arm }) => arm === i);
    const path = line<(typeof own)[number]>(
      ({ bin }) => x(bin, i),
      ({ estimate }) => y(estimate.mean),
    ).digits(2)(own);
    return html`<path class="${armClass(i)} stroke thin" stroke-dasharray="${armDash(i)}" d="${path ?? ""}"/>${own.map(
      ({ bin, estimate: { mean, interval } }) =>
        html`${interval && html`<line class="${armClass(i)} stroke" x1="${fix(x(bin, i))}" x2="${fix(x(bin, i))}" y1="${fix(y(interval.low))}" y2="${fix(y(interval.high))}"/>`}${armMark(i, x(bin, i), y(mean))}`,
    )}`;
  });
  const show = (value: number): string => showValue(value, column.unit, column.decimals);
  return {
    name,
    title: `${column.metric} by ${table.by}`,
    description: points
      .map(({ arm, bin, estimate }) => `${arms[arm]!.label}, ${labels[bin]}: ${show(estimate.mean)}`)
      .join(". "),
    width,
    height,
    body: html`${key.markup}${leftAxis(y, { from: 58, to: width - 14, label: column.metric })}<g class="axis"><line class="base" x1="58" x2="${width - 14}" y1="${bottom}" y2="${bottom}"/>${labels.map(
      (label, bin) =>
        html`<text x="${fix(58 + step * (bin + 0.5))}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
    )}<text class="label" x="${fix((58 + width - 14) / 2)}" y="${bottom + 33}" text-anchor="middle">${table.by ?? ""}</text></g>${marks}`,
    data: [
      ["arm", table.by ?? "", "trainings", "mean", "interval low", "interval high"],
      ...points.map(({ arm, bin, estimate: { n, mean, interval } }) => [
        arms[arm]!.label,
        labels[bin]!,
        n,
        mean,
        interval?.low ?? null,
        interval?.high ?? null,
      ]),
    ],
  };
}

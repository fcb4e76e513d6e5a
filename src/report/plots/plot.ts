/** What all plots share: axes, colours of arms, numbers on axes. Plots are SVG with classes; `style.ts` colours them. */
import type { ScaleLinear } from "d3-scale";
import type { Arm } from "../arms.ts";
import { html, type Markup } from "../page/markup.ts";

/** A drawing and the numbers in it. */
export interface Plot {
  /** Of the file that can be downloaded: `comparison-test-accuracy`. */
  readonly name: string;
  readonly title: string;
  /** What is to be seen, for those who cannot see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly body: Markup;
  /** The first row is the header. */
  readonly data: readonly (readonly (string | number | null)[])[];
}

/** The class of an arm's colour; eight, then again. */
export function armClass(index: number): string {
  return `arm${index % 8}`;
}

/** Dashes tell arms apart where colours do not. */
export function armDash(index: number): string {
  return ["none", "6 3", "2 3", "9 3 2 3"][index % 4]!;
}

/** The shape of an arm's points about a place: disc, square, diamond, triangle. */
export function armMark(index: number, x: number, y: number, size = 4): Markup {
  const at = (dx: number, dy: number): string => `${fix(x + dx)},${fix(y + dy)}`;
  const kind = index % 4;
  if (kind === 0)
    return html`<circle class="${armClass(index)} fill" cx="${fix(x)}" cy="${fix(y)}" r="${fix(size)}"/>`;
  const s = size * (kind === 1 ? 0.9 : 1.25);
  const points =
    kind === 1
      ? [at(-s, -s), at(s, -s), at(s, s), at(-s, s)]
      : kind === 2
        ? [at(0, -s), at(s, 0), at(0, s), at(-s, 0)]
        : [at(0, -s), at(s, s * 0.8), at(-s, s * 0.8)];
  return html`<polygon class="${armClass(index)} fill" points="${points.join(" ")}"/>`;
}

/** Two digits behind the point: no eye sees more in a drawing. */
export function fix(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A domain a little wider than the values, never empty. */
export function padded(values: readonly number[], share = 0.08): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const pad = (high - low) * share || Math.abs(high) * 0.05 || 0.5;
  return [low - pad, high + pad];
}

interface AxisOptions {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly ticks?: number;
  readonly format?: (value: number) => string;
}

/** A value axis at the left with grid lines from `from` to `to`; its label stands above it, horizontally. */
export function leftAxis(scale: ScaleLinear<number, number>, options: AxisOptions): Markup {
  const { from, to, label, ticks = 5 } = options;
  const format = options.format ?? scale.tickFormat(ticks);
  const [bottom, top] = scale.range() as [number, number];
  return html`<g class="axis">${scale
    .ticks(ticks)
    .map(
      (tick) =>
        html`<line class="grid" x1="${fix(from)}" x2="${fix(to)}" y1="${fix(scale(tick))}" y2="${fix(scale(tick))}"/><text x="${fix(from - 6)}" y="${fix(scale(tick) + 4)}" text-anchor="end">${format(tick)}</text>`,
    )}<text class="label" x="${fix(Math.max(0, from - 52))}" y="${fix(Math.min(top, bottom) - 12)}">${label}</text></g>`;
}

/** A value axis at the bottom of a plot that ends at `y`. */
export function bottomAxis(
  scale: ScaleLinear<number, number>,
  y: number,
  label: string,
  values: readonly number[],
  format: (value: number) => string = String,
): Markup {
  const [left, right] = scale.range() as [number, number];
  return html`<g class="axis"><line class="base" x1="${fix(left)}" x2="${fix(right)}" y1="${fix(y)}" y2="${fix(y)}"/>${values.map(
    (tick) =>
      html`<text x="${fix(scale(tick))}" y="${fix(y + 16)}" text-anchor="middle">${format(tick)}</text>`,
  )}<text class="label" x="${fix((left + right) / 2)}" y="${fix(y + 33)}" text-anchor="middle">${label}</text></g>`;
}

/** The names of arms above a plot with a left axis, and between which heights the plot itself lies. */
export function framed(arms: readonly Arm[], width: number, height: number) {
  const names = arms.map(({ label }) => label);
  const key = legend(names, 58, 16, width - 70);
  return { key, top: 30 + key.height, bottom: height - 46 };
}

/** A row of names with marks; wraps at the width. */
function legend(names: readonly string[], x: number, y: number, width: number) {
  let at = x;
  let line = 0;
  const entries = names.map((name, index) => {
    const room = 26 + name.length * 6.6;
    if (at > x && at + room > x + width) {
      at = x;
      line++;
    }
    const entry = html`<g>${armMark(index, at + 5, y + 18 * line - 4)}<text x="${fix(at + 14)}" y="${fix(y + 18 * line)}">${name}</text></g>`;
    at += room;
    return entry;
  });
  return { markup: html`<g class="legend">${entries}</g>`, height: 18 * (line + 1) };
}

/** A comparison drawn: each pair a line, then the difference of each with mean and interval. */
import { scaleLinear } from "d3-scale";
import { type Comparison, intervalOf } from "../comparison.ts";
import { showSigned, showValue } from "../numbers.ts";
import { html } from "../page/markup.ts";
import { comparisonPhrases } from "../text.ts";
import { armMark, fix, leftAxis, type Plot, padded } from "./plot.ts";

const width = 520;
const height = 300;
const top = 40;
const bottom = 258;

/** `arms` are the indices of the left and the right arm, for their colours. */
export function drawComparison(
  comparison: Comparison,
  arms: { readonly left: number; readonly right: number },
  name: string,
): Plot | null {
  const { left, right, pairs, result, metric, noun, unit, decimals, margin } = comparison;
  if (!result) return null;
  const { mean } = result.difference;
  const { low, high } = intervalOf(comparison, result);

  const values = scaleLinear(padded(pairs.flatMap((pair) => [pair.left, pair.right])), [bottom, top]);
  const [x0, x1] = [92, 226];
  const show = (value: number): string => showValue(value, unit, decimals);
  const averages = [
    pairs.reduce((sum, pair) => sum + pair.right, 0) / pairs.length,
    pairs.reduce((sum, pair) => sum + pair.left, 0) / pairs.length,
  ] as const;
  const slopes = html`<g>${leftAxis(values, { from: 58, to: 254, label: metric })}
${pairs.map(
  (pair) =>
    html`<g class="pair"><title>${noun} ${pair.label}: ${right} ${show(pair.right)}, ${left} ${show(pair.left)}</title><line x1="${x0}" x2="${x1}" y1="${fix(values(pair.right))}" y2="${fix(values(pair.left))}"/>${armMark(arms.right, x0, values(pair.right))}${armMark(arms.left, x1, values(pair.left))}</g>`,
)}
<line class="mean" x1="${x0 - 14}" x2="${x0 + 14}" y1="${fix(values(averages[0]))}" y2="${fix(values(averages[0]))}"/><line class="mean" x1="${x1 - 14}" x2="${x1 + 14}" y1="${fix(values(averages[1]))}" y2="${fix(values(averages[1]))}"/>
<text class="name" x="${x0}" y="${bottom + 22}" text-anchor="middle">${right}</text><text class="name" x="${x1}" y="${bottom + 22}" text-anchor="middle">${left}</text></g>`;

  const differences = pairs.map((pair) => pair.left - pair.right);
  const limits = margin === null ? [] : [-margin, margin];
  const scale = scaleLinear(padded([...differences, low, high, 0, ...limits]), [bottom, top]);
  const [from, to] = [338, 508];
  const spread = (i: number): number => 374 + (pairs.length === 1 ? 0 : (i / (pairs.length - 1) - 0.5) * 44);
  const middle = 468;
  const band =
    margin === null
      ? null
      : html`<rect class="margin" x="${from}" width="${to - from}" y="${fix(scale(margin))}" height="${fix(scale(-margin) - scale(margin))}"/>`;
  const difference = html`<g>${leftAxis(scale, { from, to, label: "" })}<text class="label" x="${from - 42}" y="${top - 12}">difference</text>${band}
<line class="zero" x1="${from}" x2="${to}" y1="${fix(scale(0))}" y2="${fix(scale(0))}"/>
${pairs.map((pair, i) => html`<circle class="dot" cx="${fix(spread(i))}" cy="${fix(scale(differences[i]!))}" r="3.5"><title>${noun} ${pair.label}: ${showSigned(differences[i]!, unit, decimals)}</title></circle>`)}
<line class="interval" x1="${middle}" x2="${middle}" y1="${fix(scale(low))}" y2="${fix(scale(high))}"/><line class="interval" x1="${middle - 6}" x2="${middle + 6}" y1="${fix(scale(low))}" y2="${fix(scale(low))}"/><line class="interval" x1="${middle - 6}" x2="${middle + 6}" y1="${fix(scale(high))}" y2="${fix(scale(high))}"/><circle class="centre" cx="${middle}" cy="${fix(scale(mean))}" r="5.5"/>
<text class="name" x="374" y="${bottom + 22}" text-anchor="middle">each pair</text><text class="name" x="${middle}" y="${bottom + 22}" text-anchor="middle">mean</text></g>`;

  return {
    name,
    title: `${left} against ${right} on ${metric}`,
    description: `${pairs.length} pairs. ${comparisonPhrases(comparison).join("; ")}. ${comparison.verdict.text}`,
    width,
    height,
    body: html`${slopes}${difference}`,
    data: [
      ["pair", right, left, "difference"],
      ...pairs.map((pair, i) => [pair.label, pair.right, pair.left, differences[i]!]),
      ["mean", averages[0], averages[1], mean],
      ["interval low", null, null, low],
      ["interval high", null, null, high],
    ],
  };
}

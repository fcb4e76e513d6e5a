/** How often an answer is right against how probable the network calls it. */
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { classCount } from "../../ops/metrics/classes.ts";
import { type ReliabilityBin, reliability } from "../../ops/metrics/probability.ts";
import type { Arm } from "../arms.ts";
import { html } from "../page/markup.ts";
import type { Measurements } from "../values.ts";
import { armClass, armDash, armMark, bottomAxis, fix, framed, leftAxis, type Plot } from "./plot.ts";

const bins = 10;
const width = 460;
const height = 400;

/** The bins of all trainings of an arm together. */
function pooled(arm: Arm, measured: Measurements): ReliabilityBin[] {
  const all = arm.trials.flatMap((ordinal) => {
    const found = measured.predicted(ordinal, "test")?.predicted;
    return found && classCount(found.target) !== undefined ? [reliability(found, bins)] : [];
  });
  if (all.length === 0) return [];
  return all[0]!.map(({ from, to }, b) => {
    const each = all.map((found) => found[b]!).filter(({ count }) => count > 0);
    const count = each.reduce((sum, bin) => sum + bin.count, 0);
    const weighted = (of: (bin: ReliabilityBin) => number): number =>
      each.reduce((sum, bin) => sum + bin.count * of(bin), 0) / count;
    return {
      from,
      to,
      count,
      confidence: weighted(({ confidence }) => confidence),
      accuracy: weighted(({ accuracy }) => accuracy),
    };
  });
}

export function drawReliability(arms: readonly Arm[], measured: Measurements, name: string): Plot | null {
  const found = arms.map((arm) => pooled(arm, measured).filter(({ count }) => count > 0));
  if (found.every((points) => points.length === 0)) return null;
  const { key, top, bottom } = framed(arms, width, height);
  const from = Math.min(...found.flatMap((points) => points.map((bin) => bin.from)));
  const x = scaleLinear([from, 1], [58, width - 20]);
  const y = scaleLinear([0, 1], [bottom, top]);
  const totals = found.map((points) => points.reduce((sum, { count }) => sum + count, 0));
  const stroke = line<ReliabilityBin>(
    ({ confidence }) => x(confidence),
    ({ accuracy }) => y(accuracy),
  ).digits(2);
  const gaps = arms.map(({ label }, i) => {
    const gap = found[i]!.reduce(
      (sum, { count, accuracy, confidence }) => sum + (count * (confidence - accuracy)) / totals[i]!,
      0,
    );
    const how =
      Math.abs(gap) < 0.01 ? "about as sure as it is right" : gap > 0 ? "too sure" : "not sure enough";
    return `${label} is ${how} (by ${Math.abs(gap).toFixed(3)} on average)`;
  });
  return {
    name,
    title: "Reliability of the probabilities",
    description: `${gaps.join(". ")}.`,
    width,
    height,
    body: html`${key.markup}${leftAxis(y, { from: 58, to: width - 20, label: "share that is right" })}${bottomAxis(x, bottom, "probability of the answer", x.ticks(6), x.tickFormat(6))}
<line class="zero" x1="${fix(x(from))}" y1="${fix(y(from))}" x2="${fix(x(1))}" y2="${fix(y(1))}"/>
${found.map(
  (points, i) =>
    html`<path class="${armClass(i)} stroke" stroke-dasharray="${armDash(i)}" d="${stroke(points) ?? ""}"/>${points.map(
      (bin) => armMark(i, x(bin.confidence), y(bin.accuracy), 2.5 + 6 * Math.sqrt(bin.count / totals[i]!)),
    )}`,
)}`,
    data: [
      ["arm", "from", "to", "examples", "mean probability", "share right"],
      ...arms.flatMap(({ label }, i) =>
        found[i]!.map((bin) => [label, bin.from, bin.to, bin.count, bin.confidence, bin.accuracy]),
      ),
    ],
  };
}

/** Confusion matrices: the share of each class (row) that was taken for each class (column), over all trainings of an arm. */
import { confusionMatrix } from "../../ops/metrics/classes.ts";
import type { Arm } from "../arms.ts";
import { showCount } from "../numbers.ts";
import { html } from "../page/markup.ts";
import type { Measurements } from "../values.ts";
import { fix, type Plot } from "./plot.ts";

export interface Confusion {
  readonly classes: readonly string[];
  /** Row-major, summed over trainings. */
  readonly counts: readonly number[];
  readonly trainings: number;
}

/** Null where the target is no class or nothing was predicted on test. */
export function confusionOf(arm: Arm, measured: Measurements): Confusion | null {
  let sum: number[] | null = null;
  let classes: readonly string[] = [];
  let trainings = 0;
  for (const ordinal of arm.trials) {
    const found = measured.predicted(ordinal, "test")?.predicted;
    if (!found) continue;
    const { classes: n, counts } = confusionMatrix(found);
    if (n === 0) return null;
    classes = found.classes ?? Array.from({ length: n }, (_, k) => String(k));
    sum = Array.from(counts, (count, i) => count + (sum?.[i] ?? 0));
    trainings++;
  }
  return sum && { classes, counts: sum, trainings };
}

export function drawConfusion({ label }: Arm, confusion: Confusion, name: string): Plot {
  const { classes, counts, trainings } = confusion;
  const n = classes.length;
  const longest = Math.max(...classes.map((text) => text.length));
  const left = Math.min(130, 26 + longest * 6.8);
  const cell = Math.max(22, Math.min(78, (440 - left) / n));
  const top = 54;
  const small = cell < 44;
  const total = (row: number): number =>
    counts.slice(row * n, (row + 1) * n).reduce((sum, count) => sum + count, 0);
  const cells = counts.map((count, i) => {
    const row = Math.floor(i / n);
    const column = i % n;
    const share = total(row) === 0 ? 0 : count / total(row);
    const x = left + column * cell;
    const y = top + row * cell;
    const text = small
      ? html`<text x="${fix(x + cell / 2)}" y="${fix(y + cell / 2 + 4)}" text-anchor="middle">${share >= 0.005 ? Math.round(100 * share) : ""}</text>`
      : html`<text x="${fix(x + cell / 2)}" y="${fix(y + cell / 2)}" text-anchor="middle">${(100 * share).toFixed(1)} %</text><text class="minor" x="${fix(x + cell / 2)}" y="${fix(y + cell / 2 + 16)}" text-anchor="middle">${showCount(count)}</text>`;
    return html`<g class="${share > 0.55 ? "cell full" : "cell"}"><title>${classes[row]!} taken for ${classes[column]!}: ${showCount(count)} of ${showCount(total(row))}</title><rect class="${row === column ? "right" : "wrong"}" x="${fix(x)}" y="${fix(y)}" width="${fix(cell - 2)}" height="${fix(cell - 2)}" fill-opacity="${fix(0.06 + 0.94 * share)}"/>${text}</g>`;
  });
  // Long names over narrow columns are cut; the rows have them whole.
  const fits = Math.max(3, Math.floor(cell / 6.8));
  const heads = classes.map((text, k) => {
    const shown = text.length > fits ? `${text.slice(0, fits - 1)}.` : text;
    return html`<text x="${fix(left + (k + 0.5) * cell)}" y="${top - 8}" text-anchor="middle">${shown}</text><text x="${fix(left - 10)}" y="${fix(top + (k + 0.5) * cell + 4)}" text-anchor="end">${text}</text>`;
  });
  const diagonal = classes.map((text, k) => {
    const share = total(k) === 0 ? 0 : counts[k * n + k]! / total(k);
    return `${text} ${(100 * share).toFixed(1)} % right`;
  });
  return {
    name,
    title: `Confusion of ${label}`,
    description: `Test examples of ${trainings} trainings together: ${diagonal.join(", ")}.`,
    width: Math.max(260, Math.ceil(left + n * cell + 10)),
    height: Math.ceil(top + n * cell + 10),
    body: html`<g class="axis"><text class="label" x="${fix(left)}" y="20">taken for</text><text class="label" x="4" y="${top - 8}">true class</text>${heads}</g><g>${cells}</g>`,
    data: [
      ["true class", ...classes],
      ...classes.map((text, row) => [text, ...counts.slice(row * n, (row + 1) * n)]),
    ],
  };
}

/** Pictures of test examples that were taken for another class. */
import { rollup } from "d3-array";
import { predictedClasses } from "../../ops/metrics/classes.ts";
import { plural } from "../numbers.ts";
import { html, type Markup } from "./markup.ts";
import { pictureUri } from "./picture.ts";
import type { Source } from "./result.ts";

interface Confused {
  readonly row: number;
  readonly truth: number;
  readonly taken: number;
  /** By how many trainings, of all arms. */
  readonly by: number;
}

const sorts = 4;
const shown = 6;

/** None of labels of pixels. The commonest confusions that there are pictures of, those first that most trainings agree on. */
export function confusedExamples({ run, experiment, measured }: Source): Markup | null {
  const ordinals = experiment.arms.flatMap(({ trials }) => trials);
  const mistakes: { row: number; truth: number; taken: number }[] = [];
  let classes: readonly string[] | null = null;
  let trainings = 0;
  for (const ordinal of ordinals) {
    const found = measured.predicted(ordinal, "test");
    if (!found || found.predicted.count !== found.rows.length) continue;
    trainings++;
    classes ??= found.predicted.classes;
    const chosen = predictedClasses(found.predicted);
    for (const [i, taken] of chosen.entries()) {
      const truth = Number(found.predicted.targets[i]!);
      if (truth !== taken) mistakes.push({ row: found.rows[i]!, truth, taken });
    }
  }
  const dataset = run.datasets[run.plan.trials[(ordinals[0] ?? 1) - 1]!.data.name];
  if (!dataset || mistakes.length === 0) return null;
  const bySort = rollup(
    mistakes,
    (found) => found,
    ({ truth, taken }) => `${truth} ${taken}`,
  );
  const lists = [...bySort.values()]
    .sort((a, b) => b.length - a.length)
    .map((found) => {
      const { truth, taken } = found[0]!;
      const counts = rollup(
        found,
        (same) => same.length,
        ({ row }) => row,
      );
      const examples: Confused[] = Array.from(counts, ([row, by]) => ({ row, truth, taken, by }))
        .sort((a, b) => b.by - a.by || a.row - b.row)
        .filter(({ row }) => dataset.picture(row) !== null)
        .slice(0, shown);
      return { truth, taken, total: found.length, examples };
    })
    .filter(({ examples }) => examples.length > 0)
    .slice(0, sorts);
  if (lists.length === 0) return null;
  const name = (k: number): string => classes?.[k] ?? String(k);
  return html`<h3>Examples of what is confused</h3>
<p class="muted sans">Test inputs as they enter the networks, each stretched to its own range; a few of the test examples have a picture in the run.</p>
${lists.map(
  ({
    truth,
    taken,
    examples,
  }) => html`<p class="sans"><b>${name(truth)}</b> taken for <b>${name(taken)}</b></p>
<ul class="confused">${examples.map((example) => picture(example, name, trainings, dataset.picture(example.row)!))}</ul>`,
)}`;
}

function picture(
  { row, truth, taken, by }: Confused,
  name: (k: number) => string,
  trainings: number,
  data: { readonly shape: readonly number[]; readonly data: Float32Array },
): Markup | null {
  const uri = pictureUri(data);
  const often = `${by} of ${trainings} ${plural("training", trainings)}`;
  return uri === null
    ? null
    : html`<li><img src="${uri}" alt="Row ${row}: ${name(truth)}, taken for ${name(taken)} by ${often}"><span>row ${row}</span><span>by ${by} of ${trainings}</span></li>`;
}

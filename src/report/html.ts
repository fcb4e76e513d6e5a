/** The report: one file that needs no network and no script, for a referee. */

import type { RunData } from "../store/run-data.ts";
import { shellWord } from "../text/shell.ts";
import type { Answer, ExperimentAnswer } from "./answer.ts";
import { html, type Markup, raw } from "./page/markup.ts";
import { allowed, dataCard, machine, networks, planTable, recipes, spec } from "./page/record.ts";
import {
  bins,
  choices,
  comparisons,
  confusions,
  curves,
  reliabilityDiagram,
  resultTables,
  type Source,
  verdictBlock,
} from "./page/result.ts";
import { pageStyle } from "./page/style.ts";
import { measurementsOf } from "./values.ts";

export function renderReport(run: RunData, answer: Answer): string {
  const measured = measurementsOf(run);
  const sources = answer.experiments.map(
    (experiment, i): Source => ({ run, experiment, measured, id: `e${i + 1}` }),
  );
  const data = new Map(run.plan.trials.map((trial) => [JSON.stringify(trial.data), trial.data]));
  const single = answer.experiments.length === 1;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${answer.question ?? answer.study}</title>
<style>${raw(pageStyle)}</style>
</head>
<body>
<header class="top">
<p class="kicker sans">${answer.study}, ${run.startedAt.slice(0, 10)}</p>
<h1>${answer.question ?? answer.study}</h1>
${answer.experiments.map((experiment) => summary(experiment, single))}
<nav aria-label="Contents"><ul>${sources.map(
    ({ experiment, id }) => html`<li><a href="#${id}">${single ? "Results" : experiment.name}</a></li>`,
  )}<li><a href="#method">How it is computed</a></li><li><a href="#data">Data</a></li><li><a href="#machine">Seeds, engine, machine, cost</a></li><li><a href="#again">How to repeat it</a></li><li><a href="#spec">The study's text</a></li></ul></nav>
</header>
<main>
${sources.map((source) => experimentSection(source, single))}
${method(answer)}
<section aria-labelledby="data"><h2 id="data">Data</h2>${[...data.values()].map((each) => dataCard(run, each))}</section>
<section aria-labelledby="machine"><h2 id="machine">Seeds, engine, machine, cost</h2>${machine(run, answer)}</section>
<section aria-labelledby="again"><h2 id="again">How to repeat it</h2>
<p>With the study and the data named here, the first command repeats it; finished trainings are not repeated where the run is at hand. With the same engine library, processor model and threads the weights are equal bit for bit.</p>
<pre>dlc run ${shellWord(run.spec[0]?.path ?? `${run.study}.dl`)}${run.set.map(({ path, text }) => ` --set ${shellWord(`${path}=${text}`)}`)}
dlc report ${shellWord(run.directory)}</pre></section>
<section aria-labelledby="spec">${spec(run)}</section>
</main>
<footer><p>Made by dlc ${run.environment.dlc} from ${run.directory}. The page holds all it shows; every figure can be saved as SVG, its numbers as CSV.</p></footer>
</body>
</html>
`;
  return page.markup;
}

/** What stands above everything: the verdicts, and what a reader must know before believing them. */
function summary(experiment: ExperimentAnswer, single: boolean): Markup {
  return html`${single ? null : html`<p class="kicker sans"><b>${experiment.name}</b></p>`}${experiment.comparisons.map(
    (comparison) => verdictBlock(experiment, comparison),
  )}${experiment.notes.length > 0 ? html`<div class="note sans">${experiment.notes.map((note) => html`<p>${note}</p>`)}</div>` : null}`;
}

function experimentSection(source: Source, single: boolean): Markup {
  const { experiment, id } = source;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${single ? "Results" : experiment.name}</h2>
${experiment.doc ? html`<p>${experiment.doc}</p>` : null}
${resultTables(source)}
${comparisons(source)}
${choices(source)}
${curves(source)}
${confusions(source)}
${reliabilityDiagram(source)}
${bins(source)}
${networks(source)}
${recipes(source)}
${allowed(source)}
${planTable(source)}
</section>
`;
}

/** How the numbers come about, for the parts that occur. */
function method(answer: Answer): Markup {
  const metrics = new Map(
    answer.experiments
      .flatMap(({ tables }) => tables.flatMap(({ columns }) => columns))
      .map(({ metric, doc }) => [metric, doc]),
  );
  const comparisons = answer.experiments.flatMap(({ comparisons: found }) => found);
  const compared = comparisons.length > 0;
  const resampled = comparisons.some(({ result }) => (result?.shared ?? 0) > 0);
  return html`<section aria-labelledby="method"><h2 id="method">How it is computed</h2>
<p>Means are over trainings that differ in their replicates only. The interval of a mean is Student's t interval; it describes how much the mean would move with other seeds on the same data and split, not with other data.</p>
${compared ? html`<p>A comparison pairs trainings that share their seed. Its p is that of the two-sided sign-flip test: the share of all ways to set the signs of the differences that give a mean at least as far from 0, counted out to 20 pairs and drawn 100,000 times above. Several results of one statement are adjusted after Holm (1979). P(A &gt; B) is the share of pairs in which A is above B, ties one half (Bouthillier et al. 2021). A difference is called shown where p is at most 0.05 and the interval excludes 0. With a margin, intervals of several results hold together (Bonferroni; Dunn 1961): a difference is called larger than the margin where its interval lies beyond it, and two arms equivalent where the interval of twice the error lies within it (two one-sided tests; Schuirmann 1987). What a number of seeds can show is the true difference that the paired t test finds in four of five studies.</p>` : null}
${resampled ? html`<p>Where each pair has a division of the rows of its own, pairs share training rows and tell less than as many independent ones: the error of their mean is taken as the square root of 1/n + test rows / training rows, in standard deviations, and p is that of the t test with it, in place of the sign-flip test (Nadeau and Bengio 2003).</p>` : null}
<dl>${[...metrics].map(([name, doc]) => html`<dt>${name}</dt><dd>${doc}</dd>`)}</dl></section>`;
}

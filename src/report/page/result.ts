/** The answer's part of the page: verdict, tables, what was chosen, comparisons, curves, confusions, reliability, bins. */
import type { RunData } from "../../store/run-data.ts";
import type { ExperimentAnswer } from "../answer.ts";
import { type Comparison, intervalName } from "../comparison.ts";
import { listed, plural, showCount, showSeconds, showValue } from "../numbers.ts";
import { drawBins } from "../plots/bins.ts";
import { drawComparison } from "../plots/comparison.ts";
import { confusionOf, drawConfusion } from "../plots/confusion.ts";
import { curveMetrics, drawCurves } from "../plots/curves.ts";
import { drawReliability } from "../plots/reliability.ts";
import type { Table } from "../table.ts";
import {
  choiceLines,
  comparisonPhrases,
  comparisonTitle,
  equation,
  outsideText,
  showInterval,
  tableTitle,
} from "../text.ts";
import type { Measurements } from "../values.ts";
import { confusedExamples } from "./confused.ts";
import { dataTable, figure, type Heading } from "./figure.ts";
import { html, type Markup, type Part } from "./markup.ts";

/** What a section is made from; `id` begins the names of its figures. */
export interface Source {
  readonly run: RunData;
  readonly experiment: ExperimentAnswer;
  readonly measured: Measurements;
  readonly id: string;
}

export function verdictBlock({ names }: ExperimentAnswer, comparison: Comparison): Markup {
  const of = Object.entries(comparison.of).map(([path, label]) => `${names[path] ?? path} ${label}`);
  return html`<div class="verdict"><p class="what sans">${comparisonTitle(comparison)}${of.length > 0 ? `, ${listed(of)}` : ""}</p>
<p class="say">${comparison.verdict.text}</p>
<p class="numbers sans">${comparisonPhrases(comparison).map((phrase) => html`<span>${phrase}</span> `)}</p></div>
`;
}

export function resultTables({ experiment }: Source): Markup {
  return html`${experiment.tables.map((table) => resultTable(experiment, table))}`;
}

function resultTable(experiment: ExperimentAnswer, table: Table): Markup {
  const planned = (row: Table["rows"][number]): number => experiment.arms[row.arm]!.trials.length;
  const found = (row: Table["rows"][number]): number =>
    Math.max(0, ...row.cells.map(({ values }) => values.length));
  const short = table.rows.some((row) => found(row) < planned(row));
  const headings: Heading[] = [
    ...(table.by === null ? [] : [{ text: table.by }]),
    { text: experiment.factors.map((path) => experiment.names[path] ?? path).join(", ") || "model" },
    ...(table.by === null ? [] : [{ text: "examples", align: "right" } satisfies Heading]),
    ...(table.by === null || short ? [{ text: "trainings", align: "right" } satisfies Heading] : []),
    ...table.columns.map(({ metric, heading, split }) => ({ text: split === "cost" ? metric : heading })),
    ...(table.by === null
      ? [{ text: "parameters", align: "right" } satisfies Heading, { text: "time a training" }]
      : []),
  ];
  const rows = table.rows.map((row) => {
    const arm = experiment.arms[row.arm]!;
    const values = row.cells.map(({ estimate }, c): Part => {
      const column = table.columns[c]!;
      if (!estimate) return "none";
      const value = showValue(estimate.mean, column.unit, column.decimals);
      const interval = showInterval(estimate, column);
      return interval === "" ? value : html`${value} <small>${interval}</small>`;
    });
    const n = found(row);
    const trainings = n < planned(row) ? `${n} of ${planned(row)}` : String(n);
    const cells: Part[] =
      table.by === null
        ? [
            arm.label,
            trainings,
            ...values,
            showCount(arm.parameters),
            arm.seconds ? showSeconds(arm.seconds.mean) : "not known",
          ]
        : [row.bin!.label, arm.label, showCount(row.examples ?? 0), ...(short ? [trainings] : []), ...values];
    return { cells };
  });
  const outside = outsideText(table);
  return html`${dataTable(tableTitle(experiment, table), headings, rows)}${outside === undefined ? null : html`<p class="muted sans">${outside}</p>`}`;
}

export function choices({ experiment }: Source): Markup | null {
  if (experiment.choices.length === 0) return null;
  const tables = experiment.choices.map((choice) => {
    const name = experiment.names[choice.path] ?? choice.path;
    const of = Object.values(choice.of).join(", ");
    const caption = `${name}${of === "" ? "" : ` for ${of}`}, ${choice.metric}, mean over trainings with a result`;
    return dataTable(
      caption,
      [
        { text: name },
        { text: choice.metric, align: "right" },
        { text: "trainings", align: "right" },
        { text: "diverged", align: "right" },
      ],
      choice.candidates.map(({ label, mean, n, diverged }) => ({
        taken: label === choice.label,
        cells: [
          label === choice.label ? `${label}, chosen` : label,
          mean === null ? "none" : mean.toFixed(4),
          n,
          diverged,
        ],
      })),
    );
  });
  return html`<h3>What was chosen, and on what</h3>
<p>${choiceLines(experiment).join(" ")} The test split has no part in it.</p>${tables}`;
}

export function comparisons({ experiment, id }: Source): Markup | null {
  const drawn = experiment.comparisons.flatMap((comparison, i) => {
    const armOf = (label: string): number =>
      Math.max(
        0,
        experiment.arms.findIndex(({ levels }) => levels[comparison.factor] === label),
      );
    const arms = { left: armOf(comparison.left), right: armOf(comparison.right) };
    const plot = drawComparison(comparison, arms, `${id}-comparison-${i + 1}`);
    if (!plot) return [];
    const { result, noun } = comparison;
    const { difference, pairedT, wilcoxon, dz } = result!;
    return [
      html`${figure(
        plot,
        `Left: each line is one pair; bars are means. Right: the difference of each pair, ${comparison.left} - ${comparison.right}, and their mean with its ${intervalName(comparison, result!)} (Student's t, ${difference.n} ${noun}).`,
      )}${difference.sd === 0 ? null : html`<p class="muted sans">Beside the verdict's own test: paired t = ${pairedT.t.toFixed(2)}, ${equation(pairedT.p)}; Wilcoxon W = ${wilcoxon.w}, ${equation(wilcoxon.p)}; difference in standard deviations dz = ${dz.toFixed(2)}.</p>`}`,
    ];
  });
  return drawn.length === 0 ? null : html`<h3>The comparison, pair by pair</h3>${drawn}`;
}

export function curves({ run, experiment, id }: Source): Markup | null {
  const metrics = curveMetrics(run, experiment.arms);
  const plots = metrics
    .map((metric) =>
      drawCurves(run, experiment.arms, metric, `${id}-curve-${metric.replaceAll(/[^a-z0-9]+/gi, "-")}`),
    )
    .filter((plot) => plot !== null);
  if (plots.length === 0) return null;
  const over = listed(experiment.replicates.map(({ name, levels }) => plural(name, levels)));
  const how =
    over === ""
      ? "One line a training."
      : `Lines are means over ${over}, bands reach from the least to the greatest.`;
  return html`<h3>Learning curves</h3><div class="pair-of">${plots.map((plot) => figure(plot, how))}</div>`;
}

export function confusions(source: Source): Markup | null {
  const { experiment, measured, id } = source;
  const found = experiment.arms.map((arm) => confusionOf(arm, measured));
  if (found.every((confusion) => confusion === null)) return null;
  return html`<h3>What is taken for what</h3><div class="pair-of">${experiment.arms.map((arm, i) => {
    const confusion = found[i];
    return confusion
      ? figure(
          drawConfusion(arm, confusion, `${id}-confusion-${i + 1}`),
          `Test examples of ${confusion.trainings} ${plural("training", confusion.trainings)}; shares are of each true class.`,
        )
      : null;
  })}</div>${confusedExamples(source)}`;
}

export function reliabilityDiagram({ experiment, measured, id }: Source): Markup | null {
  const plot = drawReliability(experiment.arms, measured, `${id}-reliability`);
  return (
    plot &&
    html`<h3>Are the probabilities honest?</h3>${figure(plot, "On the dashed line an answer that is called 80 % probable is right 8 times in 10; below it the network is too sure. Size is the share of test examples.")}`
  );
}

export function bins({ experiment, id }: Source): Markup | null {
  const plots = experiment.tables.flatMap((table, t) =>
    table.by === null
      ? []
      : table.columns.map((_, c) => {
          const plot = drawBins(experiment.arms, table, c, `${id}-by-${t + 1}-${c + 1}`);
          return (
            plot &&
            figure(plot, "Bins hold their lower edge and not their upper; bars are intervals of the means.")
          );
        }),
  );
  return plots.some((plot) => plot !== null) ? html`<h3>Resolved by field</h3>${plots}` : null;
}

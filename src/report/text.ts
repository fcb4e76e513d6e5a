/** The answer in the terminal: one screen, the verdict last. */
import { wrap } from "../diagnostics/wrap.ts";
import type { Estimate } from "../stats/interval.ts";
import { showP } from "../stats/verdict.ts";
import type { Answer, ExperimentAnswer } from "./answer.ts";
import type { Choice } from "./choose.ts";
import { type Comparison, intervalName, intervalOf } from "./comparison.ts";
import { listed, plural, showCount, showLevel, showSeconds, showSigned, showValue } from "./numbers.ts";
import type { Cell, Column, Table } from "./table.ts";

export interface Look {
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Columns. */
  readonly width: number;
}

type Paint = (text: string, style: "bold" | "dim" | "yellow") => string;

const codes = { bold: 1, dim: 2, yellow: 33 } as const;

export function renderAnswer(answer: Answer, look: Look): string {
  const paint: Paint = (text, style) => (look.colour ? `\x1b[${codes[style]}m${text}\x1b[0m` : text);
  const blocks = answer.experiments.flatMap((experiment) => {
    const named = answer.experiments.length > 1 ? [paint(experiment.name, "bold")] : [];
    return [...named, ...renderExperiment(experiment, look.width, paint)];
  });
  const text = blocks.join("\n\n");
  return look.unicode ? text : toAscii(text);
}

function renderExperiment(experiment: ExperimentAnswer, width: number, paint: Paint): string[] {
  const blocks: string[] = [];
  for (const table of experiment.tables) blocks.push(...renderTable(experiment, table, width, paint));
  const asides = [...choiceLines(experiment), ...experiment.notes];
  if (asides.length > 0) {
    const lines = asides.flatMap((line) => wrap(line, width));
    blocks.push(lines.map((line) => paint(line, "yellow")).join("\n"));
  }
  for (const comparison of experiment.comparisons)
    blocks.push(renderComparison(experiment, comparison, width, paint));
  return blocks;
}

/** `test, mean over 6 seeds with 95 % interval` */
export function tableTitle(experiment: ExperimentAnswer, table: Table): string {
  const splits = [...new Set(table.columns.map(({ split }) => split).filter((split) => split !== "cost"))];
  const what =
    table.by !== null
      ? `${listed(table.columns.map(({ metric }) => metric))} by ${table.by}`
      : splits.length === 1
        ? splits[0]!
        : "results";
  const most = Math.max(0, ...table.rows.flatMap(({ cells }) => cells.map((cell) => cell.values.length)));
  if (most === 0) return `${what}, no results yet`;
  if (most === 1) return `${what}, one training each: no interval can be given`;
  const over = experiment.replicates
    .filter(({ levels }) => levels > 1)
    .map(({ name, levels }) => `${levels} ${plural(name, levels)}`);
  const mean = over.length > 0 ? `mean over ${over.join(" x ")}` : `mean over ${most} trainings`;
  return `${what}, ${mean} with ${showLevel(table.level)} interval`;
}

interface TextColumn {
  readonly heading: string;
  readonly align: "left" | "right";
  readonly cells: readonly string[];
}

function renderTable(
  experiment: ExperimentAnswer,
  table: Table,
  width: number,
  paint: Paint,
): readonly string[] {
  const title = paint(tableTitle(experiment, table), "bold");
  const { lead, rest } = table.by === null ? armColumns(experiment, table) : binColumns(experiment, table);
  // Too many columns for the width go to further tables, each with the leading columns again.
  const groups: TextColumn[][] = [[]];
  for (const column of rest) {
    const current = groups.at(-1)!;
    if (current.length > 0 && widthOf([...lead, ...current, column]) > width) groups.push([column]);
    else current.push(column);
  }
  const outside = outsideText(table);
  return groups.map((columns, i) => {
    const body = draw([...lead, ...columns], paint);
    const parts = [
      ...(i === 0 ? [title] : []),
      body,
      ...(i === groups.length - 1 && outside !== undefined ? [`  ${outside}`] : []),
    ];
    return parts.join("\n");
  });
}

function armColumns(experiment: ExperimentAnswer, table: Table) {
  const arms = table.rows.map((row) => experiment.arms[row.arm]!);
  const left = (heading: string, cells: readonly string[]): TextColumn => ({ heading, align: "left", cells });
  const right = (heading: string, cells: readonly string[]): TextColumn => ({
    heading,
    align: "right",
    cells,
  });
  const lead =
    experiment.factors.length === 0
      ? [
          left(
            "model",
            arms.map(({ label }) => label),
          ),
        ]
      : experiment.factors.map((path) =>
          left(
            experiment.names[path] ?? path,
            arms.map(({ levels }) => levels[path] ?? ""),
          ),
        );
  const planned = Math.max(...arms.map(({ trials }) => trials.length));
  const short = arms.some(({ done }) => done < planned);
  if (short)
    lead.push(
      right(
        "n",
        arms.map(({ done, trials }) => `${done} of ${trials.length}`),
      ),
    );
  const rest = table.columns.flatMap((column, c) => valueColumn(column, table, c));
  const has = (metric: string): boolean => table.columns.some((column) => column.metric === metric);
  if (!has("cost.parameters"))
    rest.push(
      right(
        "parameters",
        arms.map(({ parameters }) => showCount(parameters)),
      ),
    );
  if (!has("cost.time"))
    rest.push(
      left(
        "time a training",
        arms.map(({ seconds }) => (seconds ? showSeconds(seconds.mean) : "not known")),
      ),
    );
  return { lead, rest };
}

function valueColumn(column: Column, table: Table, c: number): TextColumn {
  const several =
    new Set(table.columns.map(({ split }) => split).filter((split) => split !== "cost")).size > 1;
  return {
    heading: several || column.split === "cost" ? columnName(column) : column.heading,
    align: column.unit === "count" ? "right" : "left",
    cells: table.rows.map((row) => showCell(row.cells[c]!, column)),
  };
}

function columnName({ metric }: Column): string {
  return metric === "cost.time" ? "time a training" : metric;
}

/** `0.871   0.858 to 0.884` */
function showCell({ estimate }: Cell, column: Column): string {
  if (!estimate) return "none";
  const value = showValue(estimate.mean, column.unit, column.decimals);
  const interval = showInterval(estimate, column);
  return interval === "" ? value : `${value}   ${interval}`;
}

/** `0.858 to 0.884`; empty where there is none. Of a count, which does not vary, none is needed. */
export function showInterval(
  { interval }: Estimate,
  { unit, decimals }: Pick<Column, "unit" | "decimals">,
): string {
  if (!interval || unit === "count") return "";
  return `${showValue(interval.low, unit, decimals)} to ${showValue(interval.high, unit, decimals)}`;
}

function binColumns(experiment: ExperimentAnswer, table: Table) {
  const bins = [...new Map(table.rows.map((row) => [row.bin!.label, row])).values()];
  const lead: TextColumn[] = [
    { heading: table.by!, align: "left", cells: bins.map(({ bin }) => bin!.label) },
    { heading: "examples", align: "right", cells: bins.map(({ examples }) => showCount(examples ?? 0)) },
  ];
  const rest = table.columns.flatMap((column, c) =>
    experiment.arms.map(
      (arm, index): TextColumn => ({
        heading: table.columns.length > 1 ? `${arm.label} ${column.heading}` : arm.label,
        align: "left",
        cells: bins.map(({ bin }) => {
          const row = table.rows.find((each) => each.arm === index && each.bin!.label === bin!.label);
          return row ? showCell(row.cells[c]!, column) : "none";
        }),
      }),
    ),
  );
  return { lead, rest };
}

/** `65 examples are in none of these bins.` */
export function outsideText({ outside }: Table): string | undefined {
  if (outside === 0) return undefined;
  return `${showCount(outside)} ${plural("example", outside)} ${outside === 1 ? "is" : "are"} in none of these bins.`;
}

const gap = "   ";

function columnWidth({ heading, cells }: TextColumn): number {
  return Math.max(heading.length, ...cells.map((cell) => cell.length));
}

function widthOf(columns: readonly TextColumn[]): number {
  return 2 + columns.reduce((sum, column) => sum + columnWidth(column) + gap.length, 0) - gap.length;
}

function draw(columns: readonly TextColumn[], paint: Paint): string {
  const line = (texts: readonly string[]): string =>
    `  ${texts
      .map((text, i) => {
        const width = columnWidth(columns[i]!);
        return columns[i]!.align === "left" ? text.padEnd(width) : text.padStart(width);
      })
      .join(gap)
      .trimEnd()}`;
  const rows = columns[0]!.cells.map((_, r) => line(columns.map(({ cells }) => cells[r]!)));
  return [paint(line(columns.map(({ heading }) => heading)), "dim"), ...rows].join("\n");
}

/** `lr is chosen on valid.accuracy: 0.03 for vgg, 0.1 for resnet.` and what lies at an edge. */
export function choiceLines(experiment: ExperimentAnswer): string[] {
  const byPath = new Map<string, Choice[]>();
  for (const choice of experiment.choices)
    byPath.set(choice.path, [...(byPath.get(choice.path) ?? []), choice]);
  return [...byPath].flatMap(([path, choices]) => {
    const name = experiment.names[path] ?? path;
    const of = (choice: Choice): string => Object.values(choice.of).join(", ");
    const taken = choices.map((choice) => {
      const label = choice.label ?? "none, for want of results,";
      return of(choice) === "" ? label : `${label} for ${of(choice)}`;
    });
    const lines = [`${name} is chosen on ${choices[0]!.metric}: ${listed(taken)}.`];
    const edges = choices.filter(({ edge }) => edge !== null);
    if (edges.length > 0) {
      const where = edges.map((choice) => {
        const whose = of(choice) === "" ? "" : ` (${of(choice)})`;
        return `${choice.label}${whose} is the ${choice.edge} value tried`;
      });
      lines.push(`${listed(where)}: a better ${name} may lie beyond.`);
    }
    for (const choice of choices) {
      const best = choice.candidates.find(({ label }) => label === choice.label);
      if (best && best.diverged > 0)
        lines.push(
          `${best.diverged} of ${best.diverged + best.n} trainings of the ${name} chosen${of(choice) === "" ? "" : ` for ${of(choice)}`} diverged: it is chosen on those that did not.`,
        );
    }
    return lines;
  });
}

/** `resnet - vgg on test.accuracy, paired by seed` */
export function comparisonTitle({ left, right, metric, paired, margin, unit, decimals }: Comparison): string {
  const by = paired.length > 0 ? `, paired by ${listed(paired)}` : "";
  const within = margin === null ? "" : `, margin ${showValue(margin, unit, decimals)}`;
  return `${left} - ${right} on ${metric}${by}${within}`;
}

/** `p = 0.031`, `p < 0.0001` */
export function equation(p: number): string {
  const shown = showP(p);
  return shown.startsWith("<") ? `p ${shown}` : `p = ${shown}`;
}

/** The numbers of a comparison, each a phrase. */
export function comparisonPhrases(comparison: Comparison): string[] {
  const { result, p, unit, decimals, left, right, incomplete } = comparison;
  if (!result || p === null) return [];
  const { difference, test, superiority } = result;
  const signed = (value: number): string => showSigned(value, unit, decimals);
  const { low, high } = intervalOf(comparison, result);
  const how = test.method === "drawn" ? `${showCount(test.draws)} draws` : test.method;
  const all = result.comparisons > 1 ? `, Holm over ${result.comparisons}` : "";
  const pairs = `${difference.n}${incomplete > 0 ? ` of ${difference.n + incomplete}` : ""} pairs`;
  return [
    signed(difference.mean),
    `${intervalName(comparison, result)} ${signed(low)} to ${signed(high)}`,
    `${equation(p)} (${how}, ${pairs}${all})`,
    `P(${left} > ${right}) = ${superiority.value.toFixed(2)}`,
  ];
}

function renderComparison(
  { names }: ExperimentAnswer,
  comparison: Comparison,
  width: number,
  paint: Paint,
): string {
  const of = Object.entries(comparison.of).map(([path, label]) => `${names[path] ?? path} ${label}`);
  const where = of.length > 0 ? `, ${listed(of)}` : "";
  const lines = [paint(`${comparisonTitle(comparison)}${where}`, "bold")];
  let line = "";
  for (const phrase of comparisonPhrases(comparison)) {
    if (line !== "" && line.length + gap.length + phrase.length + 2 > width) {
      lines.push(`  ${line}`);
      line = phrase;
    } else line = line === "" ? phrase : `${line}${gap}${phrase}`;
  }
  if (line !== "") lines.push(`  ${line}`);
  for (const each of wrap(comparison.verdict.text, width - 2)) lines.push(`  ${paint(each, "bold")}`);
  return lines.join("\n");
}

/** Letters that the terminal cannot show; the answer's own words are ASCII, names from the study may not be. */
function toAscii(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/\P{ASCII}/gu, "?");
}

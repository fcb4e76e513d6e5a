/** `analysis/table.csv`: one line a value, so that every number of the report can be computed again. */
import type { Answer } from "./answer.ts";

/** A field of a CSV file (RFC 4180). */
export function csvField(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLines(rows: readonly (readonly (string | number | null)[])[]): string {
  return `${rows.map((row) => row.map(csvField).join(",")).join("\n")}\n`;
}

/** Tidy: the value of each metric of each trial that is reported. `bin` is empty for the whole split. */
export function answerToCsv(answer: Answer): string {
  const rows: (string | number | null)[][] = [
    ["experiment", "arm", "chosen", "trial", "metric", "by", "bin", "value"],
  ];
  for (const experiment of answer.experiments)
    for (const table of experiment.tables)
      for (const row of table.rows)
        for (const [c, column] of table.columns.entries())
          for (const { ordinal, value } of row.cells[c]!.values) {
            const arm = experiment.arms[row.arm]!;
            const chosen = Object.entries(arm.chosen).map(([path, label]) => `${path}=${label}`);
            rows.push([
              experiment.name,
              arm.label,
              chosen.join(" "),
              ordinal,
              column.metric,
              table.by,
              row.bin?.label ?? null,
              value,
            ]);
          }
  return csvLines(rows);
}

/** A batch that is larger than the training split, where the number of rows is known without reading them. */
import { operatorOf } from "../ops/registry.ts";
import type { Span } from "../text/source.ts";
import type { StudyContext } from "./context.ts";
import { batchTooLarge } from "./diagnostics.ts";
import type { DataSpec } from "./plan.ts";

/** `span` is the batch's line. False after a report. */
export function checkBatch(batch: number, data: DataSpec, span: Span, context: StudyContext): boolean {
  const rows = mostTrainingRows(data);
  if (rows === undefined || batch <= rows) return true;
  context.reporter.report(batchTooLarge, { batch, rows, data: data.name }, span, {
    hint: `take a batch of ${rows.toLocaleString("en")} or less, or more rows`,
  });
  return false;
}

/** Conditions (`where`) and whole groups only make it less. */
function mostTrainingRows({ source, split }: DataSpec): number | undefined {
  const count = operatorOf("reader", source.op).count?.(source.parameters);
  if (count === undefined) return undefined;
  const { op, parameters } = split;
  const share = (name: string): number => Number(parameters[name] ?? 0);
  const upTo = (part: number): number => Math.round(Math.min(1, part) * count);
  if (op === "random" || op === "stratified")
    return upTo(share("test") + share("valid") + share("train")) - upTo(share("test") + share("valid"));
  return count;
}

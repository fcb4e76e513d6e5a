/** Parts of a plan in the language's own words. */
import type { Json, OpCall } from "../../ops/signature.ts";
import type { Duration, FieldExpr, MetricSpec, RecipeSpec, SectionSpec } from "../../study/plan.ts";
import { metricName } from "../values.ts";

export function showJson(value: Json): string {
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(showJson).join(", ")}]`;
  const record = value as { readonly [key: string]: Json };
  if (typeof record.op === "string" && typeof record.parameters === "object")
    return showCall(record as unknown as OpCall);
  if (typeof record.metric === "string" && typeof record.split === "string")
    return metricName(record as unknown as MetricSpec);
  if ("from" in record && "to" in record) return `${showJson(record.from!)} .. ${showJson(record.to!)}`;
  const entries = Object.entries(record);
  if (entries.length === 1 && ["epochs", "steps", "seconds"].includes(entries[0]![0]))
    return showDuration(record as unknown as Duration);
  return `{ ${entries.map(([key, each]) => `${key}: ${showJson(each)}`).join(", ")} }`;
}

/** `sgd(lr: 0.03, momentum: 0.9)`; parameters that are nothing are left out. */
export function showCall({ op, parameters }: OpCall): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== null);
  if (given.length === 0) return op;
  return `${op}(${given.map(([name, value]) => `${name}: ${showJson(value)}`).join(", ")})`;
}

export function showDuration(duration: Duration): string {
  const [unit, n] = Object.entries(duration)[0] as [string, number];
  return unit === "seconds" ? `${n} s` : `${n} ${n === 1 ? unit.slice(0, -1) : unit}`;
}

export function showSections(sections: readonly SectionSpec[]): string {
  return sections
    .filter(({ steps }) => steps.length > 0)
    .map(({ fields, steps }) => `${fields.join(", ")}: ${steps.map(showCall).join("; ")}`)
    .join(". ");
}

export function showExpr(expr: FieldExpr): string {
  if ("source" in expr) return `source.${expr.source}`;
  if ("number" in expr) return String(expr.number);
  if ("text" in expr) return `"${expr.text}"`;
  if ("list" in expr) return `[${expr.list.map(showExpr).join(", ")}]`;
  return `${showExpr(expr.left)} ${expr.operator} ${showExpr(expr.right)}`;
}

/** What a recipe says, line by line. */
export function recipeLines(recipe: RecipeSpec): readonly (readonly [string, string])[] {
  const { objectives, batch, length, stop, keep, average, freeze } = recipe;
  return [
    ...objectives.flatMap(({ name, loss, optimizer, schedule, clip, every }): [string, string][] => {
      const of = (what: string) => (name === "" ? what : `${name}: ${what}`);
      return [
        [of(name === "" ? "loss" : "minimize"), loss.text],
        [of("optimizer"), showCall(optimizer)],
        [of("schedule"), schedule ? showCall(schedule) : "constant"],
        ...(clip ? [[of("clip"), showCall(clip)] as [string, string]] : []),
        ...(every > 1 ? [[of("every"), `${every} steps`] as [string, string]] : []),
      ];
    }),
    ["batch", String(batch)],
    ["length", showDuration(length)],
    ["stop", stop ? showCall(stop) : "at the end of the length"],
    ["keep", keep.kind === "last" ? "last" : `best(${metricName(keep.metric)})`],
    ...(average ? [["average", showCall(average)] as const] : []),
    ...(freeze ? [["freeze", [freeze].flat().join(", ")] as const] : []),
  ];
}

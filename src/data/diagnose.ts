/** What is found when data are read, at the line that says otherwise. */
import { asClause, type PlacedProblem, placedProblem } from "../diagnostics/problem.ts";
import { badSplit, dataDiffer, dataUnreadable } from "../study/diagnostics.ts";
import type { DataPlaces } from "../study/places.ts";
import type { DataSpec } from "../study/plan.ts";
import type { Span } from "../text/source.ts";
import type { DataError, Fault } from "./error.ts";
import { columnsOf } from "./expression.ts";

export function diagnose(error: DataError, data: DataSpec, places: DataPlaces): PlacedProblem {
  const at = error.at ?? "source";
  const kind = at === "source" ? dataUnreadable : at === "split" ? badSplit : dataDiffer;
  const parameters = { problem: asClause(error.message) };
  const details = { hint: error.hint };
  const of = { isMistake: at !== "source", sentence: error };
  return placedProblem(kind, parameters, placeOf(at, data, places), details, of);
}

function placeOf(at: Fault, data: DataSpec, places: DataPlaces): Span {
  if (at === "source" || at === "split") return places[at];
  if ("field" in at) return places.fields[at.field]?.[at.part] ?? places.source;
  const { column } = at;
  const reads = data.fields.find(({ value }) => columnsOf(value).has(column));
  if (reads) return places.fields[reads.name]!.value;
  const asks = data.fields.find(({ where }) => where && columnsOf(where).has(column));
  return asks ? places.fields[asks.name]!.where : places.source;
}

/** Where parts of a study are written: for what is found only when the data are read. */
import type { Span } from "../text/source.ts";
import type { DataDraft } from "./data.ts";
import type { AskedMetric } from "./measures.ts";
import { measureKey } from "./metric.ts";

export interface Places {
  /** By the data set's name. */
  readonly data: Readonly<Record<string, DataPlaces>>;
  /** By the experiment, and what the metric is known by: the values of `of:`, or the metrics where there is none. */
  readonly metrics: Readonly<Record<string, MetricPlaces>>;
}

export type MetricPlaces = Readonly<Record<string, readonly Span[]>>;

export interface FieldPlaces {
  readonly name: Span;
  /** The name, where no type is written. */
  readonly type: Span;
  readonly value: Span;
  /** The value, where there is no condition. */
  readonly where: Span;
}

export interface DataPlaces {
  /** The path; of a source without one the whole call. */
  readonly source: Span;
  readonly split: Span;
  readonly fields: Readonly<Record<string, FieldPlaces>>;
}

export function metricPlaces(asked: Iterable<Omit<AskedMetric, "span">>): MetricPlaces {
  const places: Record<string, Span[]> = {};
  for (const { metric, value } of asked) {
    const of = places[measureKey(metric)] ?? [];
    const { span } = value.metric.arguments.get("of") ?? value;
    if (!of.some(({ file, start }) => file.path === span.file.path && start === span.start)) of.push(span);
    places[measureKey(metric)] = of;
  }
  return places;
}

export function placesOf({ name, settings, fields }: DataDraft): DataPlaces {
  const source = settings.get("source")?.value;
  const path = source?.kind === "operator" ? source.arguments.get("path") : undefined;
  return {
    source: (path ?? source)?.span ?? name.span,
    split: settings.get("split")?.value?.span ?? name.span,
    fields: Object.fromEntries(
      [...fields].map(([field, { statement }]) => {
        const { name, type, value, where } = statement;
        return [
          field,
          { name: name.span, type: (type ?? name).span, value: value.span, where: (where ?? value).span },
        ];
      }),
    ),
  };
}

/** Where the parts of a data set are written: for what is found only when the data are read. */
import type { Span } from "../text/source.ts";
import type { DataDraft } from "./data.ts";

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

import { isDefinition } from "../study/names/meaning.ts";
import type { Span } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";
import { nameAt } from "./places.ts";

/** Where the name at a place is made, in any file; a module's name leads to the beginning of its file. */
export function definition(analysis: Analysis, offset: number): readonly Span[] {
  return (nameAt(analysis, offset)?.meanings ?? []).flatMap((meaning): readonly Span[] => {
    if (isDefinition(meaning)) return [meaning.name.span];
    if (meaning.kind !== "module" || !meaning.module) return [];
    return [{ file: meaning.module.file.source, start: 0, end: 0 }];
  });
}

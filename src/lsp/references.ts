import { type Definition, isDefinition, type Occurrence } from "../study/names/meaning.ts";
import type { SourceFile } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";
import { nameAt } from "./places.ts";

/**
 * Every place in these programs that stands for what the name at a place stands for. Names that some place uses as one (a field
 * that two data sets have and one recipe names) belong together.
 */
export function references(
  analysis: Analysis,
  offset: number,
  others: readonly Analysis[] = [],
): readonly Occurrence[] {
  const found = nameAt(analysis, offset);
  const wanted = new Set(found?.meanings.filter(isDefinition));
  if (wanted.size === 0) return [];
  const all = occurrencesOf([analysis, ...others]);
  const isWanted = (occurrence: Occurrence) =>
    occurrence.meanings.some((meaning) => isDefinition(meaning) && wanted.has(meaning));
  // Until no place brings another definition.
  for (let size = 0; size < wanted.size; ) {
    size = wanted.size;
    for (const occurrence of all)
      if (isWanted(occurrence))
        for (const meaning of occurrence.meanings)
          if (isDefinition(meaning)) wanted.add(meaning as Definition);
  }
  return all.filter(isWanted);
}

/** The names of all files of several programs, each file once. */
function occurrencesOf(analyses: readonly Analysis[]): readonly Occurrence[] {
  const seen = new Set<SourceFile>();
  const all: Occurrence[] = [];
  for (const analysis of analyses)
    for (const module of analysis.program.modules) {
      if (seen.has(module.file.source)) continue;
      seen.add(module.file.source);
      all.push(...analysis.names(module));
    }
  return all;
}

import type { Diagnostic } from "./diagnostic.ts";

/** What stands below the lines of a diagnostic: circumstances, then what to do. */
export function wayOut({ notes, hint, fixes }: Diagnostic): string[] {
  return [
    ...notes,
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
    ...fixes.map(({ title }) => `fix: ${title}`),
  ];
}

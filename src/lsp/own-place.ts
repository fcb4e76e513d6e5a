/** What is wrong within the standard library is shown where a study uses it: nobody mends it there, nor has that file open. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { isStandardFile, type Module } from "../modules/program.ts";
import { isDefinition, type Occurrence } from "../study/names/meaning.ts";
import type { Declaration } from "../syntax/ast.ts";
import { describePlace } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";

/** A diagnostic of a study, at a place of its own files where it has one. */
export function atOwnPlace(diagnostic: Diagnostic, analysis: Analysis): Diagnostic {
  const { span, labels, text, notes } = diagnostic;
  if (!isStandardFile(span.file.path) || isStandardFile(analysis.path)) return diagnostic;
  const own =
    labels.find((label) => !isStandardFile(label.span.file.path))?.span ?? useOf(diagnostic, analysis);
  if (!own) return diagnostic;
  return {
    ...diagnostic,
    span: own,
    text: "",
    labels: [{ span, text }, ...labels.filter((label) => label.span !== own)],
    notes: [...notes, `in ${describePlace(span)}`],
  };
}

/** The name by which a study uses what a place of the library belongs to, directly or through other declarations of the library. */
function useOf({ span }: Diagnostic, analysis: Analysis) {
  const { modules } = analysis.program;
  const home = modules.find(({ file }) => file.source.path === span.file.path);
  const mistaken = home?.file.declarations.find(
    (each) => each.span.start <= span.start && span.end <= each.span.end,
  );
  if (!home || !mistaken) return undefined;
  const leading = new Set<Declaration>([mistaken]);
  const library = modules.filter(({ file }) => isStandardFile(file.source.path));
  for (let size = 0; size < leading.size; ) {
    size = leading.size;
    for (const module of library)
      for (const declaration of module.file.declarations)
        if (analysis.namesIn(declaration, module).some((name) => leadsTo(name, leading)))
          leading.add(declaration);
  }
  const uses = (module: Module) =>
    module.file.declarations
      .filter(({ kind }) => kind !== "import")
      .flatMap((declaration) => analysis.namesIn(declaration, module))
      .find((name) => leadsTo(name, leading))?.name.span;
  const studies = modules.filter((module) => !library.includes(module) && module !== analysis.module);
  return [analysis.module, ...studies].map(uses).find((found) => found !== undefined);
}

const leadsTo = ({ meanings }: Occurrence, to: ReadonlySet<Declaration>): boolean =>
  meanings.some(
    (meaning) => isDefinition(meaning) && meaning.declaration !== undefined && to.has(meaning.declaration),
  );

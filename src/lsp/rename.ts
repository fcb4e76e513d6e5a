import { isDimensionName } from "../check/signature.ts";
import { Problem } from "../diagnostics/problem.ts";
import { isStandardFile } from "../modules/program.ts";
import { isDefinition, type Meaning, type Occurrence } from "../study/names/meaning.ts";
import { isName } from "../syntax/tokens.ts";
import { applyEdits, type Edit, positionAt, type Span } from "../text/source.ts";
import { type Analysis, analyse } from "./analysis.ts";
import { nameAt } from "./places.ts";
import { references } from "./references.ts";

/** The name at a place, where it can be renamed. Throws a `Problem` in words where it cannot. */
export function renameable(analysis: Analysis, offset: number): Span {
  const found = nameAt(analysis, offset);
  if (!found || found.meanings.length === 0) throw new Problem("there is no name here that is known");
  const own = found.meanings.filter(isDefinition);
  if (own.length === 0)
    throw new Problem(`\`${found.name.text}\` belongs to the language and cannot be renamed`);
  const standard = own.find(({ name }) => isStandardFile(name.span.file.path));
  if (standard)
    throw new Problem(
      `\`${found.name.text}\` is declared in ${standard.name.span.file.path}, which belongs to dlc`,
    );
  if (own.some(({ kind, name }) => kind === "dimension" && name.text === "N"))
    throw new Problem("`N` is the batch and keeps its name");
  if (
    own.some(
      ({ kind, name, owner }) => kind === "parameter" && owner?.what === "metric" && name.text === "goal",
    )
  )
    throw new Problem("`goal` says whether more of a metric is better, and keeps its name");
  const word = own.find(
    ({ kind, name }) => kind === "axis" && (name.text === "seed" || name.text === "fold"),
  );
  if (word) throw new Problem(`a training has one \`${word.name.text}\`, and it keeps its name`);
  return found.name.span;
}

/**
 * The edits that give what stands at a place another name, in all files that these programs hold. Throws a `Problem` where the new
 * name is no name, or is taken: where any name would then mean something else, or a mistake would arise.
 */
export function rename(
  analysis: Analysis,
  offset: number,
  to: string,
  others: readonly Analysis[] = [],
): readonly Edit[] {
  const { file, start } = renameable(analysis, offset);
  const from = file.text.slice(start, nameAt(analysis, offset)!.name.span.end);
  if (!isName(to))
    throw new Problem(
      `\`${to}\` is not a name`,
      "names are letters, digits and `_`, and begin with a letter",
    );
  if (to === from) return [];
  const isDimension = references(analysis, offset).some(({ meanings }) =>
    meanings.some(({ kind }) => kind === "dimension"),
  );
  if (isDimension && !isDimensionName(to))
    throw new Problem(`\`${to}\` is no name for a dimension`, "dimensions begin with a capital letter");
  const all = new Set([analysis, ...others]);
  const edits = references(analysis, offset, others).map(({ name }): Edit => ({ span: name.span, text: to }));
  for (const each of all) checkRenamed(each, edits, from, to);
  return edits;
}

/** Every name means after the edits what it meant before. */
function checkRenamed(before: Analysis, edits: readonly Edit[], from: string, to: string): void {
  const touched = before.program.modules.filter((module) =>
    edits.some(({ span }) => span.file.path === module.file.source.path),
  );
  if (touched.length === 0) return;
  const { host } = before;
  const after = analyse(before.path, {
    ...host,
    standardModules: host.standardModules,
    read: (path) => {
      const text = host.read(path);
      return text === undefined
        ? undefined
        : applyEdits(
            text,
            edits.filter(({ span }) => span.file.path === path),
          );
    },
  });
  for (const module of touched) {
    const { path } = module.file.source;
    const same = after.program.modules.find((each) => each.file.source.path === path);
    const expected = before.names(module).map((each) => describe(each, edits));
    const found = same ? after.names(same).map((each) => describe(each, [])) : [];
    const wrong = expected.findIndex((each, i) => each !== found[i]);
    if (wrong < 0 && expected.length === found.length) continue;
    const place = before.names(module)[Math.max(wrong, 0)]?.name;
    const line = place ? ` (line ${positionAt(place.span.file, place.span.start).line})` : "";
    throw new Problem(`\`${to}\` is taken: a name would mean something else${line}`, "choose another name");
  }
  const errors = (analysis: Analysis) => analysis.diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors(after);
  if (first && errors(after).length > errors(before).length)
    throw new Problem(`\`${from}\` cannot be called \`${to}\`: ${first.message}`, "choose another name");
}

/** A name by its place and the places of what it means, as they are after the edits. */
function describe({ name, meanings }: Occurrence, edits: readonly Edit[]): string {
  const place = ({ file, start }: Span): string => {
    const before = edits.filter(({ span }) => span.file.path === file.path && span.start < start);
    const moved = before.reduce((sum, { span, text }) => sum + text.length - (span.end - span.start), start);
    return `${file.path}@${moved}`;
  };
  const meant = (meaning: Meaning): string =>
    isDefinition(meaning)
      ? place(meaning.name.span)
      : `${meaning.kind} ${"text" in meaning ? meaning.text : ""}`;
  return `${place(name.span)} ${meanings.map(meant).sort().join()}`;
}

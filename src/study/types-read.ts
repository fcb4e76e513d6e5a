/** Types that are left out and were read from the data: told once for each data set, with a fix that writes them in. */
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { FieldStatement } from "../syntax/ast.ts";
import { typesRead } from "./diagnostics.ts";

interface Read {
  readonly field: FieldStatement;
  /** A field that several data sets share may have several. */
  readonly types: Set<string>;
}

export function rememberTypes() {
  const fields = new Map<FieldStatement, Read>();
  /** By the data set, and the file, that a field was first met in. */
  const groups = new Map<string, Read[]>();
  return {
    add(dataset: string, field: FieldStatement, type: string): void {
      const known = fields.get(field) ?? { field, types: new Set() };
      known.types.add(type);
      if (fields.has(field)) return;
      fields.set(field, known);
      const key = `${field.span.file.path} ${dataset}`;
      groups.set(key, [...(groups.get(key) ?? []), known]);
    },
    report(reporter: Reporter): void {
      for (const group of groups.values()) {
        const told = group.flatMap(({ field: { name }, types: [type, ...others] }) =>
          others.length === 0 ? { name, type: type! } : [],
        );
        const [first, ...rest] = told;
        if (!first) continue;
        reporter.report(typesRead, { fields: told.map(({ name }) => name.text) }, first.name.span, {
          text: first.type,
          labels: rest.map(({ name, type }) => ({ span: name.span, text: type })),
          hint: "with its types written a study is checked without its data",
          fixes: [
            {
              title: told.length === 1 ? `write \`${first.name.text} : ${first.type}\`` : "write the types",
              edits: told.map(({ name: { span }, type }) => ({
                span: { ...span, start: span.end },
                text: ` : ${type}`,
              })),
              safety: "safe",
            },
          ],
        });
      }
    },
  };
}

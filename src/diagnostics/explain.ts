import { definedKinds } from "./diagnostic.ts";
import { Problem } from "./problem.ts";
import { suggest } from "./suggest.ts";

/**
 * The page of a diagnostic, by code (`DL3101`, `dl3101`) or slug (`shape-mismatch`). Slugs are those of the modules loaded so far.
 * `readPage` gives the Markdown of a code. Throws a `Problem` where there is no such diagnostic.
 */
export function explain(name: string, readPage: (code: string) => string | undefined): string {
  const kinds = definedKinds();
  const wanted = name.trim().replace(/^(?:error|warning|hint)?\[(.*)\]$/, "$1");
  const kind = kinds.find((one) => one.slug === wanted.toLowerCase() || one.code === wanted.toUpperCase());
  const code = kind?.code ?? wanted.toUpperCase();
  const page = /^DL\d{4}$/.test(code) ? readPage(code) : undefined;
  if (page !== undefined) return page;
  const near = suggest(
    wanted,
    kinds.flatMap((one) => [one.code, one.slug]),
  );
  throw new Problem(
    `there is no diagnostic \`${name}\``,
    near ? `did you mean \`${near}\`?` : "give a code as an error prints it, such as `DL3101`",
  );
}

/** The page of a diagnostic, `docs/errors/DLnnnn.md`, as it is read in a terminal. */
import { type DiagnosticKind, definedKinds } from "./diagnostic.ts";
import { suggest } from "./suggest.ts";
import { wrap } from "./wrap.ts";

/**
 * The diagnostic that is meant by `DL3101`, `dl3101`, `3101`, `error[DL3101]` or `shape-mismatch`, of those that the modules loaded
 * so far define; else the code or slug that was probably meant, where one is near.
 */
export function findKind(
  name: string,
): { readonly kind: DiagnosticKind<never> } | { readonly near: string | undefined } {
  const kinds = definedKinds();
  const wanted = name
    .trim()
    .replace(/^(?:error|warning|hint)?\[(.*)\]:?$/, "$1")
    .replace(/^(?=\d{4}$)/, "DL");
  const slug = wanted.toLowerCase().replace(/[\s_]+/g, "-");
  const kind = kinds.find((one) => one.slug === slug || one.code === wanted.toUpperCase());
  if (kind) return { kind };
  const names = kinds.flatMap((one) => [one.code, one.slug]);
  return { near: suggest(/^dl/i.test(wanted) ? wanted.toUpperCase() : slug, names) };
}

/**
 * The Markdown of a page without its marks: paragraphs wrapped to `width` columns, examples set in under a line that says what they
 * show. `study` is the path of the file that examples are parts of.
 */
export function renderPage(
  markdown: string,
  kind: DiagnosticKind<never>,
  { width, study }: { readonly width: number; readonly study: string },
): string {
  const [, ...rest] = markdown.trimEnd().split("\n");
  const lines = [`${kind.code} ${kind.slug} (${kind.severity})`];
  const said = { bad: `This gives ${kind.code}:`, good: "This is in order:" };
  let paragraph: string[] = [];
  let example = false;
  let examples = false;
  const endParagraph = () => {
    lines.push(...(paragraph.length > 0 ? wrap(paragraph.join(" "), width) : []));
    paragraph = [];
  };
  for (const line of rest) {
    const opens = /^```dl (bad|good)$/.exec(line);
    if (opens) {
      endParagraph();
      lines.push(said[opens[1] as keyof typeof said], "");
      example = true;
      examples = true;
    } else if (example && line === "```") example = false;
    else if (example) lines.push(line === "" ? "" : `    ${line}`);
    else if (line === "" || line.startsWith("|")) {
      endParagraph();
      if (!/^\|[\s|:-]+$/.test(line)) lines.push(line.replace(/^\| /, "  ").replace(/ \|/g, "  ").trimEnd());
    } else paragraph.push(line);
  }
  endParagraph();
  if (examples) lines.push("", ...wrap(`What an example does not declare, it has from ${study}.`, width));
  return `${lines.join("\n")}\n`;
}

/** One line for each diagnostic of the modules loaded so far. */
export function listKinds(): string {
  const kinds = definedKinds();
  const widest = Math.max(...kinds.map(({ slug }) => slug.length));
  return kinds.map(({ code, slug, severity }) => `${code}  ${slug.padEnd(widest)}  ${severity}\n`).join("");
}

/** HTML and SVG from templates in which every value is escaped. */

/** Markup that is complete: it is not escaped again. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | null | undefined | false | Markup | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign]!);
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "string") return escapeText(part);
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(render).join("");
}

/** A template: strings and numbers are escaped, markup and lists of it are not; null and false are nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.reduce((text, string, i) => `${text}${render(parts[i - 1])}${string}`) };
}

/** For text that is markup already: style sheets. */
export function raw(markup: string): Markup {
  return { markup };
}

export function dataUri(type: string, content: string | Buffer): string {
  return `data:${type};base64,${Buffer.from(content as string).toString("base64")}`;
}

export type { Part };

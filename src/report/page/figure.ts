/** Drawings and tables as they stand in the page, with what a screen reader and a download need. */
import { csvLines } from "../csv.ts";
import type { Plot } from "../plots/plot.ts";
import { dataUri, html, type Markup, type Part } from "./markup.ts";
import { drawingStyle } from "./style.ts";

/** A plot with its caption; the drawing and its numbers can be taken away as files. */
export function figure(plot: Plot, caption: Part): Markup {
  const { name, title, description, width, height, body } = plot;
  const named = html`<title id="${name}-title">${title}</title><desc id="${name}-desc">${description}</desc>`;
  const inner = html`viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${name}-title ${name}-desc">${named}`;
  const file = html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${inner}<style>${drawingStyle}</style>${body}</svg>`;
  return html`<figure id="${name}"><svg style="max-width: ${Math.round(1.12 * width)}px" ${inner}${body}</svg>
<figcaption><b>${title}.</b> ${caption} <span class="files">${download(`${name}.svg`, "image/svg+xml", file.markup, `${title}, drawing as SVG`, "SVG")} ${download(`${name}.csv`, "text/csv", csvLines(plot.data), `${title}, numbers as CSV`, "CSV")}</span></figcaption></figure>
`;
}

function download(file: string, type: string, content: string, label: string, text: string): Markup {
  return html`<a download="${file}" href="${dataUri(type, content)}" aria-label="${label}">${text}</a>`;
}

export interface Heading {
  readonly text: string;
  readonly align?: "right" | "wrap";
}

/** A table that scrolls where the screen is narrow. The first cell of each row names it. */
export function dataTable(
  caption: string,
  headings: readonly Heading[],
  rows: readonly { readonly cells: readonly Part[]; readonly taken?: boolean }[],
): Markup {
  const classOf = (i: number): Markup | null => {
    const { align } = headings[i]!;
    return align ? html` class="${align === "right" ? "number" : "wrap"}"` : null;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${headings.map(({ text }, i) => html`<th scope="col"${classOf(i)}>${text}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ cells, taken }) =>
      html`<tr${taken ? html` class="taken"` : null}>${cells.map((cell, i) =>
        i === 0 ? html`<th scope="row"${classOf(i)}>${cell}</th>` : html`<td${classOf(i)}>${cell}</td>`,
      )}</tr>
`,
  )}</tbody></table></div>
`;
}

export function facts(entries: readonly (readonly [string, Part])[]): Markup {
  return html`<dl>${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
`;
}

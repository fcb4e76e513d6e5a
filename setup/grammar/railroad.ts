/** Productions as railroad diagrams: one HTML page without scripts, a drawing for each rule; a rule's name leads to its drawing. */
import type { Lexeme, Part, Production } from "./productions.ts";

/** A drawing whose line enters on the left and leaves on the right, at height 0. */
interface Drawing {
  readonly width: number;
  /** How far it reaches above and below its line. */
  readonly up: number;
  readonly down: number;
  readonly draw: (x: number, y: number) => string;
}

const box = 26;
const gap = 14;
const turn = 10;
const letter = 8;
/** A sequence that is wider than this goes on in a new row. */
const row = 900;

export function writeRailroad(productions: readonly Production[], lexemes: readonly Lexeme[]): string {
  const rules = productions.map(({ name, part }) => {
    const drawing = rail(part);
    const [width, height] = [drawing.width + 4 * turn, drawing.up + drawing.down + 2 * gap];
    const y = drawing.up + gap;
    const line = `<path d="M${turn} ${y - 8}v16M${turn} ${y}h${turn}M${width - 2 * turn} ${y}h${turn}m0 -8v16"/>`;
    const svg = `<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${name}">${line}${drawing.draw(2 * turn, y)}</svg>`;
    return `<section id="${name}">\n<h2>${name}</h2>\n${svg}\n</section>\n`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The grammar of dlc</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #667; --box: #eef2fb; --word: #fdf3dc; --text: #123 }
@media (prefers-color-scheme: dark) { :root { --line: #99a; --box: #1d2638; --word: #3a2f14; --text: #e6e9f2 } }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
h2 { font-size: 1rem; margin: 1.5rem 0 0.25rem }
svg { max-width: 100%; height: auto; overflow: visible }
nav { columns: 9rem; margin: 1.5rem 0; font-size: 0.875rem }
nav a { display: block }
dt { font-weight: 600 }
code { overflow-wrap: anywhere }
path { fill: none; stroke: var(--line); stroke-width: 1.5; stroke-linejoin: round }
rect { fill: var(--box); stroke: var(--line) }
rect.word { fill: var(--word) }
text { font: 13px ui-monospace, monospace; text-anchor: middle; dominant-baseline: central; fill: var(--text) }
</style>
<h1>The grammar of dlc</h1>
<p>Generated from the parser. Round boxes stand as they are written; square ones lead to their rule. As text: <a href="../../grammar/dlc.ebnf">grammar/dlc.ebnf</a>. In words: <a href="README.md">the language</a>.</p>
<nav aria-label="rules">
${productions.map(({ name }) => `<a href="#${name}">${name}</a>`).join("\n")}
</nav>
${rules.join("")}<h2>Tokens</h2>
<p>As regular expressions. Blanks and comments may stand between any two.</p>
<dl>
${lexemes.map(({ name, pattern }) => `<dt id="${name}">${name}</dt>\n<dd><code>${markup(pattern)}</code></dd>`).join("\n")}
</dl>
</html>
`;
}

function rail(part: Part): Drawing {
  switch (part.kind) {
    case "literal":
      return node(part.text, true);
    case "rule":
      return node(part.name, false);
    case "sequence":
      return rows(part.parts.map(rail));
    case "choice":
      return fork(alternatives(part).map(rail));
    case "optional":
      return fork([straight, rail(part.part)]);
    case "repeat": {
      const around = loop(rail(part.part), part.separator ? rail(part.separator) : straight);
      return part.least === 1 ? around : fork([straight, around]);
    }
  }
}

/** A choice within a choice is one of more. */
function alternatives(part: Part): readonly Part[] {
  return part.kind === "choice" ? part.parts.flatMap(alternatives) : [part];
}

type Point = readonly [x: number, y: number];

/** A line through points, its corners rounded. */
function track(points: readonly Point[]): string {
  const towards = ([x, y]: Point, [toX, toY]: Point): Point => {
    const length = Math.abs(toX - x) + Math.abs(toY - y);
    const part = Math.min(turn, length / 2) / (length || 1);
    return [x + (toX - x) * part, y + (toY - y) * part];
  };
  const [first, ...rest] = points;
  const drawn = rest.map((point, i) => {
    const next = rest[i + 1];
    if (!next) return `L${point.join(" ")}`;
    const before = towards(point, i === 0 ? first! : rest[i - 1]!);
    return `L${before.join(" ")}Q${point.join(" ")} ${towards(point, next).join(" ")}`;
  });
  return `M${first!.join(" ")}${drawn.join("")}`;
}

const straight: Drawing = { width: 0, up: 0, down: 0, draw: () => "" };

function markup(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function node(text: string, word: boolean): Drawing {
  const width = text.length * letter + 20;
  return {
    width,
    up: box / 2,
    down: box / 2,
    draw(x, y) {
      const rect = `<rect x="${x}" y="${y - box / 2}" width="${width}" height="${box}" rx="${word ? 13 : 2}"${word ? ' class="word"' : ""}/>`;
      const label = `<text x="${x + width / 2}" y="${y}">${markup(text)}</text>`;
      return word ? rect + label : `<a href="#${text}">${rect}${label}</a>`;
    },
  };
}

function chain(parts: readonly Drawing[]): Drawing {
  const width = parts.reduce((sum, part) => sum + part.width, 0) + gap * (parts.length - 1);
  return {
    width,
    up: Math.max(...parts.map((part) => part.up)),
    down: Math.max(...parts.map((part) => part.down)),
    draw(x, y) {
      let at = x;
      return parts
        .map((part, i) => {
          const line = i > 0 ? `<path d="M${at} ${y}h${gap}"/>` : "";
          if (i > 0) at += gap;
          const drawn = part.draw(at, y);
          at += part.width;
          return line + drawn;
        })
        .join("");
    },
  };
}

/** A sequence in as many rows as it needs. */
function rows(parts: readonly Drawing[]): Drawing {
  const lines: Drawing[][] = [[]];
  for (const part of parts) {
    const last = lines[lines.length - 1]!;
    if (last.length > 0 && chain([...last, part]).width > row) lines.push([part]);
    else last.push(part);
  }
  const chains = lines.map(chain);
  if (chains.length === 1) return chains[0]!;
  const width = Math.max(...chains.map((one) => one.width)) + 4 * turn;
  const heights = chains.slice(1).map((one, i) => chains[i]!.down + one.up + 3 * turn);
  return {
    width,
    up: chains[0]!.up,
    down: heights.reduce((sum, height) => sum + height, 0) + chains[chains.length - 1]!.down,
    draw(x, y) {
      let at = y;
      return chains
        .map((one, i) => {
          const from = i === 0 ? x : x + 2 * turn;
          const drawn = one.draw(from, at);
          const right = from + one.width;
          if (i === chains.length - 1) return `${drawn}<path d="M${right} ${at}H${x + width}"/>`;
          const below = at + heights[i]!;
          const middle = at + one.down + 1.5 * turn;
          at = below;
          const back = track([
            [right, below - heights[i]!],
            [right + turn, below - heights[i]!],
            [right + turn, middle],
            [x + turn, middle],
            [x + turn, below],
            [x + 2 * turn, below],
          ]);
          return `${drawn}<path d="${back}"/>`;
        })
        .join("");
    },
  };
}

function fork(parts: readonly Drawing[]): Drawing {
  const inside = Math.max(...parts.map((part) => part.width));
  const width = inside + 4 * turn;
  const drops = parts.slice(1).map((part, i) => Math.max(parts[i]!.down + part.up + turn, 2 * turn));
  return {
    width,
    up: parts[0]!.up,
    down: drops.reduce((sum, drop) => sum + drop, 0) + parts[parts.length - 1]!.down,
    draw(x, y) {
      let at = y;
      return parts
        .map((part, i) => {
          if (i > 0) at += drops[i - 1]!;
          const left = x + 2 * turn;
          const right = left + part.width;
          const [before, behind] = [x + turn, x + width - turn];
          const enter = [
            [x, y],
            ...(i === 0 ? [] : [[before, y] as const, [before, at] as const]),
            [left, at],
          ];
          const leave = [
            [right, at],
            ...(i === 0 ? [] : [[behind, at] as const, [behind, y] as const]),
            [x + width, y],
          ];
          return `<path d="${track(enter as Point[])}${track(leave as Point[])}"/>${part.draw(left, at)}`;
        })
        .join("");
    },
  };
}

/** Forward through `part`, back through `separator`. */
function loop(part: Drawing, separator: Drawing): Drawing {
  const inside = Math.max(part.width, separator.width);
  const width = inside + 4 * turn;
  const drop = part.down + separator.up + turn;
  return {
    width,
    up: part.up,
    down: drop + separator.down,
    draw(x, y) {
      const left = x + 2 * turn;
      const [back, end] = [y + drop, left + inside];
      const forward = `<path d="M${x} ${y}H${left}M${left + part.width} ${y}H${x + width}"/>${part.draw(left, y)}`;
      const start = left + (inside - separator.width) / 2;
      const around = track([
        [end, y],
        [end + turn, y],
        [end + turn, back],
        [start + separator.width, back],
      ]);
      const home = track([
        [start, back],
        [x + turn, back],
        [x + turn, y],
        [left, y],
      ]);
      // Where nothing stands on the way back, an arrow says which way it is.
      const arrow = separator.width === 0 ? `M${start + 4} ${back - 4}l-5 4l5 4` : "";
      return `${forward}<path d="${around}${home}${arrow}"/>${separator.draw(start, back)}`;
    },
  };
}

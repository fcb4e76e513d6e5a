/** Productions in extended Backus-Naur form: `[ ]` once or not at all, `{ }` any number of times. */
import type { Lexeme, Part, Production } from "./productions.ts";

const width = 110;

export function writeEbnf(productions: readonly Production[], lexemes: readonly Lexeme[]): string {
  const rules = productions.map(({ name, part }) => `${layOut(name, part)}\n`);
  const tokens = lexemes.map(({ name, pattern }) => `${name} = /${pattern}/ .\n`);
  return [
    "(* The grammar of dlc, generated from its parser: node setup/generate.mjs. [ x ] is x or nothing, { x } any number of x. *)\n",
    "(* A newline ends a statement, unless it stands in brackets or the line plainly goes on. The last end of a block may be left out. *)\n\n",
    ...rules,
    "\n(* Tokens, as regular expressions. Blanks and comments may stand between any two. *)\n",
    ...tokens,
  ].join("");
}

function layOut(name: string, part: Part): string {
  const line = `${name} = ${show(part)} .`;
  if (line.length <= width || part.kind !== "choice") return line;
  return `${name}\n  = ${part.parts.map(show).join("\n  | ")} .`;
}

function show(part: Part): string {
  switch (part.kind) {
    case "literal":
      return `"${part.text}"`;
    case "rule":
      return part.name;
    case "sequence":
      return part.parts.map(grouped).join(" ");
    case "choice":
      return part.parts.map(show).join(" | ");
    case "optional":
      return `[ ${show(part.part)} ]`;
    case "repeat": {
      const one = show(part.part);
      const more = part.separator ? `{ ${show(part.separator)} ${grouped(part.part)} }` : `{ ${one} }`;
      const some = part.separator || part.least === 1 ? `${grouped(part.part)} ${more}` : more;
      return part.separator && part.least === 0 ? `[ ${some} ]` : some;
    }
  }
}

/** A choice within a sequence needs brackets. */
function grouped(part: Part): string {
  return part.kind === "choice" ? `( ${show(part)} )` : show(part);
}

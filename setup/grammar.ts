/** What is generated from the parser: the grammar as text and as diagrams, and highlighting for editors. */
import { writeEbnf } from "./grammar/ebnf.ts";
import { lexemes, readProductions } from "./grammar/productions.ts";
import { writeRailroad } from "./grammar/railroad.ts";
import { writeTextmate } from "./grammar/textmate.ts";

/** Path from the repository's root to the file's text. */
export function grammarFiles(): Map<string, string> {
  const productions = readProductions();
  return new Map([
    ["grammar/dlc.ebnf", writeEbnf(productions, lexemes)],
    ["grammar/dlc.tmLanguage.json", writeTextmate()],
    ["docs/language/grammar.html", writeRailroad(productions, lexemes)],
  ]);
}

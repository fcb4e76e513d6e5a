import { isDefinition, type Meaning } from "../study/names/meaning.ts";
import type { Span } from "../text/source.ts";
import type { Analysis } from "./analysis.ts";

export const tokenTypes = [
  "namespace", "type", "class", "function", "parameter", "typeParameter", "variable", "property", "enumMember", "keyword", "number",
] as const; // biome-ignore format: a list
export const tokenModifiers = ["declaration", "readonly", "defaultLibrary"] as const;

export interface Token {
  readonly span: Span;
  readonly type: (typeof tokenTypes)[number];
  readonly modifiers: readonly (typeof tokenModifiers)[number][];
}

/** The names of a file by what they stand for, in the order of the text. What is not a name is left to the grammar. */
export function tokens(analysis: Analysis): readonly Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const { name, meanings, defines } of analysis.names()) {
    const [meaning] = meanings;
    // A name of two lines cannot be; one that is told twice is told once.
    if (!meaning || name.span.start < end) continue;
    end = name.span.end;
    const own = isDefinition(meaning);
    found.push({
      span: name.span,
      type: typeOf(meaning),
      modifiers: [
        ...(defines ? (["declaration"] as const) : []),
        ...(own ? [] : (["defaultLibrary"] as const)),
      ],
    });
  }
  return found;
}

function typeOf(meaning: Meaning): Token["type"] {
  switch (meaning.kind) {
    case "operator":
    case "function":
      return "function";
    case "model":
    case "block":
    case "loss":
    case "metric":
      return "class";
    case "data":
    case "recipe":
    case "experiment":
    case "module":
    case "split":
      return "namespace";
    case "type":
      return "type";
    case "dimension":
      return "typeParameter";
    case "parameter":
    case "argument":
      return "parameter";
    case "field":
    case "setting":
    case "column":
    case "entry":
    case "output":
      return "property";
    case "word":
    case "level":
    case "constant":
      return "enumMember";
    case "role":
    case "section":
    case "diagnostic":
    case "current":
      return "keyword";
    case "unit":
      return "number";
    default:
      return "variable";
  }
}

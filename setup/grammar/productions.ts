/**
 * The parser's own productions, as the language is meant. The parser tolerates some mistakes so that it can name them; here they
 * are left out.
 */
import { rules } from "../../src/syntax/grammar.ts";
import type * as parser from "../../src/syntax/production.ts";
import * as t from "../../src/syntax/tokens.ts";
import { unitWords } from "../../src/types/unit.ts";

export type Part =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Part[] }
  | { readonly kind: "optional"; readonly part: Part }
  | {
      readonly kind: "repeat";
      readonly part: Part;
      readonly separator: Part | undefined;
      readonly least: 0 | 1;
    };

export interface Production {
  readonly name: string;
  readonly part: Part;
}

/** A token that is written in many ways, with the pattern of the lexer. */
export interface Lexeme {
  readonly name: string;
  readonly pattern: string;
}

const literal = (text: string): Part => ({ kind: "literal", text });
const rule = (name: string): Part => ({ kind: "rule", name });
const sequence = (...parts: Part[]): Part => (parts.length === 1 ? parts[0]! : { kind: "sequence", parts });
const choice = (...parts: Part[]): Part => ({ kind: "choice", parts });
const optional = (part: Part): Part => ({ kind: "optional", part });
const many = (part: Part): Part => ({ kind: "repeat", part, separator: undefined, least: 0 });

const end = choice(literal(";"), rule("newline"));
const block = (part: Part): Part => sequence(literal("{"), many(part), literal("}"));

/** What stands between the rules of single lines, which the layout pass does. */
const lines: readonly Production[] = [
  { name: "file", part: many(sequence(rule("declarationLine"), end)) },
  { name: "body", part: block(sequence(rule("statement"), end)) },
  { name: "changes", part: block(sequence(rule("statement"), choice(literal(","), end))) },
  { name: "record", part: block(sequence(rule("entry"), choice(literal(","), end))) },
  { name: "names", part: block(sequence(rule("name"), choice(literal(","), end))) },
];

/** Rules of whole lines, which only `lines` would use. */
const inner: ReadonlySet<string> = new Set(["statementLine", "entryLine", "nameLine"]);
/** A layer or expression, or an assignment: the parser tells them apart when it has read both. */
const plain = choice(
  sequence(rule("expression"), rule("trailer")),
  sequence(rule("path"), literal("="), rule("expression")),
);

/** What `{ ... }` holds, which the parser has folded into one token. */
const blocks: Readonly<Record<string, string>> = {
  importDeclaration: "names",
  expression: "changes",
  operand: "record",
};

const named: Readonly<Record<string, Part>> = {
  Word: rule("name"),
  Numeral: rule("number"),
  Text: rule("string"),
  UnitWord: rule("unit"),
  RoleWord: rule("name"),
  SectionWord: rule("name"),
  DeclarationWord: choice(...[...t.declarationWords].map(literal)),
};

export function readProductions(): Production[] {
  const outer = Object.entries(rules).filter(([name]) => !inner.has(name));
  return [
    ...lines,
    ...outer.map(([name, parts]) => ({ name, part: name === "plain" ? plain : toPart(parts, name) })),
  ];
}

/** The tokens that are not signs or keywords. */
export const lexemes: readonly Lexeme[] = [
  { name: "name", pattern: t.Word },
  { name: "number", pattern: t.Numeral },
  { name: "string", pattern: t.Text },
  { name: "newline", pattern: t.Newline },
  { name: "comment", pattern: t.Comment },
]
  .map(({ name, pattern }) => ({ name, pattern: (pattern.pattern as RegExp).source }))
  .concat({ name: "unit", pattern: ["%", ...Object.keys(unitWords)].join("|") });

function toPart(parts: parser.Sequence, owner: string): Part {
  return sequence(...parts.map((one) => toSingle(one, owner)));
}

function toSingle(one: parser.Part, owner: string): Part {
  switch (one.kind) {
    case "token":
      return terminal(one.type, owner);
    case "rule":
      return rule(one.name);
    case "option":
      return optional(toPart(one.parts, owner));
    case "repetition":
      return {
        kind: "repeat",
        part: toPart(one.separator ? one.parts : withComma(one.parts), owner),
        separator: one.separator && terminal(one.separator.type, owner),
        least: one.least,
      };
    case "choice":
      return alternatives(one.alternatives, owner);
  }
}

/** A comma that may be lacking, so that it can be missed, is due. */
function withComma(parts: parser.Sequence): parser.Sequence {
  const [first, ...rest] = parts;
  const only = first?.kind === "option" && first.parts.length === 1 ? first.parts[0]! : undefined;
  return only?.kind === "token" && only.type === t.Comma && rest.length > 0 ? [only, ...rest] : parts;
}

/** `:` or `=`, so that the wrong one can be named, is `:`. */
function alternatives(parts: readonly parser.Sequence[], owner: string): Part {
  const types = parts.map(([first]) => first?.kind === "token" && first.type);
  if (parts.length === 2 && types[0] === t.Colon && types[1] === t.Assign) return literal(":");
  return choice(...parts.map((one) => toPart(one, owner)));
}

function terminal(type: t.TokenType, owner: string): Part {
  if (type === t.Block) return rule(blocks[owner] ?? "body");
  return (
    named[type.name] ?? literal(typeof type.pattern === "string" ? type.pattern : type.name.toLowerCase())
  );
}

/**
 * The parser's own productions, as the language is meant. The parser tolerates some mistakes so that it can name them; here they
 * are left out.
 */
import type { ISerializedGast } from "chevrotain";
import { productions } from "../../src/syntax/grammar.ts";
import * as t from "../../src/syntax/tokens.ts";
import { unitWords } from "../../src/syntax/unit.ts";

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
  const rules = productions().flatMap((production) => {
    const { name, definition } = production as ISerializedGast & { name: string };
    if (inner.has(name)) return [];
    return [{ name, part: name === "plain" ? plain : toPart(definition!, name) }];
  });
  return [...lines, ...rules];
}

/** The tokens that are not signs or keywords. */
export const lexemes: readonly Lexeme[] = [
  { name: "name", pattern: t.Word },
  { name: "number", pattern: t.Numeral },
  { name: "string", pattern: t.Text },
  { name: "newline", pattern: t.Newline },
  { name: "comment", pattern: t.Comment },
]
  .map(({ name, pattern }) => ({ name, pattern: (pattern.PATTERN as RegExp).source }))
  .concat({ name: "unit", pattern: ["%", ...Object.keys(unitWords)].join("|") });

function toPart(definition: readonly ISerializedGast[], owner: string): Part {
  return sequence(...definition.map((one) => toSingle(one as Serialized, owner)));
}

/** What every kind of production may have. */
interface Serialized extends ISerializedGast {
  readonly name: string;
  readonly separator?: Serialized;
}

function toSingle(one: Serialized, owner: string): Part {
  const parts = (one.definition ?? []) as Serialized[];
  switch (one.type) {
    case "Terminal":
      return terminal(one.name, owner);
    case "NonTerminal":
      return rule(one.name);
    case "Option":
      return optional(toPart(parts, owner));
    case "Repetition":
    case "RepetitionMandatory":
      return {
        kind: "repeat",
        part: toPart(withComma(parts), owner),
        separator: undefined,
        least: one.type === "Repetition" ? 0 : 1,
      };
    case "RepetitionWithSeparator":
    case "RepetitionMandatoryWithSeparator":
      return {
        kind: "repeat",
        part: toPart(parts, owner),
        separator: toSingle(one.separator!, owner),
        least: one.type === "RepetitionWithSeparator" ? 0 : 1,
      };
    case "Alternation":
      return alternatives(parts, owner);
    default:
      return toPart(parts, owner);
  }
}

/** A comma that may be lacking, so that it can be missed, is due. */
function withComma(parts: readonly Serialized[]): readonly Serialized[] {
  const [first, ...rest] = parts;
  const only = first?.type === "Option" && (first.definition as Serialized[]);
  const comma = only && only.length === 1 && only[0]!.name === t.Comma.name;
  return comma && rest.length > 0 ? [only[0]!, ...rest] : parts;
}

/** `:` or `=`, so that the wrong one can be named, is `:`. */
function alternatives(parts: readonly Serialized[], owner: string): Part {
  const names = parts.map((one) => ((one.definition as Serialized[])[0]?.name ?? "") as string);
  if (parts.length === 2 && names[0] === t.Colon.name && names[1] === t.Assign.name) return literal(":");
  return choice(...parts.map((one) => toSingle(one, owner)));
}

function terminal(name: string, owner: string): Part {
  if (name === t.Block.name) return rule(blocks[owner] ?? "body");
  const type = t.tokenTypes.find((one) => one.name === name)!;
  return named[name] ?? literal(typeof type.PATTERN === "string" ? type.PATTERN : type.name.toLowerCase());
}

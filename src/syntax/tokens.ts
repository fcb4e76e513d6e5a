/**
 * The words and signs of the language, and the lexer. It is total: whatever it is given becomes tokens, so lexing cannot fail.
 * Words are contextual: the lexer knows only `Word`, and `classify.ts` makes keywords of them where they stand as such.
 */
import { createToken, type IToken, Lexer, type TokenType } from "chevrotain";
import type { SourceFile } from "../text/source.ts";

function sign(name: string, pattern: string | RegExp): TokenType {
  return createToken({ name, pattern, label: typeof pattern === "string" ? `\`${pattern}\`` : name });
}

export const Space = createToken({ name: "Space", pattern: /[ \t\u00a0\ufeff]+/, group: Lexer.SKIPPED });
export const Newline = createToken({
  name: "Newline",
  pattern: /\r\n|\n|\r/,
  line_breaks: true,
  label: "the end of the line",
});
/** `//! doc of the file`. */
export const FileDoc = createToken({ name: "FileDoc", pattern: /\/\/![^\n\r]*/ });
/** `/// doc of the next declaration`. */
export const Doc = createToken({ name: "Doc", pattern: /\/\/\/(?!\/)[^\n\r]*/ });
export const Comment = createToken({ name: "Comment", pattern: /\/\/[^\n\r]*/ });
/** A comment as Python writes it; reported and passed over. */
export const HashComment = createToken({ name: "HashComment", pattern: /#[^\n\r]*/ });

/** A comment as C writes it, to its end; reported and passed over. */
export const BlockComment = createToken({
  name: "BlockComment",
  pattern: /\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//,
  line_breaks: true,
});

export const Text = createToken({ name: "Text", pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*"/, label: "a string" });
/** `'...'`; reported and taken as a string. */
export const SingleQuoted = createToken({
  name: "SingleQuoted",
  pattern: /'(?:[^'\\\n\r]|\\[^\n\r])*'/,
  label: "a string",
});
/** It ends before the next bracket, so that the brackets of the line still match. */
export const UnclosedString = createToken({
  name: "UnclosedString",
  pattern: /["'][^\n\r(){}[\]]*/,
  label: "a string",
});
export const Numeral = createToken({
  name: "Numeral",
  pattern: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/,
  label: "a number",
});
/** `.5`; reported and taken as a number. */
export const BareFraction = createToken({
  name: "BareFraction",
  pattern: /\.\d+(?:[eE][+-]?\d+)?/,
  label: "a number",
});
/** Letters are Latin, Greek or Cyrillic: the lexer has no Unicode classes. */
const letter =
  "A-Za-z_\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u0370-\\u03ff\\u0400-\\u052f";
export const Word = createToken({
  name: "Word",
  pattern: new RegExp(`[${letter}][${letter}0-9]*`),
  label: "a name",
});

export const Arrow = sign("Arrow", "->");
export const Range = sign("Range", "..");
export const Equal = sign("Equal", "==");
export const NotEqual = sign("NotEqual", "!=");
export const AtMost = sign("AtMost", "<=");
export const AtLeast = sign("AtLeast", ">=");
export const Assign = sign("Assign", "=");
export const Less = sign("Less", "<");
export const Greater = sign("Greater", ">");
export const Plus = sign("Plus", "+");
export const Minus = sign("Minus", "-");
export const Times = sign("Times", "*");
export const Divide = sign("Divide", "/");
export const Power = sign("Power", "^");
export const Percent = sign("Percent", "%");
export const Colon = sign("Colon", ":");
export const Comma = sign("Comma", ",");
export const Dot = sign("Dot", ".");
export const Semicolon = sign("Semicolon", ";");
export const OpenRound = sign("OpenRound", "(");
export const CloseRound = sign("CloseRound", ")");
export const OpenSquare = sign("OpenSquare", "[");
export const CloseSquare = sign("CloseSquare", "]");
export const OpenBrace = sign("OpenBrace", "{");
export const CloseBrace = sign("CloseBrace", "}");
export const openers: ReadonlySet<TokenType> = new Set([OpenRound, OpenSquare, OpenBrace]);
export const closers: ReadonlySet<TokenType> = new Set([CloseRound, CloseSquare, CloseBrace]);
/** `**`, `&&`, `||`, `!`: what other languages write for `^`, `and`, `or`, `not`. */
export const ForeignSign = createToken({ name: "ForeignSign", pattern: /\*\*|&&|\|\||!/ });
export const Unknown = createToken({ name: "Unknown", pattern: /[\ud800-\udbff][\udc00-\udfff]|\S/ });

function keyword(name: string): TokenType {
  return createToken({
    name: name[0]!.toUpperCase() + name.slice(1),
    pattern: Lexer.NA,
    label: `\`${name}\``,
  });
}

/** Made by the layout pass of `{ ... }`: one token whose lines are parsed apart, so that no mistake leaks out or in. */
export const Block = createToken({ name: "Block", pattern: Lexer.NA, label: "`{`" });
/** A word or `%` straight after a number. */
export const UnitWord = createToken({ name: "UnitWord", pattern: Lexer.NA, label: "a unit" });
/** `data`, `model`, ... at the start of a declaration. */
export const DeclarationWord = createToken({
  name: "DeclarationWord",
  pattern: Lexer.NA,
  label: "a declaration",
});
/** `input`, `target`, ... at the start of a field. */
export const RoleWord = createToken({ name: "RoleWord", pattern: Lexer.NA, label: "a role" });
/** `prepare`, `augment`, ... at the start of a section. */
export const SectionWord = createToken({ name: "SectionWord", pattern: Lexer.NA, label: "a section" });

const heads = [
  "edition", "import", "let", "branch", "from", "repeat", "for", "if", "group", "out", "train", "minimize", "vary",
  "search", "choose", "report", "compare", "ensemble", "save", "budget", "allow",
] as const; // biome-ignore format: a table
const joints = [
  "as", "in", "where", "when", "over", "by", "per", "with", "step", "on", "paired", "margin", "because", "else",
  "and", "or", "not",
] as const; // biome-ignore format: a table

type KeywordName = (typeof heads)[number] | (typeof joints)[number];

export const keywords = Object.fromEntries(
  [...heads, ...joints].map((name) => [name, keyword(name)]),
) as Record<KeywordName, TokenType>;
/** Words that may begin a statement. */
export const headWords: ReadonlySet<string> = new Set(heads);
/** Words that may stand between two parts of a statement. */
export const jointWords: ReadonlySet<string> = new Set(joints);

export const declarationWords: ReadonlySet<string> = new Set([
  "data", "model", "block", "loss", "metric", "recipe", "experiment",
]); // biome-ignore format: a table

/** What a field may be for. */
export const roleWords: ReadonlySet<string> = new Set(["input", "target", "group", "weight", "id", "keep"]);
/** The parts of `data` that are pipelines. */
export const sectionWords: ReadonlySet<string> = new Set(["prepare", "augment", "evaluate"]);

const lexed: TokenType[] = [
  Space, Newline, FileDoc, Doc, Comment, HashComment, BlockComment, Text, SingleQuoted, UnclosedString, Numeral, Word,
  Arrow, Range, BareFraction, Equal, NotEqual, AtMost, AtLeast, Assign, Less, Greater, ForeignSign, Plus, Minus, Times, Divide,
  Power, Percent, Colon, Comma, Dot, Semicolon, OpenRound, CloseRound, OpenSquare, CloseSquare, OpenBrace, CloseBrace, Unknown,
]; // biome-ignore format: a table

/** Every token type, for the parser. */
export const tokenTypes: readonly TokenType[] = [
  ...lexed, Block, UnitWord, DeclarationWord, RoleWord, SectionWord, ...Object.values(keywords),
]; // biome-ignore format: a table

let lexer: Lexer | undefined;

/** Every token of a file, newlines and comments among them; only blanks are left out. */
export function tokenize(source: SourceFile): IToken[] {
  lexer ??= new Lexer(lexed, { positionTracking: "full", ensureOptimizations: false, skipValidations: true });
  return lexer.tokenize(source.text).tokens;
}

/** The same token as another type. */
export function retype(token: IToken, type: TokenType): IToken {
  return { ...token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx! };
}

/** A token that the text lacks, of no width, at `offset`. */
export function virtual(type: TokenType, image: string, after: IToken): IToken {
  const offset = after.endOffset! + 1;
  return {
    ...after,
    image,
    startOffset: offset,
    endOffset: offset - 1,
    tokenType: type,
    tokenTypeIdx: type.tokenTypeIdx!,
  };
}

/** A text as a name: what cannot stand in one becomes `_`. */
export function asName(text: string): string {
  const name = text.trim().replace(new RegExp(`[^${letter}0-9]+`, "g"), "_");
  return isName(name) ? name : `_${name}`;
}

const wholeName = new RegExp(`^[${letter}][${letter}0-9]*$`);

/** Whether a text can be the name of something. Words that join parts of a statement and those for values are not. */
export function isName(text: string): boolean {
  return wholeName.test(text) && !jointWords.has(text) && !["true", "false", "it"].includes(text);
}

/**
 * The words and signs of the language, and the lexer. It is total: whatever it is given becomes tokens, so lexing cannot fail.
 * Words are contextual: the lexer knows only `Word`, and `classify.ts` makes keywords of them where they stand as such.
 */
import type { SourceFile } from "../text/source.ts";

export interface TokenType {
  readonly name: string;
  /** How it is called when it is expected. */
  readonly label: string;
  /** How it is written; undefined for what only later passes make. */
  readonly pattern: string | RegExp | undefined;
  /** What its first character may be; undefined for a sign, whose pattern tells. */
  readonly begins: RegExp | undefined;
}

export interface Token {
  readonly image: string;
  readonly startOffset: number;
  /** Of its last character. */
  readonly endOffset: number;
  /** From 1, as columns are. */
  readonly startLine: number;
  readonly startColumn: number;
  readonly tokenType: TokenType;
}

function sign(name: string, pattern: string): TokenType {
  return { name, label: `\`${pattern}\``, pattern, begins: undefined };
}

function lexeme(name: string, begins: RegExp, pattern: RegExp, label = name): TokenType {
  return { name, label, pattern, begins };
}

const Space = lexeme("Space", /[ \t\u00a0\ufeff]/, /[ \t\u00a0\ufeff]+/);
export const Newline = lexeme("Newline", /[\r\n]/, /\r\n|\n|\r/, "the end of the line");
/** `//! doc of the file`. */
export const FileDoc = lexeme("FileDoc", /\//, /\/\/![^\n\r]*/);
/** `/// doc of the next declaration`. */
export const Doc = lexeme("Doc", /\//, /\/\/\/(?!\/)[^\n\r]*/);
export const Comment = lexeme("Comment", /\//, /\/\/[^\n\r]*/);
/** A comment as Python writes it; reported and passed over. */
export const HashComment = lexeme("HashComment", /#/, /#[^\n\r]*/);

export const Text = lexeme("Text", /"/, /"(?:[^"\\\n\r]|\\[^\n\r])*"/, "a string");
/** `'...'`; reported and taken as a string. */
export const SingleQuoted = lexeme("SingleQuoted", /'/, /'(?:[^'\\\n\r]|\\[^\n\r])*'/, "a string");
/** It ends before the next bracket, so that the brackets of the line still match. */
export const UnclosedString = lexeme("UnclosedString", /["']/, /["'][^\n\r(){}[\]]*/, "a string");
export const Numeral = lexeme("Numeral", /\d/, /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/, "a number");
/** `.5`; reported and taken as a number. */
export const BareFraction = lexeme("BareFraction", /\./, /\.\d+(?:[eE][+-]?\d+)?/, "a number");
/** Letters are Latin, Greek or Cyrillic. */
const letter =
  "A-Za-z_\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u0370-\\u03ff\\u0400-\\u052f";
export const Word = lexeme(
  "Word",
  new RegExp(`[${letter}]`),
  new RegExp(`[${letter}][${letter}0-9]*`),
  "a name",
);

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
export const ForeignSign = lexeme("ForeignSign", /[*&|!]/, /\*\*|&&|\|\||!/);
export const Unknown = lexeme("Unknown", /\S/, /[\ud800-\udbff][\udc00-\udfff]|\S/);

/** What the lexer cannot tell from a word or sign. */
function made(name: string, label: string): TokenType {
  return { name, label, pattern: undefined, begins: undefined };
}

/** Made by the layout pass of `{ ... }`: one token whose lines are parsed apart, so that no mistake leaks out or in. */
export const Block = made("Block", "`{`");
/** A word or `%` straight after a number. */
export const UnitWord = made("UnitWord", "a unit");
/** `data`, `model`, ... at the start of a declaration. */
export const DeclarationWord = made("DeclarationWord", "a declaration");
/** `input`, `target`, ... at the start of a field. */
export const RoleWord = made("RoleWord", "a role");
/** `prepare`, `augment`, ... at the start of a section. */
export const SectionWord = made("SectionWord", "a section");

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
  [...heads, ...joints].map((name) => [name, made(name[0]!.toUpperCase() + name.slice(1), `\`${name}\``)]),
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
  Space, Newline, FileDoc, Doc, Comment, HashComment, Text, SingleQuoted, UnclosedString, Numeral, Word,
  Arrow, Range, BareFraction, Equal, NotEqual, AtMost, AtLeast, Assign, Less, Greater, ForeignSign, Plus, Minus, Times, Divide,
  Power, Percent, Colon, Comma, Dot, Semicolon, OpenRound, CloseRound, OpenSquare, CloseSquare, OpenBrace, CloseBrace, Unknown,
]; // biome-ignore format: a table

/** Every token type, for the parser. */
export const tokenTypes: readonly TokenType[] = [
  ...lexed, Block, UnitWord, DeclarationWord, RoleWord, SectionWord, ...Object.values(keywords),
]; // biome-ignore format: a table

interface Matcher {
  readonly type: TokenType;
  /** The pattern of a sign. */
  readonly sign: string | undefined;
  readonly pattern: RegExp;
}

const matchers: readonly Matcher[] = lexed.map((type) => ({
  type,
  sign: typeof type.pattern === "string" ? type.pattern : undefined,
  pattern: new RegExp(type.pattern instanceof RegExp ? type.pattern : "", "y"),
}));
/** By the first character, what a token may be: the first that matches is. */
const byFirst = new Map<number, readonly Matcher[]>();

function matchersOf(first: number): readonly Matcher[] {
  let found = byFirst.get(first);
  if (!found) {
    const character = String.fromCharCode(first);
    found = matchers.filter(({ type, sign }) =>
      sign ? sign.startsWith(character) : type.begins!.test(character),
    );
    byFirst.set(first, found);
  }
  return found;
}

/** Every token of a file, newlines and comments among them; only blanks are left out. */
export function tokenize({ text }: SourceFile): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  for (let start = 0; start < text.length; ) {
    let end = start;
    let tokenType = Space;
    for (const { type, sign, pattern } of matchersOf(text.charCodeAt(start))) {
      if (sign !== undefined) {
        if (!text.startsWith(sign, start)) continue;
        end = start + sign.length;
      } else {
        pattern.lastIndex = start;
        if (!pattern.test(text)) continue;
        end = pattern.lastIndex;
      }
      tokenType = type;
      break;
    }
    // White space that no pattern knows, such as a form feed, parts as a blank does.
    if (end === start) end++;
    if (tokenType !== Space)
      tokens.push({
        image: text.slice(start, end),
        startOffset: start,
        endOffset: end - 1,
        startLine: line,
        startColumn: start - lineStart + 1,
        tokenType,
      });
    if (tokenType === Newline) {
      line++;
      lineStart = end;
    }
    start = end;
  }
  return tokens;
}

/** The same token as another type. */
export function retype(token: Token, type: TokenType): Token {
  return { ...token, tokenType: type };
}

/** A token that the text lacks, of no width, at `offset`. */
export function virtual(type: TokenType, image: string, after: Token): Token {
  const offset = after.endOffset + 1;
  return { ...after, image, startOffset: offset, endOffset: offset - 1, tokenType: type };
}

const wholeName = new RegExp(`^[${letter}][${letter}0-9]*$`);

/** Whether a text can be the name of something. Words that join parts of a statement and those for values are not. */
export function isName(text: string): boolean {
  return wholeName.test(text) && !jointWords.has(text) && !["true", "false", "it"].includes(text);
}

/** Highlighting for editors, as a TextMate grammar made of the lexer's tokens and the parser's words. */
import * as t from "../../src/syntax/tokens.ts";
import { unitWords } from "../../src/syntax/unit.ts";

interface Pattern {
  readonly name?: string;
  readonly match?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly include?: string;
}

const source = (type: { readonly PATTERN?: unknown }) => (type.PATTERN as RegExp).source;
/** The pattern of a sign, for use within another. */
const sign = (type: { readonly PATTERN?: unknown }) =>
  typeof type.PATTERN === "string" ? type.PATTERN.replace(/[.*+^?|()[\]{}/]/g, "\\$&") : source(type);
const words = (list: Iterable<string>) => `(?:${[...list].sort().join("|")})`;

const name = source(t.Word);
const notWithin = "(?<![\\p{L}\\p{N}_.])";
const ends = "(?![\\p{L}\\p{N}_])";
/** Where a statement begins. */
const start = "(?:^|(?<=[;{]))\\s*";

function captures(...names: string[]): Pattern["captures"] {
  return Object.fromEntries(names.map((scope, i) => [String(i + 1), { name: `${scope}.dlc` }]));
}

const comments: Pattern[] = [
  { name: "comment.line.documentation.file.dlc", match: source(t.FileDoc) },
  { name: "comment.line.documentation.dlc", match: source(t.Doc) },
  { name: "comment.line.double-slash.dlc", match: source(t.Comment) },
];

const strings: Pattern[] = [
  { name: "string.quoted.double.dlc", match: source(t.Text) },
  { name: "invalid.illegal.unclosed-string.dlc", match: '"[^\\n\\r]*$' },
];

const declarations: Pattern[] = [
  {
    match: `${start}(${words(t.declarationWords)})\\s+(${name})(?=\\s*[{(:=])`,
    captures: captures("storage.type.declaration", "entity.name.type"),
  },
  { match: `${start}(let)\\s+(${name})`, captures: captures("storage.type.let", "variable.other.constant") },
  {
    match: `${start}(edition)\\s+(${source(t.Numeral)})`,
    captures: captures("keyword.other.edition", "constant.numeric"),
  },
  {
    match: `${start}(${words(t.roleWords)})\\s+(${name})(?=\\s*[:=])`,
    captures: captures("storage.modifier.role", "variable.other.field"),
  },
  {
    match: `${start}(${words(t.sectionWords)})${ends}(?=[^:={]*\\{)`,
    captures: captures("keyword.other.section"),
  },
];

const keywords: Pattern[] = [
  { match: `${start}(${words(t.headWords)})${ends}(?!\\s*[:=.])`, captures: captures("keyword.control") },
  {
    // `where(c, a, b)` and `from(base)` are calls.
    match: `${notWithin}(${words(["from", ...t.jointWords])})${ends}(?!\\(|\\s*[:=])`,
    captures: captures("keyword.operator.word"),
  },
  { name: "constant.language.dlc", match: `${notWithin}${words(["true", "false", "it"])}${ends}(?!\\s*:)` },
];

const numbers: Pattern[] = [
  {
    match: `${notWithin}(${source(t.Numeral)})(?:\\s*(%|${words(Object.keys(unitWords))}${ends})(?!\\s*(?:[=(:]|\\.(?!\\.))))?`,
    captures: captures("constant.numeric", "keyword.other.unit"),
  },
];

const names: Pattern[] = [
  { match: `(${name})\\s*(:)`, captures: captures("variable.parameter", "punctuation.separator.key-value") },
  {
    match: `${notWithin}([fiu](?:8|16|32|64)|${words(["bool", "class", "int", "layer", "string", "word"])})${ends}(?!\\()`,
    captures: captures("support.type"),
  },
  { match: `(${name})(?=\\()`, captures: captures("entity.name.function") },
  { name: "variable.other.dlc", match: name },
];

const operators: Pattern[] = [
  {
    name: "keyword.operator.dlc",
    match: [t.Arrow, t.Range, t.Equal, t.NotEqual, t.AtMost, t.AtLeast, t.Less, t.Greater, t.Plus, t.Minus, t.Times, t.Divide, t.Power, t.Assign]
      .map(sign)
      .join("|"),
  },
]; // biome-ignore format: a table

export function writeTextmate(): string {
  const groups = { comments, strings, declarations, keywords, numbers, names, operators };
  const grammar = {
    $comment: "Generated from the parser's tokens: node setup/generate.mjs",
    name: "dlc",
    scopeName: "source.dlc",
    fileTypes: ["dl"],
    patterns: Object.keys(groups).map((group) => ({ include: `#${group}` })),
    repository: Object.fromEntries(Object.entries(groups).map(([group, patterns]) => [group, { patterns }])),
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}

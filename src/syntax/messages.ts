/** The diagnostics of syntax, DL10xx. */
import { define } from "../diagnostics/diagnostic.ts";

export const unknownCharacter = define(
  "DL1001",
  "unknown-character",
  "error",
  (p: { character: string }) => `\`${p.character}\` has no meaning here`,
);
export const unclosedString = define(
  "DL1002",
  "unclosed-string",
  "error",
  () => "this string is not closed on its line",
);
export const unclosedBracket = define(
  "DL1003",
  "unclosed-bracket",
  "error",
  (p: { bracket: string }) => `\`${p.bracket}\` is not closed`,
);
export const unmatchedBracket = define(
  "DL1004",
  "unmatched-bracket",
  "error",
  (p: { bracket: string }) => `\`${p.bracket}\` closes nothing`,
);
export const unexpected = define(
  "DL1005",
  "unexpected-token",
  "error",
  (p: { expected: string; found: string }) => `expected ${p.expected}, found ${p.found}`,
);
export const missingComma = define(
  "DL1006",
  "missing-comma",
  "error",
  (p: { next: string }) => `a comma is missing before ${p.next}`,
);
export const twoStatements = define(
  "DL1007",
  "two-statements-on-a-line",
  "error",
  () => "two statements on one line need a `;` between them",
);
export const wrongSeparator = define(
  "DL1008",
  "wrong-separator",
  "error",
  (p: { found: string; expected: string; where: string }) =>
    `${p.where} takes \`${p.expected}\`, not \`${p.found}\``,
);
export const unknownDeclaration = define(
  "DL1009",
  "unknown-declaration",
  "error",
  (p: { word: string }) => `there is no declaration \`${p.word}\``,
);
export const outsideDeclaration = define(
  "DL1010",
  "outside-declaration",
  "error",
  () => "this stands outside of every declaration",
);
export const missingBody = define(
  "DL1011",
  "missing-body",
  "error",
  (p: { of: string }) => `the \`{\` of ${p.of} is missing`,
);
export const missingRole = define(
  "DL1012",
  "missing-role",
  "error",
  (p: { field: string }) => `the field \`${p.field}\` has no role`,
);
export const foreignSyntax = define(
  "DL1013",
  "foreign-syntax",
  "error",
  (p: { found: string; written: string }) => `\`${p.found}\` is written \`${p.written}\` here`,
);
export const notAPath = define(
  "DL1014",
  "not-a-name",
  "error",
  (p: { where: string }) => `${p.where} must be a name`,
);
export const looseBlock = define(
  "DL1015",
  "loose-block",
  "error",
  () => "`{ ... }` stands alone: nothing says what it is",
);
export const indexCount = define(
  "DL1016",
  "index-count",
  "error",
  (p: { count: number }) => `an index is one value, not ${p.count}`,
);
export const misplacedEdition = define(
  "DL1017",
  "misplaced-edition",
  "error",
  () => "`edition` stands once, on the first line",
);
export const tooDeep = define(
  "DL1018",
  "too-deep",
  "error",
  (p: { what: string; most: number }) => `more than ${p.most} ${p.what}`,
);

/** What the layout pass asks about a line: does it go on, does it begin a statement, does it lack its body. */
import type { IToken, TokenType } from "chevrotain";
import * as t from "./tokens.ts";

const operators: ReadonlySet<TokenType> = new Set([
  t.Plus, t.Minus, t.Times, t.Divide, t.Power, t.Equal, t.NotEqual, t.Less, t.AtMost, t.Greater, t.AtLeast, t.Range, t.Dot,
]); // biome-ignore format: a table
const wordOperators: ReadonlySet<string> = new Set(["and", "or", "in"]);
const joining: ReadonlySet<string> = new Set([
  "with", "where", "when", "over", "by", "per", "as", "on", "paired", "margin", "else", "and", "or", "in",
]); // biome-ignore format: a table

/** Whether a statement goes on over a newline between `previous` and the token at `next`. */
export function continues(
  line: readonly IToken[],
  previous: IToken,
  tokens: readonly IToken[],
  next: number,
): boolean {
  const type = previous.tokenType;
  if (type === t.Comma || type === t.Assign || type === t.Arrow || operators.has(type)) return true;
  if (t.openers.has(type)) return true;
  if (wordOperators.has(previous.image) && line.length > 1 && line[line.length - 2]!.tokenType !== t.Dot)
    return true;
  const following = tokens[next]!;
  if (t.closers.has(following.tokenType) || operators.has(following.tokenType)) return true;
  if ([t.Colon, t.Arrow, t.Comma].includes(following.tokenType)) return true;
  if (following.tokenType !== t.Word || !joining.has(following.image)) return false;
  if ([t.Assign, t.Colon].includes(tokens[next + 1]?.tokenType as TokenType)) return false;
  // `where(c, a, b)` is a function too.
  if (following.image === "where") return isField(line);
  return line.length > 0;
}

/** What a row filter may follow: it begins with two words, and has a value; so do `let` and `out`. */
function isField(line: readonly IToken[]): boolean {
  const [first, second] = line;
  if (second?.tokenType !== t.Word || first!.image === "let" || first!.image === "out") return false;
  return line.some((token) => token.tokenType === t.Assign);
}

/** `name = ...` or two words in a row: inside brackets, or after an operator, this is a new statement. */
export function startsStatement(tokens: readonly IToken[], index: number): boolean {
  const [first, second] = [tokens[index], tokens[index + 1]];
  if (first?.tokenType !== t.Word || t.jointWords.has(first.image)) return false;
  if (second?.tokenType === t.Assign) return true;
  return second?.tokenType === t.Word && !t.jointWords.has(second.image);
}

const statementWords: ReadonlySet<string> = new Set([...t.headWords, ...t.roleWords, ...t.sectionWords]);

/** `from std.vision import conv`, as Python writes it. */
export function isForeignImport(line: readonly IToken[]): boolean {
  return line[0]?.image === "from" && line.some((token) => token.image === "import");
}

/** Whether a declaration begins here; after something stray only one whose word is known does. */
export function isDeclarationAt(tokens: readonly IToken[], index: number, stray: boolean): boolean {
  const [first, second, third] = [tokens[index], tokens[index + 1], tokens[index + 2]];
  if (first?.tokenType !== t.Word) return false;
  if (["edition", "import", "let"].includes(first.image) || t.declarationWords.has(first.image))
    return second?.tokenType !== t.Assign && second?.tokenType !== t.Dot;
  if (stray || first.startColumn !== 1 || statementWords.has(first.image)) return false;
  if (second?.tokenType !== t.Word || t.jointWords.has(second.image)) return false;
  return third !== undefined && (third.tokenType === t.Block || ["{", "(", ":", "="].includes(third.image));
}

/** A declaration word in the first column, its name, and what must follow a name: not a field that is called so. */
export function beginsDeclaration(tokens: readonly IToken[], index: number): boolean {
  const [first, second, third] = [tokens[index], tokens[index + 1], tokens[index + 2]];
  if (first?.tokenType !== t.Word) return false;
  if (first.image === "import") return second?.tokenType === t.Text || third?.tokenType === t.Dot;
  if (!t.declarationWords.has(first.image) || second?.tokenType !== t.Word) return false;
  return third !== undefined && ["{", "(", ":", "="].includes(third.image);
}

const bodies: ReadonlySet<TokenType> = new Set([t.Block, t.OpenBrace]);

/** What the header of a declaration or of a part is called, when the line is one and has neither `{` nor a value. */
export function needsBody(line: readonly IToken[], file: boolean): string | undefined {
  const [first, second] = line;
  if (!first || line.some((token) => bodies.has(token.tokenType))) return undefined;
  if (first.tokenType !== t.Word || second === undefined) return undefined;
  if (line[line.length - 1]!.image === "else") return "`else`";
  if ([t.Assign, t.Dot, t.Colon].includes(second.tokenType)) return undefined;
  const named = second.tokenType === t.Word ? `\`${first.image} ${second.image}\`` : `\`${first.image}\``;
  if (file) {
    if (!isDeclarationAt(line, 0, false) || second.tokenType !== t.Word) return undefined;
    if (["edition", "import", "let"].includes(first.image)) return undefined;
    let depth = 0;
    for (const token of line) {
      if (token.image === "(" || token.image === "[") depth++;
      else if (token.image === ")" || token.image === "]") depth--;
      else if (depth === 0 && token.tokenType === t.Assign) return undefined;
    }
    return named;
  }
  switch (first.image) {
    case "branch":
    case "group":
    case "train":
    case "prepare":
    case "augment":
    case "evaluate":
    case "for":
      return second.tokenType === t.Word && line.every((token) => token.tokenType !== t.Assign)
        ? named
        : undefined;
    case "if":
      return named;
    case "repeat":
      return line.some((token) => token.image === "over") ? undefined : "`repeat`";
    default:
      return undefined;
  }
}

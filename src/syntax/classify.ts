/** Makes keywords of the words of a line, where they stand as such: words are contextual, so `data = low` and `by: label` stay names. */
import type { IToken, TokenType } from "chevrotain";
import * as t from "./tokens.ts";
import { closedUnit, oneTime } from "./unit.ts";

const operandEnds: ReadonlySet<TokenType> = new Set([
  t.Word, t.Numeral, t.Text, t.CloseRound, t.CloseSquare, t.Block, t.UnitWord,
]); // biome-ignore format: a table
const operandStarts: ReadonlySet<TokenType> = new Set([
  t.Word, t.Numeral, t.Text, t.OpenRound, t.OpenSquare, t.Block, t.Minus,
]); // biome-ignore format: a table

/** Heads that may stand before a bracket: `if (a) { }`, `minimize (a + b)`. */
const beforeBracket: ReadonlySet<string> = new Set(["if", "minimize", "from", "repeat", "report"]);
/** Words that begin a statement, and are no role: `vary lr = ...` is a slip for `over`. */
const noRole: ReadonlySet<string> = new Set([...t.headWords].filter((word) => !t.roleWords.has(word)));
/** `let x = 1` names a value; any other two words before `=` are a field. */
const binders: ReadonlySet<string> = new Set(["let", "out", "ensemble"]);
const opening = new Set<TokenType>([t.OpenRound, t.OpenSquare]);
const closing = new Set<TokenType>([t.CloseRound, t.CloseSquare]);

/** A line of the file: its first word is the declaration's. */
export function classifyDeclaration(line: readonly IToken[]): IToken[] {
  const tokens = [...line];
  const first = tokens[0]!;
  const word = first.image;
  if (word === "edition" || word === "import" || word === "let")
    tokens[0] = t.retype(first, t.keywords[word]);
  else tokens[0] = t.retype(first, t.DeclarationWord);
  return classifyJoints(tokens);
}

/** A line of a body: one statement, or several by mistake. */
export function classifyStatements(line: readonly IToken[]): IToken[] {
  const tokens = [...line];
  let depth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (opening.has(token.tokenType)) depth++;
    else if (closing.has(token.tokenType)) depth--;
    if (depth > 0 || token.tokenType !== t.Word) continue;
    const before = tokens[i - 1];
    const start = i === 0 || before!.tokenType === t.Comma;
    if (start || operandEnds.has(before!.tokenType)) i = classifyHead(tokens, i, start);
  }
  return classifyJoints(tokens);
}

/** A line of a record, or of names: no statement. */
export function classifyEntries(line: readonly IToken[]): IToken[] {
  return classifyJoints([...line]);
}

/** Returns the index of the last token that has been understood. */
function classifyHead(tokens: IToken[], i: number, start: boolean): number {
  const word = tokens[i]!;
  const next = tokens[i + 1];
  if (!next) return i;
  const third = tokens[i + 2]?.tokenType;
  const bound = third === t.Colon || (third === t.Assign && !binders.has(word.image));
  if (
    next.tokenType === t.Word &&
    bound &&
    !noRole.has(word.image) &&
    (start || !t.jointWords.has(word.image)) &&
    next.image !== "as"
  ) {
    tokens[i] = t.retype(word, t.RoleWord);
    return i + 1;
  }
  if (t.headWords.has(word.image) && isHead(word.image, next, start)) {
    tokens[i] = t.retype(word, t.keywords[word.image as keyof typeof t.keywords]);
    return i;
  }
  if (!start) return i;
  let end = i + 1;
  if (tokens[end]?.tokenType === t.Word && !t.jointWords.has(tokens[end]!.image)) {
    end++;
    while (tokens[end]?.tokenType === t.Comma && tokens[end + 1]?.tokenType === t.Word) end += 2;
  }
  if (tokens[end]?.tokenType !== t.Block) return i;
  tokens[i] = t.retype(word, t.SectionWord);
  return end;
}

function isHead(word: string, next: IToken, start: boolean): boolean {
  if (word === "edition" || word === "import") return start && next.tokenType !== t.Assign;
  if (word === "budget") return next.tokenType === t.Block;
  if (next.tokenType === t.Word) return !t.jointWords.has(next.image) || start;
  if (!start) return false;
  if (next.tokenType === t.OpenRound) return beforeBracket.has(word);
  if (next.tokenType === t.Minus) return word === "minimize";
  return operandStarts.has(next.tokenType);
}

/** Words between operands (`as`, `over`, ...), operators that are words, and units. */
function classifyJoints(tokens: IToken[]): IToken[] {
  /** One entry for each open bracket: whether a `..` has been seen since the last comma. */
  const ranges = [false];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const before = tokens[i - 1];
    const next = tokens[i + 1];
    const type = token.tokenType;
    if (opening.has(type)) ranges.push(false);
    else if (closing.has(type)) ranges.pop();
    else if (type === t.Comma) ranges[ranges.length - 1] = false;
    else if (type === t.Range) ranges[ranges.length - 1] = true;
    else if (type === t.Percent && before?.tokenType === t.Numeral) tokens[i] = t.retype(token, t.UnitWord);
    if (type !== t.Word || before?.tokenType === t.Dot) continue;
    const word = token.image;
    const named = next?.tokenType === t.Colon || next?.tokenType === t.Assign;
    if (!before || (!operandEnds.has(before.tokenType) && before.tokenType !== t.keywords.paired)) {
      if (word === "not" && next && operandStarts.has(next.tokenType))
        tokens[i] = t.retype(token, t.keywords.not);
      continue;
    }
    if (word === "step" && ranges.at(-1)) tokens[i] = t.retype(token, t.keywords.step);
    else if (t.jointWords.has(word) && word !== "step" && word !== "not") {
      if (!named) tokens[i] = t.retype(token, t.keywords[word as keyof typeof t.keywords]);
    } else if (word === "from") tokens[i] = t.retype(token, t.keywords.from);
    else if (before.tokenType === t.Numeral && before.endLine === token.startLine) {
      const starts = next !== undefined && [t.Assign, t.OpenRound, t.Colon, t.Dot].includes(next.tokenType);
      if (!starts) tokens.splice(i, 1 + dividedUnit(tokens, i), unitOf(tokens, i));
    }
  }
  return tokens;
}

/** How many tokens more belong to the unit at `i`: one in `10 epoch s`, two in `1 h 30 min`. They are mended and reported later. */
function dividedUnit(tokens: readonly IToken[], i: number): number {
  const here = tokens.slice(i - 1, i + 5).filter(({ startLine }) => startLine === tokens[i]!.startLine);
  const [, word, next, last] = here;
  if (next?.tokenType === t.Word) return closedUnit(`${word!.image} ${next.image}`) ? 1 : 0;
  const images = here.map(({ image }) => image);
  if (next?.tokenType !== t.Numeral || last?.tokenType !== t.Word) return 0;
  if (oneTime(images.slice(0, 6))) return 4;
  return oneTime(images.slice(0, 4)) ? 2 : 0;
}

function unitOf(tokens: readonly IToken[], i: number): IToken {
  const parts = tokens.slice(i, i + 1 + dividedUnit(tokens, i));
  const { endOffset, endLine, endColumn } = parts.at(-1)! as Required<IToken>;
  const image = parts.map((part) => part.image).join(" ");
  return { ...t.retype(parts[0]!, t.UnitWord), image, endOffset, endLine, endColumn };
}

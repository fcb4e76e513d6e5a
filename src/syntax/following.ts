/** What the grammar lets follow at a place where something is being written, whatever stands behind it. */
import type { IToken, TokenType } from "chevrotain";
import { classifyDeclaration, classifyStatements } from "./classify.ts";
import { assist } from "./grammar.ts";
import { continues } from "./lines.ts";
import * as t from "./tokens.ts";

export interface Following {
  /** The first word of the statement around all brackets; undefined where one begins. */
  readonly head: string | undefined;
  /** A name or a value may stand here. */
  readonly value: boolean;
  /** A unit may stand here. */
  readonly unit: boolean;
  /** Words that go on with the statement: `over`, `where`. */
  readonly words: readonly string[];
}

const nothing: Following = { head: undefined, value: false, unit: false, words: [] };

const operandEnds: ReadonlySet<TokenType> = new Set([
  t.Word, t.Numeral, t.Text, t.CloseRound, t.CloseSquare, t.CloseBrace, t.Block, t.UnitWord,
]); // biome-ignore format: a table
const comments: ReadonlySet<TokenType> = new Set([
  t.Comment,
  t.Doc,
  t.FileDoc,
  t.HashComment,
  t.BlockComment,
]);
/** What takes an experiment's or a recipe's lines after `with`. */
const sections: ReadonlySet<string> = new Set(["data", "recipe", "experiment"]);

/** `offset` is the beginning of what is being written. */
export function followingAt(text: string, offset: number): Following {
  const all = t.tokenize({ path: "", text: text.slice(0, offset) });
  const last = all.at(-1);
  if (last && (comments.has(last.tokenType) || last.tokenType === t.UnclosedString)) {
    if (last.endOffset === offset - 1) return nothing;
  }
  const tokens = all.filter(({ tokenType }) => !comments.has(tokenType));
  const opener = innermostOpener(tokens);
  const line = lastLine(tokens.slice(opener + 1), opener < 0 || tokens[opener]!.tokenType === t.OpenBrace);
  const head = headOf(tokens);
  const end = line.at(-1);
  if (!end) return { ...nothing, head, value: true };
  const unit = end.tokenType === t.Numeral;
  return isBody(tokens, opener)
    ? { head, unit, ...afterBeginning(line, opener < 0) }
    : { head, unit, ...afterEntry(end, tokens) };
}

/** The statement that the place belongs to, out of all brackets. */
function headOf(tokens: readonly IToken[]): string | undefined {
  let at = tokens;
  for (;;) {
    const opener = innermostOpener(at);
    if (isBody(at, opener)) return lastLine(at.slice(opener + 1), true)[0]?.image;
    at = at.slice(0, opener);
  }
}

/** The index of the bracket around the end; -1 where there is none. */
function innermostOpener(tokens: readonly IToken[]): number {
  let depth = 0;
  for (let i = tokens.length - 1; i >= 0; i--) {
    if (t.closers.has(tokens[i]!.tokenType)) depth++;
    else if (t.openers.has(tokens[i]!.tokenType) && --depth < 0) return i;
  }
  return -1;
}

/** Whether statements stand in a bracket; in `over {` and `= {` stand entries. */
function isBody(tokens: readonly IToken[], opener: number): boolean {
  if (opener < 0) return true;
  const before = tokens[opener - 1];
  if (tokens[opener]!.tokenType !== t.OpenBrace) return false;
  return before === undefined || (operandEnds.has(before.tokenType) && before.image !== "over");
}

const theEnd = { ...t.virtual(t.Newline, "", { image: "", endOffset: -1 } as IToken) };

/** The tokens of the last statement, what stands in braces as one. */
function lastLine(tokens: readonly IToken[], isBody: boolean): readonly IToken[] {
  let line: IToken[] = [];
  let depth = 0;
  let open: IToken | undefined;
  for (const [i, token] of tokens.entries()) {
    const type = token.tokenType;
    if (t.openers.has(type) && depth++ === 0 && type === t.OpenBrace) open = token;
    if (t.closers.has(type) && --depth === 0 && open) {
      line.push(t.retype(open, t.Block));
      open = undefined;
    } else if (open) continue;
    else if (type === t.Newline || (type === t.Semicolon && depth === 0)) {
      if (depth > 0 || !isBody) continue;
      const next = tokens.findIndex((each, j) => j > i && each.tokenType !== t.Newline);
      const rest = next < 0 ? [theEnd, theEnd] : [...tokens.slice(next), theEnd, theEnd];
      const previous = line.at(-1);
      if (type === t.Newline && previous && continues(line, previous, rest, 0)) continue;
      line = [];
    } else line.push(token);
  }
  return line;
}

function afterBeginning(line: readonly IToken[], isFile: boolean): Pick<Following, "value" | "words"> {
  // A word is a keyword by what follows it.
  const word = t.virtual(t.Word, "x", line[line.length - 1]!);
  const classified = (isFile ? classifyDeclaration : classifyStatements)([...line, word]).slice(0, -1);
  const end = classified[classified.length - 1] ?? word;
  const next = assist(isFile ? "declarationLine" : "statementLine", classified);
  const words = next.flatMap(({ type, within }) => {
    const text = wordOf.get(type);
    return text !== undefined && mayFollow(text, within, classified) ? [text] : [];
  });
  const isBegun = line.length === 1 && begins(line[0]!.image);
  const names = next.some(({ type }) => type === t.Word);
  const value = isBegun || (!operandEnds.has(end.tokenType) && (names || next.length === 0));
  return { value, words: isBegun ? [] : [...new Set(words)] };
}

/** In brackets a value or nothing follows; behind an alternative of recipes or data sets, what it differs in. */
function afterEntry(end: IToken, tokens: readonly IToken[]): Pick<Following, "value" | "words"> {
  const value = !operandEnds.has(end.tokenType) || ["and", "or", "not", "in"].includes(end.image);
  const opener = innermostOpener(tokens);
  const outer = tokens.slice(innermostOpener(tokens.slice(0, opener)) + 1, opener);
  const [head, part, over] = lastLine(outer, true);
  const isAlternative =
    !value && tokens[opener]!.tokenType === t.OpenBrace && head?.image === "vary" && over?.image === "over";
  return { value, words: isAlternative && sections.has(part!.image) ? ["with"] : [] };
}

const wordOf: ReadonlyMap<TokenType, string> = new Map(
  Object.entries(t.keywords).map(([text, type]) => [type, text]),
);

const begins = (word: string): boolean =>
  [t.headWords, t.roleWords, t.sectionWords].some((words) => words.has(word));

/** Words between the parts of a statement; operators that are words may stand behind any operand, and are not told. */
function mayFollow(word: string, within: readonly string[], line: readonly IToken[]): boolean {
  if (word === "from") return within.includes("branch");
  if (!t.jointWords.has(word) || word === "not") return false;
  if (word === "where") return within.includes("field");
  if (word === "in" && within.includes("operator")) return within.includes("field");
  if (word === "with") return sections.has(line[0]!.image) && line.some(({ image }) => image === "=");
  return !within.includes("operator");
}

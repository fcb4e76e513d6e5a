/**
 * Between lexer and layout: which newlines end a statement, and brackets that match. A declaration whose brackets match is taken
 * as it is, however it is indented. In one whose brackets do not, the indentation tells which bracket is wrong; it is reported
 * once, and put right.
 */
import type { IToken } from "chevrotain";
import * as say from "./bracket-messages.ts";
import { continues, isDeclarationAt, isForeignImport, needsBody, startsStatement } from "./lines.ts";
import { asBracket, type Closer, closerOf, createNesting, type Frame } from "./nesting.ts";
import type { Reading } from "./readable.ts";
import { type Region, regionsOf } from "./regions.ts";
import * as t from "./tokens.ts";

/** Brackets within each other, and `else` after each other: all passes walk the tree, and must come to an end. */
const deepest = 100;

/** Brackets of the result match, and every newline in it ends a statement. A declaration that is nested too deeply is left out. */
export function balance(reading: Reading): IToken[] {
  const file = { stray: false };
  return regionsOf(reading.tokens).flatMap((region) =>
    isTooDeep(reading, region.tokens) ? [] : balanceRegion(reading, file, region),
  );
}

function isTooDeep(reading: Reading, tokens: readonly IToken[]): boolean {
  let depth = 0;
  let others = 0;
  for (const token of tokens) {
    if (t.openers.has(token.tokenType)) depth++;
    else if (t.closers.has(token.tokenType)) depth--;
    else if (token.image === "else") others++;
    if (depth <= deepest && others <= deepest) continue;
    say.tellTooDeep(reading, token, depth > deepest ? "brackets within each other" : "`else` here", deepest);
    return true;
  }
  return false;
}

/** `stray`: what stands outside of declarations has been reported, and lasts until the next one. */
function balanceRegion(reading: Reading, file: { stray: boolean }, region: Region): IToken[] {
  const { tokens } = region;
  /** What is still to be put right. */
  const surplus = { ...region.surplus };
  const nesting = createNesting();
  const { out, stack, top, round, line, emit } = nesting;
  let told = false;
  let index = 0;

  const closing = (token: IToken) => token.image as Closer;
  const firstOnLine = (i: number) => i === 0 || tokens[i - 1]!.tokenType === t.Newline;
  const previousOf = (i: number) => {
    let previous = i - 1;
    while (previous > 0 && tokens[previous]!.tokenType === t.Newline) previous--;
    return tokens[Math.max(previous, 0)]!;
  };

  function endStatement(token: IToken): void {
    const outside = stack.length === 0;
    const ended = nesting.endStatement(token);
    if (!outside || ended.length === 0) return;
    const declares = isDeclarationAt(ended, 0, file.stray);
    if (!declares && !file.stray) say.tellOutside(reading, ended);
    file.stray = !declares && !isForeignImport(ended);
  }

  /** Ends the innermost `(` and `[` at the token before. */
  function closeRounds(previous: IToken): void {
    for (let frame = round(); frame; frame = round()) {
      told = true;
      say.tellUnclosedRound(reading, frame, previous);
      surplus[frame.closer]--;
      nesting.closeAfter(previous);
    }
  }

  function unclosed(frame: Frame, previous: IToken, next: IToken | undefined): void {
    if (!frame.supplied && (surplus["}"] > 0 || !told)) say.tellUnclosedBrace(reading, frame, next);
    told = true;
    surplus["}"]--;
    nesting.closeAfter(previous);
  }

  /** Leaves out a closing bracket. */
  function unmatched(token: IToken): void {
    const outside = file.stray && stack.length === 0;
    if ((surplus[closing(token)] < 0 || !told) && !outside) say.tellUnmatched(reading, token);
    told = true;
    reading.flagged.add(token.startLine!);
    surplus[closing(token)]++;
  }

  /** Takes a closing bracket for another. */
  function mistyped(token: IToken, frame: Frame): void {
    told = true;
    say.tellMistyped(reading, frame, token);
    surplus[closing(token)]++;
    surplus[frame.closer]--;
    nesting.close(token);
  }

  function closeBrace(token: IToken) {
    const inner = round();
    if (inner && surplus["}"] < 0) {
      if (surplus[inner.closer] <= 0) return unmatched(token);
      if (inner.token.startLine === token.startLine) return mistyped(token, inner);
    }
    closeRounds(previousOf(index));
    const frame = top();
    if (!frame || (surplus["}"] < 0 && tooEarly(frame, token))) unmatched(token);
    else nesting.close(token);
  }

  /** Whether `}` is one of those that are too many, and not the one that belongs to `frame`. */
  function tooEarly(frame: Frame, token: IToken): boolean {
    const first = firstOnLine(index);
    const misplaced = first ? token.startColumn !== frame.indent : frame.token.startLine !== token.startLine;
    let more = false;
    for (let i = index + 1; i < tokens.length; i++) {
      const other = tokens[i]!;
      if (other.tokenType === t.Newline) continue;
      if (other.image !== "}") more = true;
      else if (misplaced && firstOnLine(i) && other.startColumn === frame.indent) return true;
    }
    return more && (first ? stack.length === 1 : misplaced);
  }

  function closeRound(token: IToken) {
    const frame = top();
    if (!frame) return unmatched(token);
    const extra = surplus[closing(token)] < 0;
    if (frame.closer === token.image)
      return extra && closedLater(frame) ? unmatched(token) : nesting.close(token);
    if (frame.closer === "}") return closeRoundAfterBrace(frame, token);
    if (extra) return surplus[frame.closer] > 0 ? mistyped(token, frame) : unmatched(token);
    const match = stack.findLastIndex((one) => one.closer === token.image);
    if (match < 0 || match < stack.findLastIndex((one) => one.closer === "}")) return unmatched(token);
    for (let one = frame; one !== stack[match]; one = top()!) {
      told = true;
      say.tellOvertaken(reading, one, token);
      surplus[one.closer]--;
      nesting.closeAfter(previousOf(index));
    }
    nesting.close(token);
  }

  /** Whether a bracket over several lines has its end where it should be: alone below its statement. */
  function closedLater(frame: Frame): boolean {
    if (frame.token.startLine === tokens[index]!.startLine) return false;
    return tokens.some(
      (one, i) =>
        i > index && one.image === frame.closer && firstOnLine(i) && one.startColumn === frame.indent,
    );
  }

  /** `)` where a `{` is open: one of the two is wrong. */
  function closeRoundAfterBrace(frame: Frame, token: IToken) {
    const within = stack[stack.length - 2]?.closer === token.image;
    const here = frame.token.startLine === token.startLine;
    if (surplus["}"] <= 0 || !(within || here)) return unmatched(token);
    told = true;
    surplus["}"]--;
    nesting.drop();
    if (within) {
      say.tellStrayBrace(reading, frame, token);
      const inside = out.splice(frame.at).slice(1);
      out.push(...inside.filter((one) => one.tokenType !== t.Newline));
      return nesting.close(token);
    }
    say.tellMistyped(reading, frame, token);
    surplus[closing(token)]++;
    out[frame.at] = asBracket(frame.token, token.image === ")" ? "(" : "[");
    emit(token);
  }

  function newline() {
    const previous = tokens[index - 1];
    if (!previous || previous.tokenType === t.Newline) return;
    let following = index + 1;
    while (tokens[following]?.tokenType === t.Newline) following++;
    const next = tokens[following];
    const inner = round();
    if (inner && next) {
      if (continues(line(), previous, tokens, following)) return;
      if (recoverComma(inner, previous, following, false)) return;
    }
    closeRounds(previous);
    if (!next) return endStatement(tokens[index]!);
    for (let frame = top(); frame && surplus["}"] > 0 && endedBefore(frame, next); frame = top()) {
      if (standsForBrace(frame, following)) return takeForBrace(frame, following);
      unclosed(frame, previous, next);
    }
    const begins = inner || startsStatement(tokens, following);
    if (!begins && continues(line(), previous, tokens, following)) return;
    if (!supplyBrace(previous, next)) endStatement(tokens[index]!);
  }

  /** Whether the indentation says that a block is over at `next`. */
  function endedBefore(frame: Frame, next: IToken): boolean {
    return next.startColumn! <= frame.indent && !(next.image === "}" && next.startColumn === frame.indent);
  }

  /** Whether something else stands alone where `}` should. */
  function standsForBrace(frame: Frame, at: number): boolean {
    const token = tokens[at]!;
    const alone = tokens[at + 1] === undefined || tokens[at + 1]!.tokenType === t.Newline;
    if (stack[stack.length - 2]?.closer === token.image) return false;
    return alone && token.startColumn === frame.indent && token.tokenType !== t.Word && token.image !== "}";
  }

  function takeForBrace(frame: Frame, at: number): void {
    const token = tokens[at]!;
    const opened = closerOf(token);
    told = true;
    say.tellNotBrace(reading, frame, token);
    surplus["}"]--;
    if (opened) surplus[opened]--;
    else if (t.closers.has(token.tokenType)) surplus[closing(token)]++;
    endStatement(tokens[index]!);
    nesting.close(token);
    index = at;
  }

  /** The `{` that a header plainly lacks, or that stands below it. */
  function supplyBrace(previous: IToken, next: IToken): boolean {
    const statement = line();
    const of = needsBody(statement, stack.length === 0);
    if (of && next.image === "{") {
      say.tellBodyBelow(reading, of, previous, next);
      return true;
    }
    if (!of || next.image === "}" || next.startColumn! <= statement[0]!.startColumn!) return false;
    told = true;
    // Of a declaration that does not exist, that is told.
    if (stack.length > 0 || t.declarationWords.has(statement[0]!.image))
      say.tellMissingBody(reading, of, previous);
    nesting.open(t.virtual(t.OpenBrace, "{", previous), true);
    surplus["}"]++;
    return true;
  }

  /** Inside `(` or `[`: whether the line goes on after all, and only a comma is missing. */
  function recoverComma(frame: Frame, previous: IToken, following: number, semicolon: boolean): boolean {
    const unsure = semicolon && surplus[frame.closer] > 0;
    let depth = 0;
    for (let i = following; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (t.openers.has(token.tokenType)) depth++;
      else if (t.closers.has(token.tokenType)) {
        if (depth-- > 0) continue;
        if (token.image !== frame.closer) return false;
        say.tellMissingComma(reading, previous, tokens[following]!);
        emit(t.virtual(t.Comma, ",", previous));
        return true;
      } else if (depth === 0 && token.tokenType === t.Semicolon) return false;
      else if (token.tokenType === t.Newline && depth === 0) {
        if (unsure || startsStatement(tokens, i + 1)) return false;
      } else if (i === following && startsStatement(tokens, i)) return false;
    }
    return false;
  }

  function semicolon(token: IToken) {
    const inner = round();
    if (inner && recoverComma(inner, previousOf(index), index + 1, true)) return;
    closeRounds(previousOf(index));
    const next = tokens[index + 1];
    const ends = !next || next.tokenType === t.Newline;
    const header = stack.length === 0 && isDeclarationAt(line(), 0, false);
    if (ends && (header || needsBody(line(), false))) return;
    if (!header || isDeclarationAt(tokens, index + 1, false)) endStatement(token);
    else say.tellSemicolon(reading, token, next!);
  }

  /** The declaration is over within brackets: one of them is told, the innermost `{` first. */
  function endUnclosed(last: IToken): void {
    const brace = stack.findLast((frame) => frame.closer === "}" && !frame.supplied);
    if (brace && (surplus["}"] > 0 || !told)) say.tellUnclosedBrace(reading, brace, region.next);
    else if (!brace && !told) say.tellUnclosedRound(reading, top()!, last);
    // Where the text ends within brackets, its last line is likely half written.
    if (!region.next) reading.flagged.add(last.startLine!);
    while (stack.length > 0) nesting.closeAfter(last);
  }

  for (; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.tokenType === t.Newline) newline();
    else if (token.tokenType === t.Semicolon) semicolon(token);
    else if (t.openers.has(token.tokenType)) nesting.open(token);
    else if (token.tokenType === t.CloseBrace) closeBrace(token);
    else if (t.closers.has(token.tokenType)) closeRound(token);
    else emit(token);
  }
  if (tokens.length === 0) return [];
  const last = previousOf(tokens.length);
  if (stack.length > 0) endUnclosed(last);
  endStatement(last);
  return out;
}

/**
 * The layout pass, between lexer and parser: which newlines end a statement, and which bracket closes which. It hands on lines,
 * each whole in its brackets, with every `{ ... }` folded into one token that holds its own lines. So a mistake stays in its line.
 */
import type { IToken } from "chevrotain";
import type { Reporter } from "../diagnostics/diagnostic.ts";
import type { Edit, SourceFile, Span } from "../text/source.ts";
import { beginsDeclaration, continues, isDeclarationAt, needsBody, startsStatement } from "./lines.ts";
import * as messages from "./messages.ts";
import { readable } from "./readable.ts";
import * as t from "./tokens.ts";

/** One logical line: a statement, mostly. */
export interface Line {
  readonly tokens: IToken[];
  /** A mistake in it has been reported already; the parser stays silent. */
  damaged: boolean;
}

export interface BlockToken extends IToken {
  block: { readonly lines: Line[]; readonly open: IToken; unclosed: boolean };
}

interface Frame {
  readonly open: IToken | undefined;
  readonly closer: string;
  /** For `{` and the file. */
  readonly lines: Line[] | undefined;
  line: Line;
  readonly token: BlockToken | undefined;
  /** The column of the first token of the line that opens it. */
  readonly indent: number;
  /** A mistake explains why it might not be closed. */
  excused: boolean;
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

function newLine(): Line {
  return { tokens: [], damaged: false };
}

/** Lays out the tokens of a file; comments are left out. */
export function layOut(all: readonly IToken[], source: SourceFile, reporter: Reporter): Line[] {
  const tokens = readable(all, source, reporter);
  const root: Frame = {
    open: undefined, closer: "", lines: [], line: newLine(), token: undefined, indent: 1, excused: false,
  }; // biome-ignore format: a record
  const stack: Frame[] = [root];
  /** Lines of the text on which something has been reported. */
  const flagged = new Set<number>();
  for (const token of tokens.damaged) flagged.add(token);
  let suspicious: Frame | undefined;
  let indent = 1;
  let stray = false;
  let lastClose: IToken | undefined;

  const top = () => stack[stack.length - 1]!;
  const host = () => stack.findLast((frame) => frame.lines !== undefined)!;
  const span = (from: IToken, to = from): Span => ({
    file: source,
    start: from.startOffset,
    end: to.endOffset! + 1,
  });
  const insert = (after: IToken, text: string): Edit => ({
    span: { file: source, start: after.endOffset! + 1, end: after.endOffset! + 1 },
    text,
  });

  function flag(token: IToken): boolean {
    host().line.damaged = true;
    if (flagged.has(token.startLine!)) return false;
    flagged.add(token.startLine!);
    return true;
  }

  function push(token: IToken): void {
    host().line.tokens.push(token);
  }

  function open(token: IToken, excused = false): void {
    const image = token.image;
    if (image === "{") {
      const block = {
        ...t.retype(token, t.Block),
        block: { lines: [] as Line[], open: token, unclosed: false },
      };
      push(block);
      stack.push({
        open: token, closer: "}", lines: block.block.lines, line: newLine(), token: block, indent, excused,
      }); // biome-ignore format: a record
    } else {
      push(token);
      stack.push({
        open: token, closer: closers[image]!, lines: undefined, line: top().line, token: undefined, indent, excused,
      }); // biome-ignore format: a record
    }
  }

  function pop(close: IToken): void {
    const frame = stack.pop()!;
    if (frame.token) {
      endLine(frame);
      frame.token.endOffset = close.endOffset!;
      frame.token.endLine = close.endLine!;
      frame.token.endColumn = close.endColumn!;
      lastClose = close;
    } else push(close);
  }

  /** Ends the innermost `(` and `[` at the token before. */
  function closeRound(after: IToken): void {
    while (!top().lines) {
      const frame = top();
      if (!frame.excused && flag(frame.open!)) {
        reporter.report(messages.unclosedBracket, { bracket: frame.open!.image }, span(frame.open!), {
          text: `no \`${frame.closer}\` follows on this line`,
          hint: `close it with \`${frame.closer}\``,
          fixes: [
            { title: `insert \`${frame.closer}\``, edits: [insert(after, frame.closer)], safety: "review" },
          ],
        });
      }
      host().line.damaged = true;
      pop(t.virtual(frame.closer === ")" ? t.CloseRound : t.CloseSquare, frame.closer, after));
    }
  }

  /** Ends everything: the file is over, or a declaration begins. */
  function closeAll(after: IToken, next: IToken | undefined): void {
    if (stack.length === 1) return;
    const openFrames = stack.slice(1);
    const blamed = suspicious ?? openFrames[openFrames.length - 1]!;
    const excused = openFrames.some((frame) => frame.excused);
    host().line.damaged ||= next === undefined;
    if (!excused && flag(blamed.open!)) {
      reporter.report(messages.unclosedBracket, { bracket: blamed.open!.image }, span(blamed.open!), {
        text: "opened here",
        labels: next ? [{ span: span(next), text: "a new declaration begins before it is closed" }] : [],
        notes: next ? [] : ["the file ends before it is closed"],
        hint: `close it with \`${blamed.closer}\``,
      });
    }
    while (stack.length > 1) {
      const frame = top();
      if (frame.token) {
        frame.token.block.unclosed = true;
        pop(t.virtual(t.CloseBrace, "}", after));
      } else pop(t.virtual(frame.closer === ")" ? t.CloseRound : t.CloseSquare, frame.closer, after));
    }
    suspicious = undefined;
  }

  function endLine(frame: Frame): void {
    const line = frame.line;
    frame.line = newLine();
    if (line.tokens.length === 0) return;
    for (const token of line.tokens) if (flagged.has(token.startLine!)) line.damaged = true;
    if (frame !== root) {
      frame.lines!.push(line);
      return;
    }
    const first = line.tokens[0]!;
    if (isDeclarationAt(line.tokens, 0, stray)) {
      stray = false;
      frame.lines!.push(line);
    } else if (!stray) {
      stray = true;
      if (!line.damaged)
        reporter.report(messages.outsideDeclaration, {}, span(first, line.tokens[line.tokens.length - 1]!), {
          labels: lastClose ? [{ span: span(lastClose), text: "the declaration before ends here" }] : [],
          hint: "begin with `data`, `model`, `block`, `loss`, `metric`, `recipe`, `experiment`, `let` or `import`",
        });
    }
  }

  function close(token: IToken, index: number): void {
    const image = token.image;
    const firstOnLine = tokens.list[index - 1]?.tokenType === t.Newline || index === 0;
    if (image === "}") {
      const frame = stack.findLast((candidate) => candidate.closer === "}");
      if (!frame || closesTooEarly(frame, token, index, firstOnLine)) {
        unmatched(token);
        return;
      }
      if (!top().lines) closeRound(tokens.list[index - 1]!);
      if (firstOnLine && token.startColumn !== frame.indent && top() === frame) suspicious ??= frame;
      pop(token);
      return;
    }
    const inner = stack.slice(stack.lastIndexOf(host()) + 1);
    const match = inner.findLast((frame) => frame.closer === image);
    if (match) {
      while (top() !== match) {
        const frame = top();
        if (flag(frame.open!))
          reporter.report(messages.unclosedBracket, { bracket: frame.open!.image }, span(frame.open!), {
            text: "opened here",
            labels: [{ span: span(token), text: `\`${image}\` comes before its \`${frame.closer}\`` }],
            hint: `close it with \`${frame.closer}\``,
          });
        const before = tokens.list[index - 1]!;
        pop(t.virtual(frame.closer === ")" ? t.CloseRound : t.CloseSquare, frame.closer, before));
      }
      pop(token);
      return;
    }
    const frame = top();
    if (!frame.lines && tokens.list[index + 1]?.image !== frame.closer) {
      if (flag(token))
        reporter.report(messages.unmatchedBracket, { bracket: image }, span(token), {
          text: `\`${frame.closer}\` was expected`,
          labels: [{ span: span(frame.open!), text: "to close this" }],
          fixes: [
            {
              title: `\`${frame.closer}\``,
              edits: [{ span: span(token), text: frame.closer }],
              safety: "review",
            },
          ],
        });
      const type = frame.closer === ")" ? t.CloseRound : t.CloseSquare;
      pop({ ...t.retype(token, type), image: frame.closer });
      return;
    }
    unmatched(token);
  }

  function unmatched(token: IToken): void {
    if (!stray && flag(token))
      reporter.report(messages.unmatchedBracket, { bracket: token.image }, span(token), {
        text: "nothing is open that it could close",
        fixes: [{ title: "remove it", edits: [{ span: span(token), text: "" }], safety: "review" }],
      });
    host().line.damaged = true;
    for (const frame of stack) frame.excused = true;
    if (stack.length === 1) stray ||= false;
  }

  /** Whether `}` would end a declaration although its statements go on, or on a line that has lost its `{`. */
  function closesTooEarly(frame: Frame, token: IToken, index: number, firstOnLine: boolean): boolean {
    if (!firstOnLine && flagged.has(token.startLine!) && frame.open!.startLine !== token.startLine)
      return true;
    if (stack.indexOf(frame) !== 1 || frame.excused) return false;
    let next = index + 1;
    while (tokens.list[next]?.tokenType === t.Newline) next++;
    const following = tokens.list[next];
    if (!following || isDeclarationAt(tokens.list, next, false)) return false;
    if (following.image === "}") return !firstOnLine && frame.open!.startLine !== token.startLine;
    return !(
      following.startColumn === 1 &&
      (token.startColumn === 1 || frame.open!.startLine === token.startLine)
    );
  }

  function newline(token: IToken, index: number): void {
    const before = tokens.list[index - 1];
    let nextIndex = index + 1;
    while (tokens.list[nextIndex]?.tokenType === t.Newline) nextIndex++;
    const next = tokens.list[nextIndex];
    const previous = before && before.tokenType !== t.Newline ? before : undefined;
    if (next && stack.length > 1 && next.startColumn === 1 && beginsDeclaration(tokens.list, nextIndex)) {
      if (previous || !top().lines) closeRound(previous ?? token);
      closeAll(lastToken(index), next);
      endLine(root);
      return;
    }
    if (!previous) return;
    const frame = top();
    if (!frame.lines) {
      if (!next || continues(host().line.tokens, previous, tokens.list, nextIndex)) return;
      if (!recoverComma(frame, previous, nextIndex, false)) {
        closeRound(previous);
        finish(previous, next);
      }
      return;
    }
    if (
      next &&
      !startsStatement(tokens.list, nextIndex) &&
      continues(frame.line.tokens, previous, tokens.list, nextIndex)
    )
      return;
    finish(previous, next);
  }

  /** Ends a line of a block, and supplies the `{` that a header plainly lacks. */
  function finish(previous: IToken, next: IToken | undefined): void {
    const frame = top();
    const of = needsBody(frame.line.tokens, frame === root);
    const goesOn =
      next !== undefined &&
      (frame === root ? !isDeclarationAt([next], 0, false) : next.startColumn! > indent);
    if (of && goesOn && next.image !== "}") {
      if (flag(previous))
        reporter.report(messages.missingBody, { of }, span(previous), {
          text: "after this",
          fixes: [{ title: "insert `{`", edits: [insert(previous, " {")], safety: "review" }],
        });
      open(t.virtual(t.OpenBrace, "{", previous), true);
      return;
    }
    endLine(frame);
  }

  /** Inside `(` or `[`: whether the line goes on after all, and only a comma is missing. */
  function recoverComma(frame: Frame, previous: IToken, nextIndex: number, semicolon: boolean): boolean {
    let depth = 0;
    for (let i = nextIndex; i < tokens.list.length; i++) {
      const token = tokens.list[i]!;
      if (token.image in closers) depth++;
      else if (
        token.tokenType === t.CloseRound ||
        token.tokenType === t.CloseSquare ||
        token.tokenType === t.CloseBrace
      ) {
        if (depth-- > 0) continue;
        if (token.image !== frame.closer) return false;
        const next = tokens.list[nextIndex]!;
        if (flag(next))
          reporter.report(messages.missingComma, { next: `\`${next.image}\`` }, span(next), {
            fixes: [{ title: "insert `,`", edits: [insert(previous, ",")], safety: "safe" }],
          });
        push(t.virtual(t.Comma, ",", previous));
        return true;
      } else if (depth === 0 && token.tokenType === t.Semicolon) return false;
      else if (token.tokenType === t.Newline && depth === 0) {
        if (semicolon || startsStatement(tokens.list, i + 1)) return false;
      } else if (i === nextIndex && startsStatement(tokens.list, i)) return false;
    }
    return false;
  }

  function lastToken(index: number): IToken {
    for (let i = index; i >= 0; i--) if (tokens.list[i]!.tokenType !== t.Newline) return tokens.list[i]!;
    return tokens.list[0]!;
  }

  for (let index = 0; index < tokens.list.length; index++) {
    const token = tokens.list[index]!;
    if (index === 0 || tokens.list[index - 1]!.tokenType === t.Newline) indent = token.startColumn!;
    if (token.tokenType === t.Newline) newline(token, index);
    else if (token.tokenType === t.Semicolon) {
      if (!top().lines && recoverComma(top(), tokens.list[index - 1]!, index + 1, true)) continue;
      if (!top().lines) closeRound(tokens.list[index - 1]!);
      endLine(top());
    } else if (token.image in closers) open(token);
    else if (
      token.tokenType === t.CloseRound ||
      token.tokenType === t.CloseSquare ||
      token.tokenType === t.CloseBrace
    )
      close(token, index);
    else push(token);
  }
  if (tokens.list.length > 0) {
    const last = lastToken(tokens.list.length - 1);
    closeAll(last, undefined);
  }
  endLine(root);
  return root.lines!;
}

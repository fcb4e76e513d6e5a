/** What is said of brackets that do not match. A line of the text on which something has been said is passed over. */
import type { IToken } from "chevrotain";
import type { Details, DiagnosticKind, Fix } from "../diagnostics/diagnostic.ts";
import type { Span } from "../text/source.ts";
import { isForeignImport } from "./lines.ts";
import * as messages from "./messages.ts";
import type { Frame } from "./nesting.ts";
import type { Reading } from "./readable.ts";

function tell<P>(
  { source, reporter, flagged }: Reading,
  kind: DiagnosticKind<P>,
  parameters: P,
  token: IToken,
  details: Details,
): void {
  if (flagged.has(token.startLine!)) return;
  flagged.add(token.startLine!);
  reporter.report(kind, parameters, spanOf({ source }, token), details);
}

function spanOf({ source }: Pick<Reading, "source">, token: IToken): Span {
  return { file: source, start: token.startOffset, end: token.endOffset! + 1 };
}

function replace(reading: Reading, token: IToken, text: string, safety: Fix["safety"] = "review"): Fix {
  const title = text === "" ? "remove it" : `write \`${text}\``;
  return { title, edits: [{ span: spanOf(reading, token), text }], safety };
}

function replaceBy(text: string, span: Span): Fix {
  return { title: `write \`${text}\``, edits: [{ span, text }], safety: "review" };
}

function insert({ source }: Reading, after: IToken, text: string, safety: Fix["safety"] = "review"): Fix {
  const place = after.endOffset! + 1;
  const title = `insert \`${text.trim()}\``;
  return { title, edits: [{ span: { file: source, start: place, end: place }, text }], safety };
}

function openedBy(reading: Reading, frame: Frame) {
  return [{ span: spanOf(reading, frame.token), text: "to close this" }];
}

/** The line ends before `(` or `[` is closed. */
export function tellUnclosedRound(reading: Reading, frame: Frame, previous: IToken): void {
  tell(reading, messages.unclosedBracket, { bracket: frame.token.image }, frame.token, {
    text: `no \`${frame.closer}\` follows on this line`,
    hint: `close it with \`${frame.closer}\``,
    fixes: [insert(reading, previous, frame.closer)],
  });
  reading.flagged.add(previous.startLine!);
}

/** `{` is not closed before `next`, or before the end of the file. */
export function tellUnclosedBrace(reading: Reading, frame: Frame, next: IToken | undefined): void {
  tell(reading, messages.unclosedBracket, { bracket: "{" }, frame.token, {
    text: "opened here",
    labels: next ? [{ span: spanOf(reading, next), text: "this comes before it is closed" }] : [],
    notes: next ? [] : ["the file ends before it is closed"],
    hint: "close it with `}`",
  });
}

/** `[1, 2)` in brackets: another bracket closes first. */
export function tellOvertaken(reading: Reading, frame: Frame, token: IToken): void {
  tell(reading, messages.unclosedBracket, { bracket: frame.token.image }, frame.token, {
    text: "opened here",
    labels: [
      { span: spanOf(reading, token), text: `\`${token.image}\` comes before its \`${frame.closer}\`` },
    ],
    hint: `close it with \`${frame.closer}\``,
  });
}

/** `conv(16 { , kernel: 5)`: the `{` is what is too much. */
export function tellStrayBrace(reading: Reading, frame: Frame, token: IToken): void {
  tell(reading, messages.unclosedBracket, { bracket: "{" }, frame.token, {
    text: `\`${token.image}\` comes before its \`}\``,
    fixes: [replace(reading, frame.token, "")],
  });
}

export function tellUnmatched(reading: Reading, token: IToken): void {
  tell(reading, messages.unmatchedBracket, { bracket: token.image }, token, {
    text: "nothing is open that it could close",
    fixes: [replace(reading, token, "")],
  });
}

/** A closing bracket that was meant as another. */
export function tellMistyped(reading: Reading, frame: Frame, token: IToken): void {
  tell(reading, messages.unmatchedBracket, { bracket: token.image }, token, {
    text: `\`${frame.closer}\` was expected`,
    labels: openedBy(reading, frame),
    fixes: [replace(reading, token, frame.closer)],
  });
}

/** Something else stands alone where `}` should. */
export function tellNotBrace(reading: Reading, frame: Frame, token: IToken): void {
  const parameters = { expected: "`}`", found: `\`${token.image}\`` };
  tell(reading, messages.unexpected, parameters, token, {
    labels: openedBy(reading, frame),
    fixes: [replace(reading, token, "}")],
  });
}

export function tellMissingBody(reading: Reading, of: string, previous: IToken): void {
  tell(reading, messages.missingBody, { of }, previous, {
    text: "after this",
    fixes: [insert(reading, previous, " {")],
  });
}

export function tellBodyBelow(reading: Reading, of: string, previous: IToken, brace: IToken): void {
  const between = { file: reading.source, start: previous.endOffset! + 1, end: brace.startOffset };
  tell(reading, messages.missingBody, { of }, previous, {
    text: "after this",
    labels: [{ span: spanOf(reading, brace), text: "it stands here, on a line of its own" }],
    fixes: [{ title: "move it up", edits: [{ span: between, text: " " }], safety: "safe" }],
  });
}

export function tellMissingComma(reading: Reading, previous: IToken, next: IToken): void {
  tell(reading, messages.missingComma, { next: `\`${next.image}\`` }, next, {
    fixes: [insert(reading, previous, ",", "safe")],
  });
}

/** `;` in the header of a declaration. */
export function tellSemicolon(reading: Reading, token: IToken, next: IToken): void {
  const parameters = { expected: `\`${next.image}\``, found: "`;`" };
  tell(reading, messages.unexpected, parameters, token, { fixes: [replace(reading, token, "")] });
}

/** Lines that belong to no declaration. */
export function tellOutside(reading: Reading, line: readonly IToken[]): void {
  if (line.some((token) => reading.flagged.has(token.startLine!))) return;
  const [first, last] = [line[0]!, line[line.length - 1]!];
  const place = { ...spanOf(reading, first), end: last.endOffset! + 1 };
  if (isForeignImport(line)) {
    const from = line.findIndex((token) => token.image === "import");
    const { text } = reading.source;
    const module = text.slice(line[1]!.startOffset, line[from]!.startOffset).trim();
    const written = `import ${module} { ${text.slice(line[from]!.endOffset! + 1, place.end).trim()} }`;
    const fix = replaceBy(written, place);
    reading.reporter.report(messages.foreignSyntax, { found: "from ... import", written }, place, {
      fixes: [fix],
    });
    return;
  }
  reading.reporter.report(messages.outsideDeclaration, {}, place, {
    hint: "begin with `data`, `model`, `block`, `loss`, `metric`, `recipe`, `experiment`, `let` or `import`",
  });
}

export function tellTooDeep(reading: Reading, token: IToken, what: string, most: number): void {
  tell(reading, messages.tooDeep, { what, most }, token, {
    hint: "divide it: `block` and `let` give a part a name",
  });
}

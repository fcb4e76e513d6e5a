/** Lines that are written as other languages have them, or as people say it: named as such, each with its way out. */
import type { IToken } from "chevrotain";
import * as messages from "./messages.ts";
import * as t from "./tokens.ts";
import { at, type Building, report, spanOf } from "./tree.ts";

/** What stands for another word or sign: in a line of this kind, where `place` says so. */
interface Habit {
  readonly line: string;
  readonly found: readonly string[];
  readonly written: string;
  place(before: readonly IToken[]): boolean;
}

const habits: readonly Habit[] = [
  {
    line: "compare",
    found: ["vs", "versus", "against", "and", "to", "with", ","],
    written: "-",
    place: (before) => before.length === 2,
  },
  { line: "compare", found: ["by", "in", "for"], written: "on", place: (before) => before.length === 4 },
  { line: "report", found: ["per", "for"], written: "by", place: (before) => before.length > 1 },
  { line: "allow", found: [":", ","], written: "because", place: (before) => before.length === 2 },
  { line: "vary", found: ["by"], written: "step", place: (before) => before.at(-2)?.tokenType === t.Range },
];

/** False where nothing of the kind is known; `wrong` is the token at which the parser stopped. */
export function explainHabit(b: Building, tokens: readonly IToken[], wrong: IToken): boolean {
  return (
    explainIn(b, tokens) ||
    explainWord(b, tokens, wrong) ||
    explainCount(b, tokens) ||
    explainAlternatives(b, tokens) ||
    explainSizes(b, tokens) ||
    explainLoop(b, tokens, wrong) ||
    explainTuple(b, tokens, wrong) ||
    explainArrow(b, tokens, wrong)
  );
}

function explainWord(b: Building, tokens: readonly IToken[], wrong: IToken): boolean {
  const index = tokens.indexOf(wrong);
  const before = tokens.slice(0, Math.max(0, index));
  const habit = habits.find(
    ({ line, found, place }) => tokens[0]?.image === line && found.includes(wrong.image) && place(before),
  );
  if (!habit) return false;
  const { written } = habit;
  const sign = wrong.image === "," || wrong.image === ":";
  instead(b, wrong, before.at(-1)!, written, sign ? ` ${written}` : written);
  return true;
}

/** `expected \`-\` after \`half\`, found \`vs\``, with the fix. */
function instead(b: Building, word: IToken, before: IToken, written: string, text = written): void {
  const span = spanOf(b, word);
  const expected = `\`${written}\` after \`${before.image}\``;
  report(b, messages.unexpected, { expected, found: `\`${word.image}\`` }, span, {
    fixes: [{ title: `write \`${written}\``, edits: [{ span, text }], safety: "safe" }],
  });
}

/** `repeat 6 seeds`: what is repeated has values. */
function explainCount(b: Building, tokens: readonly IToken[]): boolean {
  const [repeat, count, word, ...more] = tokens;
  if (repeat?.image !== "repeat" || count?.tokenType !== t.Numeral || more.length > 0) return false;
  if (!word || !["seed", "seeds", "time", "times", "run", "runs"].includes(word.image)) return false;
  const span = spanOf(b, count, word);
  const text = `seed over 1 .. ${count.image}`;
  const found = `\`${count.image} ${word.image}\``;
  report(b, messages.unexpected, { expected: "a name after `repeat`", found }, span, {
    fixes: [{ title: `write \`repeat ${text}\``, edits: [{ span, text }], safety: "safe" }],
  });
  return true;
}

/** `vary x over a: 1, b: 2`: alternatives stand in braces. */
function explainAlternatives(b: Building, tokens: readonly IToken[]): boolean {
  const over = tokens.findIndex(({ tokenType }) => tokenType === t.keywords.over);
  const [first, colon] = [tokens[over + 1], tokens[over + 2]];
  if (over < 0 || first?.tokenType !== t.Word || colon?.tokenType !== t.Colon) return false;
  const last = tokens[tokens.length - 1]!;
  const span = spanOf(b, first, last);
  report(b, messages.unexpected, { expected: "`{` after `over`", found: `\`${first.image}\`` }, span, {
    fixes: [around(b, span, "{ ", " }", "put the alternatives in braces")],
  });
  return true;
}

const around = (
  b: Building,
  { start, end }: { start: number; end: number },
  open: string,
  close: string,
  title: string,
) => ({
  title,
  edits: [
    { span: at(b, start), text: open },
    { span: at(b, end), text: close },
  ],
  safety: "safe" as const,
});

/** `for c in 8, 16 { }`: what a loop goes over is one list. */
function explainLoop(b: Building, tokens: readonly IToken[], wrong: IToken): boolean {
  const last = tokens[tokens.length - 1]!;
  const [first] = tokens.slice(3);
  const before = last.tokenType === t.Block ? tokens[tokens.length - 2]! : last;
  if (tokens[0]?.image !== "for" || tokens[2]?.image !== "in" || wrong.tokenType !== t.Comma || !first)
    return false;
  const span = spanOf(b, first, before);
  const text = b.source.text.slice(span.start, span.end);
  report(b, messages.unexpected, { expected: "one list after `in`", found: `\`${text}\`` }, span, {
    fixes: [around(b, span, "[", "]", `write \`[${text}]\``)],
  });
  return true;
}

/** `input x : f32(201, 1)`: sizes stand in square brackets. */
function explainSizes(b: Building, tokens: readonly IToken[]): boolean {
  const colon = tokens.findIndex(({ tokenType }) => tokenType === t.Colon);
  const [type, open] = [tokens[colon + 1], tokens[colon + 2]];
  if (colon < 1 || type?.tokenType !== t.Word || open?.tokenType !== t.OpenRound) return false;
  if (!/^(?:[fiu]\d+|int|bool|class)$/.test(type.image)) return false;
  const close = closing(tokens, colon + 2);
  if (!close) return false;
  report(
    b,
    messages.unexpected,
    { expected: `\`[\` after \`${type.image}\``, found: "`(`" },
    spanOf(b, open),
    {
      fixes: [brackets(b, open, close)],
    },
  );
  return true;
}

/** `(8, 32)`: a list stands in square brackets. */
function explainTuple(b: Building, tokens: readonly IToken[], wrong: IToken): boolean {
  if (wrong.tokenType !== t.Comma) return false;
  const at = tokens.indexOf(wrong);
  let depth = 0;
  for (let i = at - 1; i >= 0; i--) {
    const { tokenType } = tokens[i]!;
    if (t.closers.has(tokenType)) depth++;
    else if (t.openers.has(tokenType) && depth-- === 0) {
      const close = tokenType === t.OpenRound ? closing(tokens, i) : undefined;
      if (!close) return false;
      report(
        b,
        messages.unexpected,
        { expected: `\`)\` after \`${tokens[at - 1]!.image}\``, found: "`,`" },
        spanOf(b, wrong),
        { hint: "a list stands in square brackets", fixes: [brackets(b, tokens[i]!, close)] },
      );
      return true;
    }
  }
  return false;
}

const brackets = (b: Building, open: IToken, close: IToken) => ({
  title: "write `[` and `]`",
  edits: [
    { span: spanOf(b, open), text: "[" },
    { span: spanOf(b, close), text: "]" },
  ],
  safety: "safe" as const,
});

function closing(tokens: readonly IToken[], open: number): IToken | undefined {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (t.openers.has(tokens[i]!.tokenType)) depth++;
    else if (t.closers.has(tokens[i]!.tokenType) && --depth === 0) return tokens[i];
  }
  return undefined;
}

/** `dense(64) -> relu`: layers follow one another. */
function explainArrow(b: Building, tokens: readonly IToken[], wrong: IToken): boolean {
  if (wrong.tokenType !== t.Arrow || tokens[0]?.tokenType !== t.Word) return false;
  const span = spanOf(b, wrong);
  const before = tokens[tokens.indexOf(wrong) - 1]!;
  const gap = b.source.text.slice(before.endOffset! + 1, span.start).length;
  report(b, messages.unexpected, { expected: "`;` between two layers", found: "`->`" }, span, {
    fixes: [
      {
        title: "write `;`",
        edits: [{ span: { ...span, start: span.start - gap }, text: ";" }],
        safety: "safe",
      },
    ],
  });
  return true;
}

/** `repeat seed in 1 .. 8`: before an axis stands `over`. */
function explainIn(b: Building, tokens: readonly IToken[]): boolean {
  const [first, ...rest] = tokens;
  if (first?.image !== "repeat" && first?.image !== "vary") return false;
  const at = rest.findIndex(({ image }) => image === "in");
  const word = rest[at];
  if (!word || at === 0 || !rest.slice(0, at).every(({ image }) => /^[\w.]+$/.test(image))) return false;
  const path = rest.slice(0, at).map(({ image }) => image);
  const span = spanOf(b, word);
  const expected = `\`over\` after \`${first.image} ${path.join("")}\``;
  report(b, messages.unexpected, { expected, found: "`in`" }, span, {
    fixes: [{ title: "write `over`", edits: [{ span, text: "over" }], safety: "safe" }],
  });
  return true;
}

/** `prepare image resize(3)`: steps stand in braces. False where the line is not of that kind. */
export function explainSection(b: Building, tokens: readonly IToken[]): boolean {
  const [first, second] = tokens;
  const isSection = first && ["prepare", "augment", "evaluate"].includes(first.image);
  if (!isSection || second?.tokenType !== t.Word || tokens.some(({ tokenType }) => tokenType === t.Block))
    return false;
  if (tokens[2]?.tokenType === t.Assign && tokens[3]) return explainAssigned(b, first, second, tokens);
  const begins = tokens.findIndex(
    (token, i) => i > 1 && token.tokenType === t.Word && tokens[i - 1]!.tokenType === t.Word,
  );
  const step = tokens[begins];
  if (!step) return false;
  const last = tokens[tokens.length - 1]!;
  const span = spanOf(b, step, last);
  const fields = b.source.text.slice(first.startOffset, step.startOffset).trimEnd();
  report(
    b,
    messages.unexpected,
    { expected: `\`{\` after \`${fields}\``, found: `\`${step.image}\`` },
    span,
    {
      fixes: [
        {
          title: "put the steps in braces",
          edits: [
            { span: at(b, step.startOffset), text: "{ " },
            { span: at(b, span.end), text: " }" },
          ],
          safety: "safe",
        },
      ],
    },
  );
  return true;
}

/** `prepare image = scale(0 .. 1)` */
function explainAssigned(b: Building, word: IToken, field: IToken, tokens: readonly IToken[]): true {
  const assign = tokens[2]!;
  const span = spanOf(b, assign);
  const last = tokens[tokens.length - 1]!;
  const expected = `\`{\` after \`${word.image} ${field.image}\``;
  report(b, messages.unexpected, { expected, found: "`=`" }, span, {
    fixes: [
      {
        title: "put the steps in braces",
        edits: [
          { span, text: "{" },
          { span: at(b, last.endOffset! + 1), text: " }" },
        ],
        safety: "safe",
      },
    ],
  });
  return true;
}

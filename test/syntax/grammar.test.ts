/** What the line parser takes for granted of the grammar, and what it decides by. */
import { expect, test } from "vitest";
import { rules } from "../../src/syntax/grammar.ts";
import { type Node, parseLine } from "../../src/syntax/parse-line.ts";
import {
  createGrammar,
  many,
  option,
  type Part,
  type Sequence,
  sequence,
  some,
} from "../../src/syntax/production.ts";
import { CloseRound, Comma, OpenRound, type Token, tokenize, Word } from "../../src/syntax/tokens.ts";

function partsOf(parts: Sequence): Part[] {
  return parts.flatMap((part) => {
    const inner = part.kind === "choice" ? part.alternatives : "parts" in part ? [part.parts] : [];
    return [part, ...inner.flatMap(partsOf)];
  });
}

const grammar = createGrammar(rules);
const names = Object.keys(rules);

test("every rule that is named exists", () => {
  const used = names.flatMap((name) =>
    partsOf(rules[name]!).flatMap((part) => (part.kind === "rule" ? [part.name] : [])),
  );
  expect(used.filter((name) => !(name in rules))).toEqual([]);
});

test.each(names)("alternatives in %s differ in their first token", (name) => {
  for (const part of partsOf(rules[name]!)) {
    if (part.kind !== "choice") continue;
    const firsts = part.alternatives.flatMap((one) => [...grammar.first(one)].map((type) => type.name));
    expect(firsts).toEqual([...new Set(firsts)]);
  }
});

const words = createGrammar({
  line: sequence(OpenRound, some("word", many(option(Comma), "word"), option(Comma)), CloseRound),
  word: sequence(Word),
});

function read(text: string) {
  const { tree, mistakes } = parseLine(words, "line", tokenize({ path: "", text }));
  const found = (label: string) => tree.children[label] ?? [];
  const image = (child: Node | Token | undefined) => (child as Token | undefined)?.image;
  return {
    words: found("word").map((word) => image((word as Node).children.Word?.[0])),
    commas: found("Comma").length,
    closed: found("CloseRound").length === 1,
    mistakes: mistakes.map(({ token, expected, rule }) => [
      token?.image,
      typeof expected === "object" ? expected.name : expected,
      rule,
    ]),
  };
}

test("a token that may begin a round, or what follows, is decided by the next", () => {
  expect(read("(a, b c,)")).toEqual({ words: ["a", "b", "c"], commas: 2, closed: true, mistakes: [] });
});

test("after a mistake the rest is read: a token too many, one that is lacking, what no rule knows", () => {
  expect(read("(a, b ])")).toMatchObject({ words: ["a", "b"], mistakes: [["]", "CloseRound", "line"]] });
  expect(read("(a, b ])").closed).toBe(true);
  expect(read("a, b)")).toMatchObject({ words: ["a", "b"], mistakes: [["a", "OpenRound", "line"]] });
  expect(read("(a, b")).toMatchObject({ closed: false, mistakes: [[undefined, "CloseRound", "line"]] });
  expect(read("()")).toMatchObject({ words: [], mistakes: [[")", undefined, "line"]] });
  expect(read("(a) b")).toMatchObject({ words: ["a"], mistakes: [["b", "end", undefined]] });
});

test("a node spans its tokens", () => {
  const { tree } = parseLine(words, "line", tokenize({ path: "", text: "  (a, b)  " }));
  expect([tree.startOffset, tree.endOffset]).toEqual([2, 7]);
});

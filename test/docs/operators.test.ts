/** The pages of operators are what the definitions say, and say what a page must. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { operatorPages } from "../../setup/operators.ts";
import { formatText } from "../../src/format/format.ts";
import { exampleOf } from "../../src/ops/example.ts";
import { operators } from "../../src/ops/registry.ts";

const folder = join(import.meta.dirname, "../../docs/operators");
const pages = operatorPages();

test("they are fresh: node setup/generate.mjs", () => {
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages) expect(readFileSync(join(folder, name), "utf8"), name).toBe(text);
});

test("every operator has a place, and its parameters and their defaults are told", () => {
  const all = [...pages.values()].join("\n");
  for (const { name, family } of operators)
    expect(all).toContain(`## ${family === "cost" ? "cost." : ""}${name}\n`);
  const layers = pages.get("layers.md")!;
  expect(layers).toContain("`dense(units, bias: true");
  expect(layers).toContain("| `dense(16)` | `f32[N, 64]` | `f32[N, 16]` | 1,040 | 1,024 |");
});

/** What stands around a fragment, by the word behind ```dl. */
const around: Readonly<Record<string, string>> = {
  data: "data a",
  body: "model a : f32[N, F] -> f32[N, K]",
  recipe: "recipe a",
  experiment: "experiment a",
};

test("examples are written as `dlc fmt` writes them", () => {
  for (const [name, text] of pages)
    for (const [, place, example] of text.matchAll(/```dl (\w+)[^\n]*\n([\s\S]*?)\n```/g)) {
      const inside =
        place === "declarations" ? example! : `${around[place!]} {\n${example!.replace(/^/gm, "  ")}\n}`;
      const whole = `edition 2026\n\n${inside}\n`;
      expect(formatText({ path: name, text: whole }).text, name).toBe(whole);
    }
});

/** Operators that have a sign of their own. */
const symbols: Readonly<Record<string, RegExp>> = {
  add: / \+ /,
  subtract: / - /,
  multiply: / \* |multiply/,
  divide: / \/ /,
  raise: / \^ /,
  equal: / == /,
  not_equal: / != /,
  less: / < /,
  less_equal: / <= /,
  greater: / > /,
  greater_equal: / >= /,
  both: / and /,
  either: / or /,
  negation: /not \(/,
  is_class: / == spiral/,
};

describe.each(operators.map((operator) => ({ name: `${operator.family} ${operator.name}`, operator })))(
  "$name",
  ({ operator }) => {
    // The block is compiled by blocks.test.ts.
    test("has an example that uses it", () => {
      expect(exampleOf(operator)).toMatch(symbols[operator.name] ?? new RegExp(`\\b${operator.name}\\b`));
      expect([...pages.values()].join("\n")).toContain(`\n${exampleOf(operator)}\n\`\`\``);
    });
    test("is told in sentences", () => {
      for (const text of [operator.doc, ...operator.parameters.map(({ doc }) => doc)])
        expect(text.trim()).toMatch(/[.:)`]$/);
    });
  },
);

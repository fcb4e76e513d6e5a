/** The pages of operators are what the definitions say, and say what a page must. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { operatorPages } from "../../setup/operators.ts";
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

describe.each(operators.map((operator) => ({ name: `${operator.family} ${operator.name}`, operator })))(
  "$name",
  ({ operator }) => {
    test("is told in sentences", () => {
      for (const text of [operator.doc, ...operator.parameters.map(({ doc }) => doc)])
        expect(text.trim()).toMatch(/[.:)`]$/);
    });
  },
);

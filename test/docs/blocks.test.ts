/** Every ```dl block of the documentation is what it says it is. Pages of diagnostics have a test of their own. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { definedKinds } from "../../src/diagnostics/diagnostic.ts";
import { planText } from "../study/files.ts";
import { blocksOf } from "./blocks.ts";

const root = join(import.meta.dirname, "../..");

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.startsWith("errors/"))
    .map((name) => `docs/${name}`)
    .sort(),
].map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const codes = definedKinds().map(({ code }) => code);

describe.each(pages)("$path", ({ path, text }) => {
  test.each(blocksOf(path, text))("$at is $verdict", ({ file, verdict }) => {
    const { diagnostics, told, later } = planText(file);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (verdict === "bad") expect(errors.length).toBeGreaterThan(0);
    if (verdict === "warns") {
      expect(errors, told).toEqual([]);
      expect(diagnostics.length).toBeGreaterThan(0);
    }
    if (verdict === "clean") {
      expect(
        diagnostics.filter(({ severity }) => severity !== "hint"),
        told,
      ).toEqual([]);
      expect(later).toEqual([]);
    }
    // Without a mistake; whether it can be run by now is not asked.
    if (verdict === "later")
      expect(
        errors.filter(({ code }) => !code.startsWith("DL70")),
        told,
      ).toEqual([]);
  });

  test("its links lead to files", () => {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!);
    const broken = links.filter((link) => {
      const file = normalize(join(dirname(path), link));
      // That a code has its page is a test of its own.
      const code = /^docs\/errors\/(DL\d{4})\.md$/.exec(file)?.[1];
      return code ? !codes.includes(code) : !/^https?:/.test(link) && !existsSync(join(root, file));
    });
    expect(broken).toEqual([]);
  });
});

describe("blocks", () => {
  const page = (marks: string, text: string) => `Words.\n\n\`\`\`dl${marks}\n${text}\n\`\`\`\n`;

  test("a block knows its line, and a word that means nothing is refused", () => {
    expect(blocksOf("a.md", page("", "edition 2026"))).toEqual([
      { at: "a.md:3", verdict: "clean", file: "edition 2026\n" },
    ]);
    expect(() => blocksOf("a.md", page(" bda", ""))).toThrow("a.md:3: ```dl bda means nothing");
  });

  test.each([
    ["data", "prepare image { asinh_stretch }", "prepare image { asinh }"],
    ["body", "conv(4); relu", "conv(4, kernal: 3)"],
    ["recipe", "batch = 16", "batch = 0"],
    ["experiment", "report test.macro_f1", "report test.macro_f2"],
    [
      "declarations",
      "model own : f32[N, H, W, C] -> f32[N, K] { flatten; dense(K) }",
      "model own : f32[N, H, W, C] -> f32[N, K] { flatten; dense(Q) }",
    ],
  ])("a fragment of %s is checked", (place, good, bad) => {
    const told = (text: string) => planText(blocksOf("a.md", page(` ${place}`, text))[0]!.file).told;
    expect(told(good)).toBe("");
    expect(told(bad)).not.toBe("");
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { definedKinds } from "../../src/diagnostics/diagnostic.ts";
import "../../src/study/plan-study.ts";
import { planText } from "../study/files.ts";
import { folder, readPages, tell } from "./pages.ts";

const pages = readPages();
const kinds = definedKinds();

/** The stages whose pages are all there. */
const complete: readonly string[] = ["DL10", "DL20", "DL30", "DL31", "DL32"];

/** What no study can bring about. */
const unprovoked: readonly string[] = [];

test("every diagnostic has its page, and every page its diagnostic", () => {
  const codes = kinds.map(({ code }) => code).filter((code) => complete.includes(code.slice(0, 4)));
  const written = pages.map(({ code }) => code);
  expect(written.filter((code) => complete.includes(code.slice(0, 4))).sort()).toEqual(codes);
  for (const code of written) expect(kinds.map((kind) => kind.code)).toContain(code);
});

test("the study that the examples lean on is in order", () => {
  expect(planText(readFileSync(join(folder, "study.dl"), "utf8")).told).toBe("");
});

describe.each(pages.map((page) => [page.code, page] as const))("%s", (code, page) => {
  const kind = kinds.find((each) => each.code === code);

  test("is short, and has the heading that `dlc explain` finds it by", () => {
    expect(page.text.split("\n")[0]).toBe(`# ${code} ${kind?.slug}`);
    expect(page.text.trimEnd().split("\n").length).toBeLessThanOrEqual(50);
    expect(page.examples.every(({ kind }) => kind === "bad" || kind === "good")).toBe(true);
  });

  if (unprovoked.includes(code))
    test("has no example, and says why", () => {
      expect(page.text).toContain("No study gives this.");
      expect(page.examples).toEqual([]);
    });
  else
    test("has an example in order and one that is not", () => {
      expect(new Set(page.examples.map((each) => each.kind))).toEqual(new Set(["bad", "good"]));
    });

  for (const [i, { kind, text }] of page.examples.entries())
    if (kind === "bad")
      test(`example ${i + 1} gives it, and nothing else`, () => {
        const { diagnostics, told } = tell(text);
        expect([...new Set(diagnostics.map((each) => each.code))], told).toEqual([code]);
      });
    else
      test(`example ${i + 1} is in order`, () => {
        const { plan, diagnostics, told } = tell(text);
        expect(plan, told).toBeDefined();
        expect(
          diagnostics.filter((each) => each.severity !== "hint" || each.code === code),
          told,
        ).toEqual([]);
      });
});

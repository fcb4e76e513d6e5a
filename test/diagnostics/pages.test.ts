import { describe, expect, test } from "vitest";
import { definedKinds } from "../../src/diagnostics/diagnostic.ts";
import { safeFixes } from "../../src/diagnostics/fixes.ts";
import { notInThisVersion } from "../../src/study/diagnostics.ts";
import { fixStudy } from "../../src/study/fix-study.ts";
import { hostOf } from "../study/files.ts";
import { filesOf, readPages, study, tell, tellRead } from "./pages.ts";

const pages = readPages();
const kinds = definedKinds();

/** What no study can bring about. */
const unprovoked: readonly string[] = [];

test("every diagnostic has its page, and every page its diagnostic", () => {
  expect(pages.map(({ code }) => code).sort()).toEqual(kinds.map(({ code }) => code));
});

test("the study that the examples are parts of is in order", () => {
  expect(tell(study).told).toBe("");
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
      test(`example ${i + 1} gives it, and nothing else; what is fixed without doubt is in order`, async () => {
        const { codes, diagnostics, told } = await tellRead(text);
        // What cannot be run yet is told beside the mistake.
        const mistakes = codes.filter((each) => each === code || each !== notInThisVersion.code);
        expect([...new Set(mistakes)], told).toEqual([code]);
        if (safeFixes(diagnostics, "study.dl").length === 0) return;
        const files = filesOf(text);
        const fixed = fixStudy("study.dl", files["study.dl"]!, hostOf(files));
        expect(
          fixed.diagnostics.filter(({ severity }) => severity === "error"),
          fixed.text,
        ).toEqual([]);
      });
    else
      test(`example ${i + 1} is in order`, async () => {
        const { plan, codes, told } = await tellRead(text);
        expect(plan, told).toBeDefined();
        const hints = kinds.filter(({ severity }) => severity === "hint").map(({ code }) => code);
        // What cannot be run yet is no mistake.
        hints.push(notInThisVersion.code);
        expect(
          codes.filter((each) => each === code || !hints.includes(each)),
          told,
        ).toEqual([]);
      });
});

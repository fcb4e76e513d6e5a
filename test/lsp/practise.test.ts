import { expect, test } from "vitest";
import { diskHost } from "../../src/cli/host.ts";
import { analyse } from "../../src/lsp/analysis.ts";
import { inlays } from "../../src/lsp/inlays.ts";
import { practiceStudy } from "../../src/lsp/practise.ts";

test("what is practised is all that an editor asks: nothing is mistaken in the study", () => {
  const texts = { "practice.dl": practiceStudy(5) };
  const analysis = analyse("practice.dl", {
    ...diskHost,
    standardModules: diskHost.standardModules,
    read: (path) => texts[path as "practice.dl"] ?? diskHost.read(path),
  });
  expect(analysis.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(analysis.plan!.trials).toHaveLength(16);
  expect(inlays(analysis).length).toBeGreaterThan(60);
});

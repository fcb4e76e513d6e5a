/** Types that are left out, in the editor: read from the data, shown, and written by a code action. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { diskHost } from "../../src/cli/host.ts";
import { actions } from "../../src/lsp/actions.ts";
import { complete } from "../../src/lsp/completion.ts";
import { hover } from "../../src/lsp/hover.ts";
import { inlays } from "../../src/lsp/inlays.ts";
import { createWorkspace } from "../../src/lsp/workspace.ts";
import type { StudyHost } from "../../src/study/source-columns.ts";
import { apply } from "./edited.ts";

const folder = mkdtempSync(join(tmpdir(), "dlc-types-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "stars.csv"), "g,r,kind\n17.4,16.9,dwarf\n15.2,14.1,giant\n");

const text = `edition 2026

data stars {
  source = csv("stars.csv")
  input colour = source.g - source.r
  target kind = source.kind
  split = random(train: 50%, valid: 25%, test: 25%)
}
`;
const path = join(folder, "study.dl");

function edited(present: string) {
  let asked = 0;
  const host: StudyHost = {
    ...diskHost,
    standardModules: diskHost.standardModules,
    read: (other) => (other === path ? present : diskHost.read(other)),
    readColumns(...source) {
      asked++;
      return diskHost.readColumns!(...source);
    },
  };
  return { analysis: createWorkspace(host).analysis(path), asked: () => asked };
}

test("they stand behind the fields, and over their names", () => {
  const { analysis } = edited(text);
  expect(inlays(analysis).map(({ line, text }) => `${line} ${text}`)).toEqual(["5 f32", "6 class[2]"]);
  expect(hover(analysis, text.indexOf("colour"))?.text).toContain("its type is `f32`");
});

test("one action writes them all, and then nobody asks for the data", () => {
  const { analysis } = edited(text);
  const at = text.indexOf("colour");
  const [action] = actions(analysis, at, at);
  expect(action).toMatchObject({ title: "write the types", isSafe: true });
  const written = apply(text, action!.edits);
  expect(written).toContain("input colour : f32 = source.g");
  expect(written).toContain("target kind : class[2] = source.kind");
  const after = edited(written);
  expect(after.analysis.diagnostics).toEqual([]);
  expect(after.asked()).toBe(0);
});

test("data that are not there are told at the field", () => {
  const { analysis } = edited(text.replace("stars.csv", "none.csv"));
  expect(analysis.diagnostics.map(({ code }) => code)).toEqual(["DL4005"]);
});

test("after `source.` stand the columns of the table", () => {
  const { analysis } = edited(text);
  const { items } = complete(analysis, text.indexOf("source.g") + "source.".length);
  expect(items.map(({ label }) => label)).toEqual(["g", "r", "kind"]);
});

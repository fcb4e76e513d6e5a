import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { addresses, studiesIn } from "../../src/lsp/paths.ts";

test("a file goes by its path, and back by the address that the editor wrote", () => {
  const places = addresses("/opt/dlc/std");
  expect(places.pathOf("file:///home/a%20b/%C3%A9tude.dl")).toBe("/home/a b/étude.dl");
  expect(places.uriOf("/home/a b/étude.dl")).toBe("file:///home/a%20b/%C3%A9tude.dl");
  // An editor may write the same place otherwise; it is told of what it wrote.
  expect(places.pathOf("file:///home/%78.dl")).toBe("/home/x.dl");
  expect(places.uriOf("/home/x.dl")).toBe("file:///home/%78.dl");
  expect(places.uriOf("/home/y.dl")).toBe(pathToFileURL("/home/y.dl").href);
});

test("the standard library goes by the names that it has in every file", () => {
  const places = addresses("/opt/dlc/std");
  expect(places.uriOf("std/vision.dl")).toBe("file:///opt/dlc/std/vision.dl");
  expect(places.pathOf("file:///opt/dlc/std/recipes.dl")).toBe("std/recipes.dl");
  expect(places.pathOf("file:///opt/dlc/stdlib/recipes.dl")).toBe("/opt/dlc/stdlib/recipes.dl");
});

test("what is no file on disk goes by its address", () => {
  const places = addresses("/opt/dlc/std");
  expect(places.pathOf("untitled:Untitled-1")).toBe("untitled:Untitled-1");
  expect(places.uriOf("untitled:Untitled-1")).toBe("untitled:Untitled-1");
});

test("studies of a folder, without packages and what is hidden", () => {
  const folder = mkdtempSync(join(tmpdir(), "dlc-folder-"));
  for (const inner of ["a", "node_modules/b", ".git"]) {
    mkdirSync(join(folder, inner), { recursive: true });
    writeFileSync(join(folder, inner, "x.dl"), "edition 2026\n");
    writeFileSync(join(folder, inner, "x.txt"), "");
  }
  expect(studiesIn(folder)).toEqual([join(folder, "a", "x.dl")]);
  expect(studiesIn(join(folder, "nowhere"))).toEqual([]);
  rmSync(folder, { recursive: true });
});

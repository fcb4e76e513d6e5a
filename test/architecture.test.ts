/** The rules of `src/README.md`, enforced. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/** In the order in which a study passes through them: each imports only from those above it. */
const folders = [
  ...[
    "text",
    "diagnostics",
    "syntax",
    "format",
    "modules",
    "types",
    "ops",
    "check",
    "study",
    "data",
    "graph",
    "engine",
  ],
  ...["train", "store", "run", "stats", "report", "track", "audit", "lsp", "cli"],
];

/** No disk, clock, randomness or environment: the language server, tests and a browser run the same code. */
const pure = folders.slice(0, folders.indexOf("study") + 1);

const root = join(import.meta.dirname, "..");

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

const files = sources("src").map((path) => {
  const text = readFileSync(join(root, path), "utf8");
  const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]!);
  return { path, text, imports, folder: path.split("/")[1]! };
});

test("every folder has its place", () => {
  expect(files.map(({ folder }) => folder).filter((folder) => !folders.includes(folder))).toEqual([]);
});

test("imports go upward only", () => {
  const downward = files.flatMap(({ path, imports, folder }) =>
    imports
      .filter((name) => name.startsWith("."))
      .map((name) => relative("src", join(dirname(path), name)).split("/")[0]!)
      .filter((target) => folders.indexOf(target) > folders.indexOf(folder))
      .map((target) => `${path} imports from ${target}/`),
  );
  expect(downward).toEqual([]);
});

test("what comes before the plan is pure", () => {
  const impure = files
    .filter(({ folder }) => pure.includes(folder))
    .flatMap(({ path, text, imports }) => [
      ...imports.filter((name) => name.startsWith("node:")).map((name) => `${path} imports ${name}`),
      ...[/\bprocess\./, /\bDate\.now\b/, /\bMath\.random\b/, /\bperformance\./]
        .filter((use) => use.test(text))
        .map((use) => `${path} uses ${use.source}`),
    ]);
  expect(impure).toEqual([]);
});

test("files stay small, and none is a drawer for odds and ends", () => {
  const written = files.filter(({ path }) => !path.includes("/generated/"));
  const long = written.filter(({ text }) => text.split("\n").length - 1 > 400);
  expect(long.map(({ path }) => path)).toEqual([]);
  const drawers = written.filter(({ path }) => /\b(utils?|helpers?|common|misc)\b/.test(path));
  expect(drawers.map(({ path }) => path)).toEqual([]);
});

test("src/README.md is the table of the folders", () => {
  const table = readFileSync(join(root, "src/README.md"), "utf8");
  const listed = [...table.matchAll(/^\| `(\w+)\/`\s*\|/gm)].map((match) => match[1]!);
  expect(listed).toEqual(folders.filter((folder) => listed.includes(folder)));
  expect(new Set(files.map(({ folder }) => folder))).toEqual(new Set(listed));
});

/** What the extension promises in its manifest is there. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
// @ts-expect-error a script that runs without the compiler has no types
import { contentProblems, exportsOf, namesIn, promised } from "../../editors/vscode/contents.mjs";

const folder = join(import.meta.dirname, "../../editors/vscode");
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const source = readFileSync(join(folder, "extension.ts"), "utf8");

test("every command of the manifest is registered, and shown for studies only", () => {
  const commands: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);
  for (const command of commands) {
    const [, verb] = command.split(".");
    expect(source).toMatch(new RegExp(`"${verb}"|dlc\\.${verb}"`));
  }
  const shown: string[] = manifest.contributes.menus.commandPalette.map(
    ({ command }: { command: string }) => command,
  );
  expect(commands).toEqual(expect.arrayContaining(shown));
});

test("the files of the manifest are there or are made by packing", () => {
  const { languages, grammars } = manifest.contributes;
  const made = readFileSync(join(folder, "pack.mjs"), "utf8");
  for (const path of [languages[0].configuration, grammars[0].path, manifest.main]) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    expect(existsSync(join(folder, path)) || made.includes(`"${name}"`), path).toBe(true);
  }
  expect(languages[0].extensions).toEqual([".dl"]);
});

test("packages are pinned", () => {
  for (const version of Object.values(manifest.devDependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test("packing fails when something is not in the archive, or too much is", () => {
  const names: string[] = promised(manifest);
  expect(names).toContain("extension/dist/extension.js");
  expect(contentProblems(names, manifest)).toEqual([]);
  for (const name of names)
    expect(
      contentProblems(
        names.filter((each) => each !== name),
        manifest,
      ),
    ).toEqual([`${name} is not in it`]);
  expect(contentProblems([...names, "extension/extension.ts"], manifest)).toHaveLength(1);
});

test("packing reads the names in an archive, and what a bundle gives", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dlc-vsix-"));
  const path = join(folder, "empty.vsix");
  // A zip without files is its end record alone.
  writeFileSync(path, Buffer.from(`504b0506${"00".repeat(18)}`, "hex"));
  expect(await namesIn(path)).toEqual([]);
  rmSync(folder, { recursive: true });
  const bundle = 'const { Range } = require("vscode"); exports.activate = () => class extends Range.End {};';
  expect(exportsOf(bundle).activate()).toBeTypeOf("function");
  expect(exportsOf("").activate).toBeUndefined();
});
